/** How a run of this lab is shown: orientation, shared scales, the output whose levels are drawn. */

import { makeScale, maxAbs, quantileAbs, type ColorScale } from '../../ui/color/scale';
import { planAxis, type AxisPlan } from '../../ui/heatmap/axes';
import type { Run, StageTensor } from '../../run/run';
import type { Placing } from '../../ui/strip/Place';

type Stages = Run['stages'];
type Vectors = Run['vectors'];

export interface TilePlace extends Placing {
  readonly stage: string;
  /** Shorter than the stage's own, where a caption must share its line with a number. */
  readonly name?: string;
}

/** Rows: A the dense path, B what steers it and the sparse path. W is shown K × N, as everywhere. */
export const TILES: readonly TilePlace[] = [
  { stage: 'w', column: 1, row: 'A', order: 11 },
  { stage: 'd', name: 'Dense', column: 2, row: 'A', order: 21 },
  { stage: 'codes', column: 3, row: 'A', order: 31 },
  { stage: 'dq', name: 'Looked up', column: 5, row: 'A', order: 51 },
  { stage: 'e_rtn', name: 'Nearest', column: 6, row: 'A', order: 61 },
  { stage: 'f', column: 1, row: 'B', order: 12 },
  { stage: 's', name: 'Sparse', column: 2, row: 'B', order: 22 },
  { stage: 'book', name: 'Levels', column: 3, row: 'B', order: 32 },
  { stage: 'wh', column: 5, row: 'B', order: 52 },
  { stage: 'e', name: 'SqueezeLLM', column: 6, row: 'B', order: 62 },
];

/** Strip units that a picture may take downward: inputs of a small network keep one pixel each. */
const TALL = 144;
/** A picture lower than this is hard to hit. */
const LOW = 40;

/** `axis` at a zoom of at most `most`, but never too low to hit. */
function lowered(axis: AxisPlan, most: number): AxisPlan {
  const zoom = Math.min(axis.zoom, Math.max(most, Math.ceil(LOW / Math.max(1, axis.cells))));
  return { ...axis, zoom, extent: axis.cells * zoom };
}

/** Plans of the inputs k (down), the outputs n (across) and the levels c of a book (down). Cells are as wide as fits and never taller than wide. */
export function plansOf(stages: Stages): Record<'k' | 'n' | 'c', AxisPlan> {
  const [w, book] = [stages['w'], stages['book']];
  const n = planAxis(w?.cols ?? 1);
  const k = lowered(planAxis(w?.rows ?? 1, TALL), n.zoom);
  return { n, k, c: planAxis(book?.rows ?? 8, Math.max(16, Math.min(64, Math.floor(0.45 * k.extent)))) };
}

export type Scales = Readonly<Record<'w' | 'f' | 'e' | 'code', ColorScale>>;

/** One scale per family. Weights: knee at 4.2 × median |W|. Errors end at the 99.5th percentile of the worst; F is logarithmic above its median. */
export function scalesOf(stages: Stages): Scales {
  const data = (id: string): Float32Array => stages[id]?.data ?? new Float32Array(0);
  const f = data('f');
  const heavy = maxAbs(f);
  return {
    w: makeScale('signed', maxAbs(data('w')), 4.2 * quantileAbs(data('w'), 0.5)),
    f: makeScale('error', heavy, Math.max(quantileAbs(f, 0.5), heavy / 1e4), 'asinh'),
    e: makeScale('error', Math.max(quantileAbs(data('e_rtn'), 0.995), quantileAbs(data('e'), 0.995)), 0),
    code: makeScale('signed', maxAbs(data('codes')) / 2, 0, 'linear'),
  };
}

export const scaleOf = (scales: Scales, stage: StageTensor): ColorScale => scales[stage.family as keyof Scales] ?? scales.w;

/** What is drawn of a stage: its values; codes are counted from the middle of those in use, so that they take the colours of their signs. */
export function drawnOf(stage: StageTensor): Float32Array {
  if (stage.family !== 'code') return stage.data;
  const half = maxAbs(stage.data) / 2;
  return stage.data.map((code) => code - half);
}

const largest = (data: Float32Array): number => data.reduce((best, v, i) => (v > data[best]! ? i : best), 0);

/** The output that rounding to nearest costs most: shown until the reader picks another. */
export function hardestOutput(vectors: Vectors): number {
  const cost = (vectors['rowcost_rtn'] ?? vectors['nnz'])?.data;
  return cost?.length ? largest(cost) : 0;
}

/** One output: a row of W as it is stored, a column of its picture. */
export interface Output {
  readonly n: number;
  readonly weights: Float32Array;
  readonly sensitivity?: Float32Array;
  /** 0 dense, 1 sensitive, 2 outlier. */
  readonly removed?: Uint8Array;
}

const column = ({ data, rows, cols }: StageTensor, n: number): Float32Array => Float32Array.from({ length: rows }, (_, i) => data[i * cols + n]!);

/** Levels of output n in a book, ascending, each once. */
export const levelsOf = (book: StageTensor | undefined, n: number): Float32Array =>
  (book && n < book.cols ? Float32Array.from(new Set(column(book, n))).sort() : new Float32Array(0));

/** @returns undefined until the weights are there */
export function outputOf(stages: Stages, wanted: number): Output | undefined {
  const { w, f, mask } = stages as Partial<Record<string, StageTensor>>;
  if (!w) return undefined;
  const n = Math.max(0, Math.min(w.cols - 1, wanted));
  return {
    n, weights: column(w, n),
    ...(f && { sensitivity: column(f, n) }),
    ...(mask && { removed: Uint8Array.from(column(mask, n)) }),
  };
}
