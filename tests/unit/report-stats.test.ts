/** Exact order statistics without sorting, statistics in passes, and the thresholds of the sparse part. */

import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import type { Model } from '../../src/inputs/model';
import { split } from '../../src/quant/split';
import { nextUp, OrderStatistics, orderKey, quantileRanks } from '../../src/report/radix';
import { rowsOf, sampleRows, type Rows } from '../../src/report/rows';
import { removedOf, ruleByFile, ruleBySize } from '../../src/report/sparse';
import { measureStats, thresholdNear, type TensorFacts } from '../../src/report/stats';
import { coderOf } from '../../src/report/coder';
import { DEFAULT_OPTIONS } from '../../src/report/options';
import { control, heavy } from './report-fixtures';

const collect = (blocks: readonly Float32Array[], ascending: readonly number[], magnitudes: readonly number[]): OrderStatistics => {
  const order = new OrderStatistics();
  for (const block of blocks) order.addCoarse(block);
  order.prepare(ascending, magnitudes);
  for (const block of blocks) order.addFine(block);
  return order;
};

function hard(count: number, seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: count }, () => {
    const kind = rng.below(6);
    if (kind === 0) return [0, -0, 1e-42, -1e-42, 3.4e38, -3.4e38][rng.below(6)];
    return kind < 3 ? Math.round(4 * rng.normal()) / 4 : rng.normal() * 2 ** rng.below(20);
  });
}

describe('order statistics', () => {
  test.each([[1, 1], [2, 2], [7, 3], [500, 4], [4001, 5]])('%i numbers: every rank asked for is the sorted one', (count, seed) => {
    const x = hard(count, seed);
    const sorted = x.toSorted();
    const sizes = x.map(Math.abs).toSorted().reverse();
    const ranks = [0, count - 1, count >> 1, count >> 2, Math.floor(0.9 * (count - 1))];
    const order = collect([x.subarray(0, count >> 1), x.subarray(count >> 1)], [...ranks, ...quantileRanks(0.25, count)], ranks);
    for (const rank of ranks) {
      expect(order.value(rank) + 0).toBe(sorted[rank] + 0); // −0 and 0 are the same number
      const { value, larger, equal } = order.magnitude(rank);
      expect(value).toBe(sizes[rank]);
      expect(larger).toBe(sizes.filter((v) => v > value).length);
      expect(equal).toBe(sizes.filter((v) => v === value).length);
    }
    const at = 0.25 * (count - 1);
    const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    expect(order.quantile(0.25)).toBe(low === high ? low + 0 : low + (at - Math.floor(at)) * (high - low));
  });

  test('keys ascend with the numbers', () => {
    const sorted = [-3e38, -1, -1e-44, -0, 0, 1e-44, 0.5, 1, 3e38];
    expect(sorted.map(orderKey)).toEqual(sorted.map(orderKey).toSorted((a, b) => a - b));
    expect(nextUp(1)).toBe(1 + 2 ** -23);
    expect(nextUp(0)).toBe(2 ** -149);
  });
});

const rowsIn = (w: Float32Array, rows: number, cols: number): Rows =>
  rowsOf({ readRows: (_: string, a: number, b: number) => Promise.resolve(w.slice(a * cols, b * cols)) } as unknown as Model, 'w', [rows, cols], 0, control());

async function result<T>(work: AsyncGenerator<number, T>): Promise<T> {
  let step = await work.next();
  while (!step.done) step = await work.next();
  return step.value;
}

const factsOf = (w: Float32Array, rows: number, cols: number, outlierPercent = 0.45, sensitivePercent = 0, group = 64): Promise<TensorFacts> =>
  result(measureStats(rowsIn(w, rows, cols), { group, outlierPercent, sensitivePercent }));

