import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import { ReferenceEngine } from '../../src/engine/reference';
import { withScope } from '../../src/engine/engine';
import { codebookBits, sparseBits } from '../../src/quant/bits';
import { csrToDense, toCsr } from '../../src/quant/csr';
import { denseAndSparse } from '../../src/quant/dense-sparse';
import { orderStatistics, quantiles } from '../../src/quant/order';
import { DENSE, OUTLIER, SENSITIVE, split } from '../../src/quant/split';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const normal = (n: number, seed: number, f: (v: number) => number = (v) => v): Float32Array => {
  const rng = createRng(seed);
  return Float32Array.from({ length: n }, () => f(rng.normal()));
};

describe('order statistics', () => {
  const float32 = fc.float({ noNaN: true, min: Math.fround(-1e30), max: Math.fround(1e30) });
  test('are those of the sorted values', () => {
    fc.assert(fc.property(fc.array(float32, { minLength: 1, maxLength: 40 }), (values) => {
      const found = orderStatistics(Float32Array.from(values), values.map((_, i) => i));
      expect(found.map((v) => v + 0)).toEqual(Array.from(Float32Array.from(values)).sort((a, b) => a - b).map((v) => v + 0));
    }), { seed: 3, numRuns: 200 });
  });
  test('quantiles lie between neighbours', () => {
    expect(quantiles(floats(4, 1, 2, 3), [0, 0.25, 0.5, 1])).toEqual([1, 1.75, 2.5, 4]);
    expect(quantiles(floats(5), [0.25, 0.75])).toEqual([5, 5]);
  });
  test('a rank outside is refused', () => expect(() => orderStatistics(floats(1, 2), [2])).toThrow('Rank 2'));
});

describe('split', () => {
  test('sensitive values are strictly above the k-th largest: k − 1 of them without ties', () => {
    const weights = normal(200, 1);
    const sensitivity = normal(200, 2, Math.abs);
    const found = split(weights, { sensitivity, sensitivePercent: 5 });
    expect(found.sensitive).toBe(9);
    expect([...found.kind].map((v, i) => (v === SENSITIVE ? sensitivity[i] : 0)).filter(Boolean).every((f) => f > found.sensitivityThreshold)).toBe(true);
    const tied = split(weights, { sensitivity: sensitivity.map((f) => Math.min(f, 1)), sensitivePercent: 5 });
    expect([tied.sensitive, tied.sensitivityThreshold]).toEqual([0, 1]);
  });
  test('a share below one value removes none', () => {
    expect(split(normal(100, 1), { sensitivity: normal(100, 2, Math.abs), sensitivePercent: 0.9 })).toMatchObject({ sensitive: 0, sensitivityThreshold: Infinity });
  });
  test('T is the farther of the two ends, quartiles are of the whole matrix, and T itself leaves', () => {
    const weights = floats(-3, -1, 0, 1, 2, 3, 7, -7, 2); // q1 = −1, q3 = 2
    const found = split(weights, { sensitivePercent: 0, range: 1.5 });
    expect(found.threshold).toBe(6.5);
    expect([...found.dense]).toEqual([-3, -1, 0, 1, 2, 3, 0, 0, 2]);
    const edge = split(weights, { sensitivePercent: 0, range: 5 / 3 });
    expect(edge.threshold).toBe(7);
    expect(edge.outliers).toBe(2);
    // A sensitive 7 leaves first, and the quartiles do not notice.
    const both = split(weights, { sensitivity: floats(0, 0, 0, 0, 1, 0, 9, 0, 0), sensitivePercent: 25, range: 1.5 });
    expect([both.threshold, both.sensitive, both.outliers]).toEqual([6.5, 1, 1]);
    expect([...both.kind]).toEqual([0, 0, 0, 0, 0, 0, SENSITIVE, OUTLIER, 0]);
  });
  test.each([0, 0.4, 3.7, 50, 100])('a share of %d %% is met as near as the data allow', (percent) => {
    expect(split(normal(1000, 5), { sensitivePercent: 0, outlierPercent: percent }).outliers).toBe(percent * 10);
  });
  test.each([0.4, 3.7, 20])('a share of %d %% names the ρ that removes as many', (percent) => {
    const weights = normal(1000, 5);
    const found = split(weights, { sensitivePercent: 0, outlierPercent: percent });
    const again = split(weights, { sensitivePercent: 0, range: found.range });
    expect(again.threshold).toBeCloseTo(found.threshold, 5);
    expect(Math.abs(again.outliers - found.outliers)).toBeLessThanOrEqual(1); // ρ in float32
  });
  test('a share of 0 has no threshold', () => {
    expect(split(normal(10, 5), { sensitivePercent: 0, outlierPercent: 0 })).toMatchObject({ threshold: Infinity, range: Infinity });
  });
  test('equal magnitudes go or stay together, whichever is nearer', () => {
    const weights = floats(1, -1, 1, -1, 2, 0.1, 0.2, 0.3, 0.4, 0.5);
    const count = (percent: number): number => split(weights, { sensitivePercent: 0, outlierPercent: percent }).outliers;
    expect([10, 20, 30, 40, 50].map(count)).toEqual([1, 1, 5, 5, 5]);
  });
  test('a constant matrix has no range: only a share removes', () => {
    const weights = new Float32Array(20).fill(0.5);
    expect(split(weights, { sensitivePercent: 0, range: 2 })).toMatchObject({ threshold: 0.5, outliers: 20 });
    expect(split(weights, { sensitivePercent: 0, outlierPercent: 60 })).toMatchObject({ threshold: 0.5, outliers: 20, range: Number.NaN });
    expect(split(weights, { sensitivePercent: 0, outlierPercent: 20 })).toMatchObject({ threshold: Infinity, outliers: 0 });
  });
  test('a weight of 0 stays, whatever the thresholds', () => {
    expect(split(new Float32Array(8), { sensitivity: floats(1, 2, 3, 4, 5, 6, 7, 8), sensitivePercent: 50, range: 1 })).toMatchObject({ sensitive: 0, outliers: 0, threshold: 0 });
  });
  test('refusals are sentences', () => {
    expect(() => split(floats(1), { sensitivePercent: 101 })).toThrow('sensitivePercent is 101');
    expect(() => split(floats(1), { sensitivePercent: 0, outlierPercent: -1 })).toThrow('outlierPercent is -1');
    expect(() => split(normal(10, 1), { sensitivePercent: 20 })).toThrow('one sensitivity per weight: 10, not 0');
  });
});

