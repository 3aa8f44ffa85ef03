/** The paper's statements that a run can confirm or refute. Each is computed from the run alone, and each can fail. */

import type { Claim, MethodResult, Run, Sweep } from '../../run/run';
import { judged, tiny, type Statement } from '../claims';
import type { MethodId } from './names';

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

/** Float32 sums of the same terms in another order differ by less. */
const SAME = 2e-5;
/** How much of the attention clusters must keep beyond what blocks of places keep. */
const AHEAD = 0.2;
/** How near recall must come to p. */
const NEAR = 0.03;

/** y of a method where the sweep has it, in the order of x; undefined until all of it is there. */
function complete(sweep: Sweep | undefined, method: string): readonly number[] | undefined {
  const y = sweep && sweep.done === sweep.total ? sweep.series.find((s) => s.method === method)?.y : undefined;
  return y?.every((v) => v !== null) ? y : undefined;
}

const mean = (list: readonly number[] | undefined): number | undefined => (list?.length ? list.reduce((a, b) => a + b, 0) / list.length : undefined);

/** The greatest fall from one value to the next; 0 where none falls. */
const greatestFall = (list: readonly number[] | undefined): number | undefined => list?.reduce((most, v, i) => Math.max(most, i > 0 ? list[i - 1] - v : 0), 0);

export function claimsOf(run: Partial<Run>): Claim[] {
  const of = (id: MethodId, measure: 'recall' | 'density' | 'relativeError'): number | undefined => run.methods?.find((m: MethodResult) => m.id === id)?.[measure];
  const { scalars = {}, sweeps = {}, params = {} } = run;
  // Where nothing is dropped there is nothing to compare.
  const where = (told: boolean, number: number | undefined): number | undefined => (told ? number : undefined);
  const dropped = (number: number | undefined): number | undefined => where((scalars.density ?? 0) < 1, number);
  // What changes one thing is held against a run that has not changed it already.
  const plain = (name: string, value: unknown, number: number | undefined): number | undefined => (params[name] === value ? number : undefined);
  const density = complete(sweeps.density, 'svg2');
  // At the shown step, or on average over the later ones where the shown one is the first.
  const later = (method: string): number | undefined => {
    const inertia = complete(sweeps.steps, method);
    return scalars.step ? inertia?.[scalars.step] : mean(inertia?.slice(1));
  };
  const statements: Statement[] = [
    {
      id: 'permutation-exact', statement: 'The permutation alone changes nothing: with every cluster kept the output is the dense one.',
      numbers: { difference: scalars.identityError }, holds: (n) => n.difference < SAME, shown: (n) => `difference ${tiny(n.difference)}`,
    },
    {
      id: 'recall-over-place', statement: 'Clusters by meaning keep at least 20 points more of the attention than blocks of places with as many pairs.',
      numbers: { place: of('place', 'recall'), meaning: dropped(of('svg2', 'recall')) }, holds: (n) => n.meaning >= n.place + AHEAD, shown: (n) => `${percent(n.place)} → ${percent(n.meaning)}`,
    },
    {
      id: 'below-oracle', statement: 'The exact top tokens of each query, as many pairs in all, keep at least as much.',
      numbers: { meaning: dropped(of('svg2', 'recall')), oracle: of('oracle', 'recall') }, holds: (n) => n.oracle >= n.meaning - SAME, shown: (n) => `${percent(n.meaning)} of ${percent(n.oracle)}`,
    },
    {
      id: 'recall-tracks-p', statement: 'What is kept of the attention comes within 3 points of *p*.',
      numbers: { p: scalars.topP, recall: scalars.recall }, holds: (n) => Math.abs(n.recall - n.p) < NEAR, shown: (n) => `*p* ${percent(n.p)}, kept ${percent(n.recall)}`,
    },
    {
      id: 'density-monotone', statement: 'More *p* never means fewer pairs.',
      numbers: { fall: greatestFall(density), low: density?.[0], high: density?.at(-1) }, holds: (n) => n.fall <= 0, shown: (n) => `${percent(n.low)} … ${percent(n.high)}`,
    },
    {
      id: 'warm-beats-cold', statement: 'A few iterations from the centroids of the step before end nearer to the keys than as many from random tokens.',
      numbers: { cold: later('cold'), warm: where(later('warm') !== later('cold'), later('warm')) }, holds: (n) => n.warm < n.cold, shown: (n) => `inertia ${n.cold.toFixed(4)} → ${n.warm.toFixed(4)}`,
    },
    {
      id: 'sizes-matter', statement: 'A map that forgets how large clusters are keeps fewer pairs at the same *p*, and errs more: means of the heads.',
      numbers: {
        sized: plain('sizeWeighted', true, where(scalars.unsizedDensity !== scalars.layerDensity, scalars.layerDensity)), unsized: scalars.unsizedDensity,
        error: scalars.layerError, unsizedError: scalars.unsizedError,
      },
      holds: (n) => n.unsized < n.sized && n.unsizedError > n.error, shown: (n) => `pairs ${percent(n.sized)} → ${percent(n.unsized)}, error ${percent(n.error)} → ${percent(n.unsizedError)}`,
    },
    {
      id: 'tiles-fall', statement: 'Permuted, fewer than half of the tiles of 16 tokens that the same pairs touch by place are left.',
      numbers: { before: scalars.active16Place, after: dropped(scalars.active16Cluster) }, holds: (n) => n.after < n.before / 2, shown: (n) => `${percent(n.before)} → ${percent(n.after)}`,
    },
    {
      id: 'labels-apart', statement: 'Clustered apart, queries and keys need fewer than half the pairs that shared labels need for the same *p*.',
      numbers: { shared: of('shared', 'density'), apart: plain('labels', 'independent', dropped(scalars.density)) }, holds: (n) => n.apart < n.shared / 2, shown: (n) => `${percent(n.shared)} → ${percent(n.apart)}`,
    },
    {
      id: 'overhead-pays', statement: 'Kept pairs, map and the iterations of a later step cost less than dense attention, counted in operations.',
      numbers: { kept: scalars.density, extra: scalars.overheadLater }, holds: (n) => n.kept + n.extra < 1, shown: (n) => `${percent(n.kept)} + ${percent(n.extra)} of dense`,
    },
    {
      id: 'compensation-helps', statement: 'An extra, not the paper’s: dropped clusters that stand as their means halve the error.',
      numbers: { plain: plain('compensated', false, dropped(scalars.relativeError)), means: of('compensated', 'relativeError') }, holds: (n) => n.means < n.plain / 2, shown: (n) => `${percent(n.plain)} → ${percent(n.means)}`,
    },
  ];
  return judged(statements);
}
