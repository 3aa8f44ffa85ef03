/** Every variant of a kernel against its oracle, turn by turn, by the engine's timing contract. */

import type { AnyKernel, Data } from '../../kernels/define';
import { caseInputs } from '../engine/cases';
import { compareOutputs } from '../engine/compare';
import type { Engine, Timing } from '../engine/engine';
import { race, wallSampler } from './race';
import type { BenchRow, CeilingRates, Spread } from './report';
import { benchCase } from './shapes';

export interface SuiteOptions {
  readonly rounds: number;
  readonly signal?: AbortSignal;
  readonly onTurn?: (share: number) => void;
}

interface Contender {
  readonly label: string;
  readonly kind: 'variant' | 'reference';
  readonly compute: () => Promise<Record<string, Data>>;
  readonly sample: () => Promise<number>;
  readonly timing: () => Partial<Timing>;
}

/** On the reference engine, the oracle alone. @throws the signal's reason */
export async function raceKernel(engine: Engine, kernel: AnyKernel, { rounds, signal, onTurn }: SuiteOptions): Promise<BenchRow[]> {
  const entry = benchCase(kernel, engine.device.software || engine.kind === 'reference');
  const { dims, scalars = {} } = entry;
  const inputs = caseInputs(kernel, entry);
  const oracle = kernel.reference({ ...inputs }, dims, scalars);
  const variants = engine.kind === 'webgpu' ? engine.variantsFor(kernel, dims) : [];
  const ours = variants.map((variant): Contender => {
    let last: Partial<Timing> = { method: 'wall' };
    return {
      label: variant,
      kind: 'variant',
      timing: () => last,
      compute: () => engine.runOnce(kernel, inputs, dims, { variant, scalars }),
      async sample() {
        const timing = await engine.measure(kernel, inputs, dims, { variant, scalars, budget: 0.05, signal });
        last = timing;
        return timing.median;
      },
    };
  });
  const run = (): Record<string, Data> => kernel.reference({ ...inputs }, dims, scalars);
  const reference: Contender = {
    label: 'reference, TypeScript',
    kind: 'reference',
    timing: () => ({}),
    compute: () => Promise.resolve(run()),
    sample: wallSampler(async (inner) => { for (let i = 0; i < inner; i++) run(); }, 0.02),
  };
  const checked = [];
  for (const contender of [...ours, reference]) {
    signal?.throwIfAborted();
    checked.push({ contender, ...(await check(kernel, contender, oracle)) });
  }
  const running = checked.filter(({ correct }) => correct);
  const spreads = await race(running.map(({ contender }) => contender), rounds, { signal, onTurn });
  const cost = kernel.cost(dims);
  return checked.map((one): BenchRow => {
    const { contender: { label, kind, timing }, correct, detail, first } = one;
    const spread = spreads[running.indexOf(one)];
    const row = {
      kernel: kernel.name, dims, contender: label, kind, clock: timing().method ?? ('cpu' as const), correct, intensity: cost.flops / cost.bytes,
      ...(kind === 'variant' && { chosen: label === variants[0] }),
    };
    if (!spread || spread instanceof Error) return { ...row, check: spread ? `${detail}; ${spread.message}` : detail };
    return { ...row, check: detail, first, compile: timing().compile, ...figures(spread, cost) };
  });
}

const figures = (time: Spread, cost: { flops: number; bytes: number }): Partial<BenchRow> => ({
  time,
  flopsPerSecond: cost.flops > 0 ? cost.flops / time.median : undefined,
  bytesPerSecond: cost.bytes / time.median,
});

/** The least time that the ceilings allow for the row's FLOPs and bytes, as a share of the time it took. */
export function withShare(row: BenchRow, ceilings: CeilingRates): BenchRow {
  if (row.kind !== 'variant' || !row.time) return row;
  return { ...row, rooflineShare: Math.max((row.flopsPerSecond ?? 0) / ceilings.flopsPerSecond, (row.bytesPerSecond ?? 0) / ceilings.bytesPerSecond) };
}

async function check(kernel: AnyKernel, contender: Contender, oracle: Record<string, Data>): Promise<{ correct: boolean; detail: string; first?: number }> {
  try {
    const start = performance.now();
    const out = await contender.compute();
    const first = (performance.now() - start) / 1000;
    const verdicts = Object.entries(compareOutputs(withTieShare(kernel, oracle), out, oracle, contender.kind === 'variant' ? contender.label : undefined));
    const named = verdicts.length > 1;
    return { correct: verdicts.every(([, { ok }]) => ok), detail: verdicts.map(([name, { detail }]) => (named ? `${name}: ${detail}` : detail)).join('; '), first };
  } catch (error) {
    return { correct: false, detail: `failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A case table bounds the ties of small cases by a count; among millions of codes a share of one in 100 000 is as strict. */
function withTieShare(kernel: AnyKernel, oracle: Readonly<Record<string, Data>>): AnyKernel {
  const compare = Object.fromEntries(
    Object.entries(kernel.compare).map(([name, rule]) => [name, rule.kind === 'codes' ? { ...rule, maxTies: Math.max(rule.maxTies, (8 * oracle[name].length) / 1e5) } : rule]),
  );
  return { ...kernel, compare };
}
