/** Statistics of one tensor in three passes over its rows, float64, without a copy and without sorting. */

import type { TensorStats } from './contract';
import { nextUp, OrderStatistics, quantileRanks } from './radix';
import type { Rows } from './rows';

export const HISTOGRAM_BINS = 64;

/** Distance of a standard normal's quartiles. */
const NORMAL_IQR = 1.3489795003921634;

/** What the methods must know of a whole tensor before they round its first row. */
export interface TensorFacts {
  readonly rows: number;
  readonly cols: number;
  readonly stats: TensorStats;
  /** max |w| */
  readonly absmax: number;
  /** ‖W‖² */
  readonly squares: number;
  /** Smallest positive max |w| of a row, and of a group; Infinity where all are 0. */
  readonly smallestRow: number;
  readonly smallestGroup: number;
  /** Shares asked for by size: |w| above `sensitive` (strictly), then |w| from `outlier` on. */
  readonly bySize: SizeThresholds;
}

export interface SizeThresholds {
  /** The k-th largest magnitude, k = ⌊n · percent / 100⌋: larger ones are sensitive where the sensitivity is w². Infinity for none. */
  readonly sensitive: number;
  /** Of the rest, those of at least this size are outliers: as near to the share as ties allow. */
  readonly outlier: number;
}

export interface StatsOptions {
  /** Weights per scale. */
  readonly group: number;
  readonly outlierPercent: number;
  /** 0 unless the sensitivity is w². */
  readonly sensitivePercent: number;
}

/** Yields after every block; the last pass returns the facts. */
export async function* measureStats(source: Rows, o: StatsOptions): AsyncGenerator<number, TensorFacts> {
  const { rows, cols } = source;
  const order = new OrderStatistics();
  const pass = new FirstPass(cols, Math.min(o.group, cols));
  for await (const { data } of source.blocks()) {
    order.addCoarse(data);
    pass.add(data);
    yield data.length;
  }
  const count = rows * cols;
  const ranks = sharesOf(count, o);
  order.prepare([0.25, 0.75].flatMap((p) => quantileRanks(p, count)), magnitudeRanks(ranks));
  const mean = pass.sum / count;
  let [second, fourth] = [0, 0];
  for await (const { data } of source.blocks()) {
    order.addFine(data);
    for (let i = 0; i < data.length; i++) {
      const d = data[i] - mean;
      const square = d * d;
      second += square;
      fourth += square * square;
    }
    yield data.length;
  }
  const [q1, q3] = [order.quantile(0.25), order.quantile(0.75)];
  const fence = Math.max(Math.abs(q1 - 1.5 * (q3 - q1)), Math.abs(q3 + 1.5 * (q3 - q1)));
  const bySize = sizeThresholds(order, ranks);
  const variance = second / count;
  const absmax = Math.max(-pass.min, pass.max);
  const limit = Math.min(absmax, 2 * fence) || absmax;
  const counts = new Float64Array(HISTOGRAM_BINS);
  let outliers = 0;
  const from = q1 === q3 ? nextUp(Math.fround(fence)) : fence;
  for await (const { data } of source.blocks()) {
    const scale = limit > 0 ? HISTOGRAM_BINS / (2 * limit) : 0;
    for (let i = 0; i < data.length; i++) {
      const w = data[i];
      if (w >= from || w <= -from) outliers++;
      const bin = Math.floor((w + limit) * scale);
      counts[bin < 0 ? 0 : bin >= HISTOGRAM_BINS ? HISTOGRAM_BINS - 1 : bin]++;
    }
    yield data.length;
  }
  return {
    rows, cols, absmax, bySize, squares: pass.squares, smallestRow: pass.smallestRow, smallestGroup: pass.smallestGroup,
    stats: {
      min: pass.min, max: pass.max, mean, std: Math.sqrt(variance), bulk: q1 < q3 ? (q3 - q1) / NORMAL_IQR : Math.sqrt(variance),
      excessKurtosis: variance > 0 ? fourth / count / variance ** 2 - 3 : 0,
      outlierShare: outliers / count, fence, histogram: { limit, counts: [...counts] },
    },
  };
}

/** Sums, extremes, and the smallest maxima of rows and groups. */
class FirstPass {
  min = Infinity;
  max = -Infinity;
  sum = 0;
  squares = 0;
  smallestRow = Infinity;
  smallestGroup = Infinity;

  constructor(private readonly cols: number, private readonly group: number) {}

  add(x: Float32Array): void {
    const { cols, group } = this;
    let { min, max, sum, squares, smallestRow, smallestGroup } = this;
    for (let row = 0; row < x.length; row += cols) {
      let rowMost = 0;
      for (let start = 0; start < cols; start += group) {
        const end = row + Math.min(cols, start + group);
        let [low, high, s, q] = [Infinity, -Infinity, 0, 0];
        for (let i = row + start; i < end; i++) {
          const w = x[i];
          if (w < low) low = w;
          if (w > high) high = w;
          s += w;
          q += w * w;
        }
        const most = Math.max(high, -low);
        if (most > 0 && most < smallestGroup) smallestGroup = most;
        if (most > rowMost) rowMost = most;
        if (low < min) min = low;
        if (high > max) max = high;
        sum += s;
        squares += q;
      }
      if (rowMost > 0 && rowMost < smallestRow) smallestRow = rowMost;
    }
    Object.assign(this, { min, max, sum, squares, smallestRow, smallestGroup });
  }
}

export interface Shares {
  /** How many weights the shares ask for. */
  readonly sensitive: number;
  readonly outlier: number;
}

export function sharesOf(count: number, { sensitivePercent, outlierPercent }: Pick<StatsOptions, 'sensitivePercent' | 'outlierPercent'>): Shares {
  const sensitive = Math.floor((count * sensitivePercent) / 100);
  return { sensitive, outlier: Math.min(count - sensitive, Math.round((count * outlierPercent) / 100)) };
}

const magnitudeRanks = ({ sensitive, outlier }: Shares): number[] => [sensitive, sensitive + outlier].filter((k) => k > 0).map((k) => k - 1);

/** Official order (squeezellm/outliers.py): those strictly above the k-th largest sensitivity first, then by size. */
function sizeThresholds(order: OrderStatistics, { sensitive, outlier }: Shares): SizeThresholds {
  const k = sensitive > 0 ? order.magnitude(sensitive - 1) : undefined;
  return {
    sensitive: k?.value ?? Infinity,
    outlier: outlier === 0 ? Infinity : thresholdNear(order.magnitude(sensitive + outlier - 1), k?.larger ?? 0, outlier),
  };
}

/** The threshold T whose |w| ≥ T takes as near to `wanted` as ties allow, when `taken` larger ones are already gone. */
export function thresholdNear({ value, larger, equal }: { value: number; larger: number; equal: number }, taken: number, wanted: number): number {
  const [without, within] = [larger - taken, larger + equal - taken];
  return Math.abs(without - wanted) < Math.abs(within - wanted) || value === 0 ? nextUp(value) : value;
}
