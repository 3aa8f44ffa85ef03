/** How a run of this lab is shown: orientation, shared scales, display factors. Values under the pointer stay those of the run. */

import { blockMax } from '../../ui/color/reduce';
import { makeScale, maxAbs, quantileAbs, type ColorScale } from '../../ui/color/scale';
import { planAxes, type AxisPlan } from '../../ui/heatmap/axes';
import type { Run, StageTensor } from '../../run/run';

export type TileRow = 'A' | 'B' | 'C';

/** A tile of the strip: step (column 1…6), path (row), the order in which a phone stacks it, and the axes it is drawn on. */
export interface TilePlace {
  readonly stage: string;
  readonly column: number;
  readonly row: TileRow;
  readonly order: number;
  readonly axes: readonly [string, string];
}

export const TILES: readonly TilePlace[] = [
  { stage: 'x', column: 1, row: 'A', order: 11, axes: ['t', 'k'] },
  { stage: 'xs', column: 2, row: 'A', order: 21, axes: ['t', 'k'] },
  { stage: 'qx', column: 4, row: 'A', order: 41, axes: ['t', 'k'] },
  { stage: 'y', column: 5, row: 'A', order: 51, axes: ['t', 'n'] },
  { stage: 'e_rtn', column: 6, row: 'A', order: 61, axes: ['t', 'n'] },
  { stage: 'l', column: 3, row: 'B', order: 31, axes: ['k', 'n'] },
  { stage: 'yh', column: 5, row: 'B', order: 52, axes: ['t', 'n'] },
  { stage: 'e', column: 6, row: 'B', order: 62, axes: ['t', 'n'] },
  { stage: 'w', column: 1, row: 'C', order: 12, axes: ['k', 'n'] },
  { stage: 'ws', column: 2, row: 'C', order: 22, axes: ['k', 'n'] },
  { stage: 'r', column: 3, row: 'C', order: 32, axes: ['k', 'n'] },
  { stage: 'qr', column: 4, row: 'C', order: 42, axes: ['k', 'n'] },
];

/** Ids of the run's vectors per channel. */
export const VECTORS = { x: 'xmax', w: 'wmax', lambda: 'lambda', outliers: 'outliers' } as const;

type Stages = Run['stages'];
type Vectors = Run['vectors'];

/** Median of λ: multiplying λ by a constant cancels in X̂Ŵ, so pictures are drawn as if its median were 1 and one family shares one scale. */
export const medianLambda = (vectors: Vectors): number => {
  const lambda = vectors[VECTORS.lambda]?.data;
  return lambda && lambda.length ? quantileAbs(lambda, 0.5) || 1 : 1;
};

/** What a stage's values are multiplied by when drawn, given the median of λ. */
export function displayFactor(stage: string, median: number): number {
  if (stage === 'xs' || stage === 'qx') return median;
  return stage === 'ws' || stage === 'l' || stage === 'r' || stage === 'qr' ? 1 / median : 1;
}

export type Scales = Readonly<Record<'x' | 'w' | 'y' | 'e' | 'factor', ColorScale>>;

/** One scale per family. Knees: 3.4 × median |X|, 4.2 × median |Ŵ|, 3 × 90th percentile of |Y|; errors end at the worst's 99.5th percentile. */
export function scalesOf(stages: Stages, vectors: Vectors): Scales {
  const median = medianLambda(vectors);
  const data = (id: string): Float32Array => stages[id]?.data ?? new Float32Array(0);
  const top = (ids: readonly string[]): number => Math.max(...ids.map((id) => maxAbs(data(id)) * displayFactor(id, median)));
  const factors = top(['l1', 'l2']);
  return {
    x: makeScale('signed', top(['x', 'xs', 'qx']), 3.4 * quantileAbs(data('x'), 0.5)),
    w: makeScale('signed', top(['w', 'ws', 'l', 'r', 'qr']), 4.2 * quantileAbs(data('ws'), 0.5) * displayFactor('ws', median)),
    y: makeScale('signed', top(['y', 'yh']), 3 * quantileAbs(data('y'), 0.9)),
    e: makeScale('error', Math.max(quantileAbs(data('e_rtn'), 0.995), quantileAbs(data('e'), 0.995)), 0),
    factor: makeScale('signed', factors, factors / 6),
  };
}

export const scaleOf = (scales: Scales, stage: StageTensor): ColorScale =>
  stage.id === 'l1' || stage.id === 'l2' ? scales.factor : scales[stage.family as 'x' | 'w' | 'y' | 'e'] ?? scales.factor;

/** Strip units that the thickest factor picture may take. */
const FACTOR_ROOM = 32;

/** Plans of the axes t, k, n and r. The rank's is `zoom` cells thick where that fits. */
export function plansOf(stages: Stages): Record<string, AxisPlan> {
  const x = stages['x'];
  const y = stages['y'];
  const plans = planAxes({ t: x?.rows ?? 1, k: x?.cols ?? 1, n: y?.cols ?? 1 });
  const rank = stages['l1']?.cols ?? 0;
  const block = Math.max(1, Math.ceil(rank / FACTOR_ROOM));
  const cells = Math.ceil(rank / block);
  const zoom = cells * plans['k']!.zoom <= FACTOR_ROOM ? plans['k']!.zoom : 1;
  return { ...plans, r: { length: rank, block, cells, zoom, extent: cells * zoom } };
}

/** The channel that carries the largest activation: pinned until the reader pins another cell. */
export function loudestChannel(vectors: Vectors): number {
  const maxima = vectors[VECTORS.x]?.data;
  if (!maxima) return 0;
  let best = 0;
  for (let k = 1; k < maxima.length; k += 1) if (maxima[k]! > maxima[best]!) best = k;
  return best;
}

/** A channel is drawn in ink when its largest activation is this many times the median channel's. */
const LOUD = 8;

/** Which pixels of the k axis stand for an outlier channel: the planted ones of a toy, else those that are loud. */
export function outlierPixels(vectors: Vectors, plan: AxisPlan): boolean[] {
  const planted = vectors[VECTORS.outliers]?.data;
  if (planted?.some((v) => v > 0)) return [...vectorCells(planted, plan)].map((v) => v > 0);
  const maxima = vectors[VECTORS.x]?.data ?? new Float32Array(0);
  const limit = LOUD * quantileAbs(maxima, 0.5);
  return [...vectorCells(maxima, plan)].map((v) => v > limit);
}

/** A vector brought to the width of its axis: the largest of each block. */
export const vectorCells = (data: Float32Array, plan: AxisPlan): Float32Array => blockMax(data, 1, data.length, 1, plan.block).data;
