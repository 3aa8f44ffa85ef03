/** Numbers behind the picture of one row and its levels: bins, cells, errors. float64 sums throughout. */

import type { MethodSlot } from '../../run/run';

export interface LevelSet {
  readonly id?: string;
  readonly label: string;
  readonly slot: MethodSlot;
  /** Ascending. */
  readonly levels: Float32Array;
  /** The method keeps the removed entries apart: they fall into none of its cells and add no error. */
  readonly sparse?: boolean;
}

export interface Row {
  readonly values: Float32Array;
  /** Sensitivity of each value. */
  readonly weights?: Float32Array;
  /** 0 dense, 1 sensitive, 2 outlier. */
  readonly removed?: Uint8Array;
}

/** What one level stands for. */
export interface LevelCell {
  readonly level: number;
  /** Ends of the cell; −∞ and ∞ at the row's ends. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Σ F of its values; the count where no sensitivity is given. */
  readonly weight: number;
  /** Σ (w − c)² */
  readonly error: number;
  /** Σ F (w − c)² */
  readonly weightedError: number;
}

/** Midpoints between neighbouring levels: a value on one goes to the lower level. */
export const boundariesOf = (levels: ArrayLike<number>): number[] => Array.from({ length: Math.max(0, levels.length - 1) }, (_, i) => (levels[i] + levels[i + 1]) / 2);

/** First index whose boundary is not below the value. */
export function cellIndex(boundaries: readonly number[], value: number): number {
  let [low, high] = [0, boundaries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= boundaries[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function cellsOf({ values, weights, removed }: Row, { levels, sparse }: LevelSet): LevelCell[] {
  const boundaries = boundariesOf(levels);
  const cells = Array.from(levels, (level, i) => ({ level, from: boundaries[i - 1] ?? -Infinity, to: boundaries[i] ?? Infinity, count: 0, weight: 0, error: 0, weightedError: 0 }));
  for (let i = 0; i < values.length && cells.length > 0; i++) {
    if ((sparse && removed?.[i]) || !Number.isFinite(values[i])) continue;
    const cell = cells[cellIndex(boundaries, values[i])];
    const weight = weights?.[i] ?? 1;
    const square = (values[i] - cell.level) ** 2;
    cell.count += 1;
    cell.weight += weight;
    cell.error += square;
    cell.weightedError += weight * square;
  }
  return cells;
}

export const totalOf = (cells: readonly LevelCell[], key: 'count' | 'weight' | 'error' | 'weightedError'): number => cells.reduce((sum, cell) => sum + cell[key], 0);

export interface RowRange {
  readonly low: number;
  readonly high: number;
  /** Of the entries that stay; absent where none does. */
  readonly dense?: readonly [number, number];
  readonly sensitive: number;
  readonly outliers: number;
}

/** The axis covers every value and every level, with 2 % of room; a constant row gets room of its own size. */
export function rangeOf({ values, removed }: Row, sets: readonly LevelSet[]): RowRange {
  let [low, high] = [Infinity, -Infinity];
  let [first, last] = [Infinity, -Infinity];
  const counts = [0, 0, 0];
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
    const kind = removed?.[i] ?? 0;
    counts[kind] += 1;
    if (kind === 0) [first, last] = [Math.min(first, value), Math.max(last, value)];
  });
  for (const { levels } of sets) {
    for (const level of levels) if (Number.isFinite(level)) [low, high] = [Math.min(low, level), Math.max(high, level)];
  }
  if (low > high) [low, high] = [-1, 1];
  const room = high > low ? 0.02 * (high - low) : Math.max(Math.abs(low), 1e-6) / 2;
  return { low: low - room, high: high + room, ...(first <= last && { dense: [first, last] as const }), sensitive: counts[1], outliers: counts[2] };
}

export interface Bins {
  /** What stays and what was removed, per bin: counts, or summed sensitivity as a share of the row's. */
  readonly dense: Float64Array;
  readonly removed: Float64Array;
}

export function binsOf({ values, weights, removed }: Row, low: number, high: number, bins: number): Bins {
  const out = { dense: new Float64Array(bins), removed: new Float64Array(bins) };
  const all = weights ? weights.reduce((sum, w) => sum + w, 0) : 1;
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)));
    (removed?.[i] ? out.removed : out.dense)[bin] += weights ? (all > 0 ? weights[i] / all : 0) : 1;
  });
  return out;
}

/** Bins of about five pixels, but no more than the row can fill. */
export const binCount = (length: number, width: number): number => Math.max(16, Math.min(Math.floor(width / 5), 120, Math.ceil(length / 2)));