describe('statistics', () => {
  test('agree with their definitions', async () => {
    const [rows, cols] = [37, 83];
    const w = heavy(rows, cols, 1).map((v) => v + 0.3);
    const { stats, squares, absmax, smallestRow, smallestGroup } = await factsOf(w, rows, cols, 0.45, 0, 32);
    const mean = w.reduce((a, b) => a + b, 0) / w.length;
    const moment = (p: number): number => w.reduce((a, b) => a + (b - mean) ** p, 0) / w.length;
    expect(stats.mean).toBeCloseTo(mean, 12);
    expect(stats.std).toBeCloseTo(Math.sqrt(moment(2)), 12);
    expect(stats.excessKurtosis).toBeCloseTo(moment(4) / moment(2) ** 2 - 3, 9);
    expect([stats.min, stats.max]).toEqual([Math.min(...w), Math.max(...w)]);
    expect(squares).toBeCloseTo(w.reduce((a, b) => a + b * b, 0), 9);
    expect(absmax).toBe(Math.max(...w.map(Math.abs)));
    const sorted = w.toSorted();
    const quantile = (p: number): number => {
      const at = p * (w.length - 1);
      return sorted[Math.floor(at)] + (at % 1) * (sorted[Math.ceil(at)] - sorted[Math.floor(at)]);
    };
    const [q1, q3] = [quantile(0.25), quantile(0.75)];
    const fence = Math.max(Math.abs(q1 - 1.5 * (q3 - q1)), Math.abs(q3 + 1.5 * (q3 - q1)));
    expect(stats.fence).toBeCloseTo(fence, 12);
    expect(stats.outlierShare).toBe(w.filter((v) => Math.abs(v) >= fence).length / w.length);
    expect(stats.bulk).toBeCloseTo((q3 - q1) / 1.3489795, 7);
    expect(stats.histogram.counts.reduce((a, b) => a + b, 0)).toBe(w.length);
    const maxOf = (from: number, to: number): number => Math.max(...w.subarray(from, to).map(Math.abs));
    expect(smallestRow).toBe(Math.min(...Array.from({ length: rows }, (_, n) => maxOf(n * cols, (n + 1) * cols))));
    expect(smallestGroup).toBe(Math.min(...Array.from({ length: rows * 3 }, (_, i) => {
      const start = Math.floor(i / 3) * cols + (i % 3) * 32;
      return maxOf(start, Math.min(start + 32, (Math.floor(i / 3) + 1) * cols));
    })));
  });

  test('a constant matrix has no outliers, and a zero one nothing that is not a number', async () => {
    const constant = await factsOf(new Float32Array(60).fill(0.25), 6, 10);
    expect(constant.stats).toMatchObject({ outlierShare: 0, std: 0, excessKurtosis: 0, min: 0.25 });
    expect(removedOf(new Float32Array(60).fill(0.25), undefined, ruleBySize(constant, 'uniform')).some(Boolean)).toBe(false);
    const zero = await factsOf(new Float32Array(60), 6, 10);
    expect(Object.values(zero.stats).filter((v) => typeof v === 'number').every(Number.isFinite)).toBe(true);
  });

  test('samples of rows are even, with both ends', () => {
    expect([...sampleRows(10, 4) ?? []]).toEqual([0, 3, 6, 9]);
    expect(sampleRows(10, 10)).toBeUndefined();
    expect(sampleRows(10, 0)).toBeUndefined();
    expect(new Set(sampleRows(1000, 999)).size).toBe(999);
  });
});

describe('what is stored sparse equals the split of the whole matrix', () => {
  const [rows, cols] = [41, 50];
  const w = heavy(rows, cols, 2);
  const rng = createRng(9);
  const f = Float32Array.from(w, () => rng.uniform() ** 6);
  const kinds = (kind: Uint8Array): number[] => [...kind].map((v) => (v === 0 ? 0 : 1));

  test.each([0.45, 3, 0, 100])('by size, %f %%', async (outlierPercent) => {
    const rule = ruleBySize(await factsOf(w, rows, cols, outlierPercent), 'uniform');
    expect([...removedOf(w, undefined, rule)]).toEqual(kinds(split(w, { sensitivePercent: 0, outlierPercent }).kind));
  });

  test.each([[0.5, 2], [5, 0], [0, 1]])('by a file of sensitivities, %f %% and %f %%', async (sensitivePercent, outlierPercent) => {
    const rule = await result(ruleByFile(rowsIn(w, rows, cols), rowsIn(f, rows, cols), { sensitivePercent, outlierPercent }));
    expect([...removedOf(w, f, rule)]).toEqual(kinds(split(w, { sensitivity: f, sensitivePercent, outlierPercent }).kind));
  });

  test('by w²', async () => {
    const options = { ...DEFAULT_OPTIONS, sensitivity: 'magnitude', sensitivePercent: 1, outlierPercent: 2 } as const;
    const facts = await factsOf(w, rows, cols, 2, 1);
    const coder = coderOf('dense-and-sparse', 4, { facts, options, sparse: ruleBySize(facts, 'magnitude') });
    const { sparse } = await coder.encode(w, undefined, () => Promise.resolve());
    const wanted = split(w, { sensitivity: w.map((v) => v * v), sensitivePercent: 1, outlierPercent: 2 });
    expect(sparse?.cols.length).toBe(wanted.sensitive + wanted.outliers);
  });

  test('ties go together, to the side nearer to the share', () => {
    expect(thresholdNear({ value: 2, larger: 3, equal: 4 }, 0, 6)).toBe(2);
    expect(thresholdNear({ value: 2, larger: 3, equal: 4 }, 0, 4)).toBe(nextUp(2));
    expect(thresholdNear({ value: 0, larger: 3, equal: 90 }, 0, 50)).toBe(nextUp(0));
  });
});
