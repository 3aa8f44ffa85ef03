/** A sweep that comes point by point, and goes on where it was when it was interrupted. */

import type { Memo } from './memo';
import type { RunPatch, Sweep } from './run';

type Series = Sweep['series'][number];

export interface SweepPlan<Id extends string> {
  readonly base: Omit<Sweep, 'series' | 'done' | 'total'>;
  readonly series: readonly (Omit<Series, 'y' | 'method'> & { readonly method: Id })[];
  /** Everything that the points depend on besides x: they are kept as long as this stays. */
  readonly deps: readonly unknown[];
  /** The y of each series at x; null or absent where a method has none. */
  readonly point: (x: number) => Promise<Readonly<Partial<Record<Id, number | null>>>>;
}

/** Milliseconds between two patches. */
const EVERY = 100;

/** Streams the sweep; points already known come at once. @param pause awaited after each point; it may throw to stop */
export async function* streamSweep<Id extends string>(memo: Memo, pause: () => Promise<void>, plan: SweepPlan<Id>): AsyncGenerator<RunPatch> {
  const { base, series, point } = plan;
  const points = await memo.get(`sweep ${base.id}`, plan.deps, () => new Map<number, Readonly<Partial<Record<Id, number | null>>>>());
  const patch = (): RunPatch => ({
    sweeps: {
      [base.id]: {
        ...base, total: base.x.length, done: base.x.filter((x) => points.has(x)).length,
        series: series.map(({ flat, ...names }) => ({ ...names, y: base.x.map((x) => points.get(x)?.[names.method] ?? null), ...(flat && { flat }) })),
      },
    },
  });
  let last = performance.now();
  for (const x of base.x) {
    if (points.has(x)) continue;
    points.set(x, await point(x));
    if (performance.now() - last > EVERY) {
      last = performance.now();
      yield patch();
    }
    await pause();
  }
  yield patch();
}

/** The marked values and the run's own, in order. */
export const including = (values: readonly number[], own: number): number[] => [...new Set([...values, own])].sort((a, b) => a - b);