test('CSR holds what is kept, zeros and empty rows included, and comes back', () => {
  const values = floats(1, 0, 0, 0, 0, 0, 0, 2, 3);
  const kept = Uint8Array.of(1, 0, 0, 0, 0, 0, 1, 2, 1);
  const csr = toCsr(values, kept, 3, 3);
  expect([[...csr.rowptr], [...csr.cols], [...csr.values]]).toEqual([[0, 1, 1, 4], [0, 0, 1, 2], [1, 0, 2, 3]]);
  expect(csrToDense(csr, 3)).toEqual(values);
});

describe('dense and sparse', () => {
  const [rows, cols] = [12, 64];
  const heavy = (seed: number): Float32Array => normal(rows * cols, seed, (v) => v ** 3);
  const fit = (more: object, weights = heavy(1)): ReturnType<typeof denseAndSparse> => withScope(new ReferenceEngine(), (scope) =>
    denseAndSparse(scope, { weights, rows, cols, bits: 3, sensitivity: normal(rows * cols, 2, (v) => v ** 4), sensitivePercent: 0.5, outlierPercent: 4, solver: 'exact', ...more }));

  test.each([1, 2, 3])('seed %d: removed weights come back exactly, up to one rounding of float32', async (seed) => {
    const weights = heavy(seed);
    const found = await fit({}, weights);
    const sparse = csrToDense(found.csr, cols);
    const { book, codes } = found.codebooks;
    let kept = 0;
    for (let i = 0; i < weights.length; i++) {
      const n = Math.floor(i / cols);
      const dense = book[n * 8 + codes[i]];
      expect(found.reconstructed[i]).toBe(Math.fround(dense + sparse[i]));
      if (found.split.kind[i] === DENSE) continue;
      kept++;
      expect(dense).toBe(found.zero[n]);
      expect(Math.abs(found.reconstructed[i] - weights[i])).toBeLessThanOrEqual(2 ** -23 * (Math.abs(weights[i]) + Math.abs(dense)));
    }
    expect(kept).toBe(found.csr.values.length);
    expect(found.bitsPerWeight).toBeCloseTo(3 + (16 * 8) / cols + (48 * kept) / weights.length + (kept > 0 ? (32 * (rows + 1)) / weights.length : 0), 12);
  });
  test('more bits never cost more', async () => {
    const costs: number[] = [];
    for (const bits of [2, 3, 4, 5, 6]) costs.push((await fit({ bits })).codebooks.cost.reduce((a, b) => a + b));
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
  });
  test('everything sparse: the dense part is one level, 0', async () => {
    const found = await fit({ outlierPercent: 100 });
    expect(found.codebooks.book.every((v) => v === 0)).toBe(true);
    expect(found.reconstructed).toEqual(heavy(1));
  });
});

test('bits per weight as the paper counts them (Table 1)', () => {
  expect([codebookBits(3, 4096), codebookBits(4, 4096), codebookBits(3, 11008), codebookBits(4, 11008)].map((b) => Number(b.toFixed(3)))).toEqual([3.031, 4.063, 3.012, 4.023]);
  expect(codebookBits(3, 4096) + sparseBits(0.0045)).toBeCloseTo(3.247, 3);
});
