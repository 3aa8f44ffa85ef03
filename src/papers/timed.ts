/** Times of a lab's kernels: measured once for each kernel and its sizes, so that a rerun that changes neither measures nothing. */

import type { AnyKernel, Data, Dims, Scalars } from '../../kernels/define';
import type { Engine, Timing } from '../engine/engine';
import type { Memo } from '../run/memo';
import type { TimedKernel } from '../run/run';

export interface KernelLaunch {
  readonly kernel: AnyKernel;
  readonly inputs: Readonly<Record<string, Data>>;
  readonly dims: Dims;
  readonly scalars?: Scalars;
}

export interface Timer {
  readonly engine: Engine;
  readonly memo: Memo;
  readonly signal: AbortSignal;
  /** Seconds of measuring for each launch. */
  readonly budget: number;
}

/** Timings remembered. */
const MOST = 400;

/** @param name what the time depends on, asked again afterwards: measuring may settle which variant runs */
async function once({ memo, signal }: Pick<Timer, 'memo' | 'signal'>, name: () => string, measure: () => Promise<Timing>): Promise<Timing> {
  const known = await memo.get('times', [], () => new Map<string, Timing>());
  const timing = known.get(name()) ?? await measure();
  if (signal.aborted) return timing; // cut short: no time to keep
  known.delete(name());
  known.set(name(), timing);
  for (const oldest of known.keys()) {
    if (known.size <= MOST) break;
    known.delete(oldest);
  }
  return timing;
}

/**
 * One launch, timed by the engine's contract.
 * @param data names the inputs where the time depends on what is in them, as that of a sparse product does
 */
export async function timeKernel(timer: Timer, label: string, { kernel, inputs, dims, scalars }: KernelLaunch, data: unknown = null): Promise<TimedKernel & { readonly timing: Timing }> {
  const { engine, budget, signal } = timer;
  const name = (): string => JSON.stringify([kernel.name, engine.variantsFor(kernel, dims)[0], dims, scalars ?? null, data]);
  const timing = await once(timer, name, () => engine.measure(kernel, inputs, dims, { budget, signal, ...(scalars && { scalars }) }));
  return { kernel: kernel.name, variant: timing.variant ?? engine.variantsFor(kernel, dims)[0], dims, ...kernel.cost(dims), label, timing };
}

/** Work on the host. */
export const timeHost = (timer: Pick<Timer, 'memo' | 'signal'>, key: readonly unknown[], measure: () => Promise<Timing>): Promise<Timing> =>
  once(timer, () => JSON.stringify(key), measure);
