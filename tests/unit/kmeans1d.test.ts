import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import { ReferenceEngine } from '../../src/engine/reference';
import { withScope } from '../../src/engine/engine';
import { decodeBooks, fitCodebooks } from '../../src/quant/codebook';
import { exactKmeans1d, lloydKmeans1d } from '../../src/quant/kmeans1d';
import { nearestCodes, weightedError } from '../../src/quant/nearest';
import { Float32Sorter } from '../../src/quant/sort';

/** The least cost over all ways to cut the sorted values into at most k intervals. */
function bruteForce(values: readonly number[], weights: readonly number[], k: number): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const interval = (from: number, to: number): number => {
    const part = order.slice(from, to);
    const mass = part.reduce((sum, i) => sum + weights[i], 0);
    if (mass === 0) return 0;
    const mean = part.reduce((sum, i) => sum + weights[i] * values[i], 0) / mass;
    return part.reduce((sum, i) => sum + weights[i] * (values[i] - mean) ** 2, 0);
  };
  const best = (from: number, left: number): number => {
    if (from === order.length) return 0;
    if (left === 1) return interval(from, order.length);
    let least = Infinity;
    for (let to = from + 1; to <= order.length; to++) least = Math.min(least, interval(from, to) + best(to, left - 1));
    return least;
  };
  return best(0, k);
}

describe('exactKmeans1d', () => {
  test.each([
    [[0, 1, 10, 11], [1, 1, 1, 1], [0.5, 10.5], 1],
    [[0, 1, 10], [1, 9, 1], [0.9, 10], 0.9],
    [[0, 1, 10], [1, 1, 1], [0.5, 10], 0.5],
    [[11, 0, 10, 1], [1, 1, 1, 1], [0.5, 10.5], 1],
  ])('%j weighted %j', (values, weights, centroids, cost) => {
    const found = exactKmeans1d(values, weights, 2);
    expect(Array.from(found.centroids)).toEqual(centroids);
    expect(found.cost).toBeCloseTo(cost, 12);
  });

  // Small whole numbers make ties, repeats and zero weights common.
  const rows = fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 9 });
  test('is the best of all partitions, with ties, repeats and zero weights', () => {
    fc.assert(fc.property(rows, fc.integer({ min: 1, max: 5 }), fc.boolean(), (row, k, single) => {
      const values = row.map(([v]) => v * 0.375);
      const weights = row.map(([, f]) => f);
      const used = weights.some((f) => f > 0) ? weights : weights.map(() => 1);
      const found = exactKmeans1d(single ? Float32Array.from(values) : values, weights, k);
      const { centroids, codes } = found;
      expect(weightedError(values, used, centroids, codes)).toBeCloseTo(bruteForce(values, used, k), 10);
      expect(found.cost).toBeCloseTo(weightedError(values, weights, centroids, codes), 12);
      expect([...centroids]).toEqual([...centroids].sort((a, b) => a - b));
      for (let i = 0; i < values.length; i++) {
        const distances = [...centroids].map((c) => Math.abs(values[i] - c));
        expect(distances[codes[i]]).toBeCloseTo(Math.min(...distances), 12);
        expect(codes[i]).toBe(centroids.indexOf(centroids[codes[i]])); // a repeated one is named by its first index
      }
    }), { numRuns: 300, seed: 7 });
  });

  // Costs grown value by value add up squares only, so nothing cancels.
  function slowOptimum(values: readonly number[], weights: readonly number[], k: number): number {
    const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
    let best: number[] = [];
    for (let j = 1; j <= k; j++) {
      const next = order.map((_, last) => {
        let [least, mean, mass, cost] = [Infinity, 0, 0, 0];
        for (let first = last; first >= 0; first--) {
          const [v, f] = [values[order[first]], weights[order[first]]];
          cost += (mass * f / (mass + f)) * (v - mean) ** 2;
          mean += (f / (mass + f)) * (v - mean);
          mass += f;
          least = Math.min(least, cost + (first === 0 ? 0 : j === 1 ? Infinity : best[first - 1]));
        }
        return least;
      });
      best = next;
    }
    return best[values.length - 1];
  }
  // Magnitudes drawn evenly, or a few heavy ones among light ones, whose costs prefix sums lose.
  test.each([[25, 1], [8, 1], [12, 0.05], [14, 0.1], [16, 0.03], [20, 0.2]])('weights of %d orders of magnitude, a share of %d heavy, is still the optimum', (orders, heavy) => {
    const rng = createRng(orders);
    for (let trial = 0; trial < 12; trial++) {
      const [n, k] = [20 + 10 * trial, 2 + (trial % 15)];
      const values = Float32Array.from({ length: n }, () => rng.normal() * 0.05);
      const weights = Float64Array.from(values, () => 10 ** (heavy === 1 ? -orders * rng.uniform() : rng.uniform() < heavy ? 0 : -orders));
      const best = slowOptimum([...values], [...weights], k);
      const { centroids, codes, cost } = exactKmeans1d(values, weights, k);
      expect(cost / best).toBeCloseTo(1, 6);
      expect(weightedError(values, weights, centroids, codes) / best).toBeCloseTo(1, 6);
    }
  });
  test('a row of one large value among small ones that differ in their last digits', () => {
    const rng = createRng(3);
    const values = Float64Array.from({ length: 90 }, (_, i) => (i === 40 ? 1e6 : 1 + 1e-7 * rng.normal()));
    expect(exactKmeans1d(values, undefined, 5).cost / slowOptimum([...values], Array.from(values, () => 1), 5)).toBeCloseTo(1, 6);
  });
  test('fewer distinct values than centroids: the last is repeated and the codes name the first', () => {
    const found = exactKmeans1d([3, -1, 3, -1, 5], undefined, 8);
    expect([...found.centroids]).toEqual([-1, 3, 5, 5, 5, 5, 5, 5]);
    expect([...found.codes]).toEqual([1, 0, 1, 0, 2]);
    expect(found.cost).toBe(0);
  });
  test('weights of 0 everywhere count as ones; the cost is that of the weights given', () => {
    const found = exactKmeans1d([0, 1, 10], [0, 0, 0], 2);
    expect([...found.centroids]).toEqual([0.5, 10]);
    expect(found.cost).toBe(0);
  });
  test('a far offset cancels nothing', () => {
    const near = exactKmeans1d([0, 1, 3, 7, 8, 20], undefined, 3);
    const far = exactKmeans1d([0, 1, 3, 7, 8, 20].map((v) => v + 1e8), undefined, 3);
    expect(far.cost).toBeCloseTo(near.cost, 6);
    expect([...far.codes]).toEqual([...near.codes]);
  });
  test.each([
    [() => exactKmeans1d([1], undefined, 0), 'k is 0'],
    [() => exactKmeans1d([], undefined, 2), 'no values'],
    [() => exactKmeans1d([1, Number.NaN], undefined, 2), 'finite'],
    [() => exactKmeans1d([1, 2], [1, -1], 2), 'must be 0 or more'],
    [() => exactKmeans1d([1, 2], [1], 2), '1 weights for 2 values'],
  ])('refusals are sentences: %#', (body, words) => expect(body).toThrow(words));
});

/** Heavy tails and weights that span orders of magnitude, as a Fisher diagonal does. */
function heavyRow(n: number, seed: number): { values: Float32Array; weights: Float32Array } {
  const rng = createRng(seed);
  return {
    values: Float32Array.from({ length: n }, () => rng.normal() * Math.exp(0.5 * rng.normal())),
    weights: Float32Array.from({ length: n }, () => Math.exp(3 * rng.normal())),
  };
}

describe('against Lloyd', () => {
  test.each([[64, 8], [500, 8], [500, 16], [1500, 64]])('n %d, k %d: never worse, and Lloyd comes near', (n, k) => {
    const ratios: number[] = [];
    for (let seed = 0; seed < 5; seed++) {
      const { values, weights } = heavyRow(n, seed);
      const optimum = exactKmeans1d(values, weights, k).cost;
      ratios.push(lloydKmeans1d(values, weights, k, { seed }).cost / optimum);
    }
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(1 - 1e-12);
    expect(ratios.sort((a, b) => a - b)[2]).toBeLessThan(2);
  });
  test('Lloyd is the same for a seed, and ends within its iterations', () => {
    const { values, weights } = heavyRow(300, 9);
    const [a, b] = [1, 1].map((seed) => lloydKmeans1d(values, weights, 8, { seed }));
    expect(a).toEqual(b);
    expect(lloydKmeans1d(values, weights, 8, { seed: 1, maxIterations: 2 }).iterations).toBe(2);
    expect(a.iterations).toBeLessThanOrEqual(50);
  });
  test('one centroid is the weighted mean', () => {
    expect([...lloydKmeans1d([0, 1, 4], [2, 1, 1], 1, { seed: 3 }).centroids]).toEqual([1.25]);
  });
});

test.each([300, 5000])('%d float32 indices sort as their values, −0 with 0, equals in their order', (n) => {
  const { values } = heavyRow(n, 4);
  values.set([0, -0, 1e-40, -1e-40, 3e38, -3e38, 0.5, 0.5], 100);
  const order = Uint32Array.from(values, (_, i) => i);
  new Float32Sorter(values.length).sort(values, order);
  const plain = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
  expect([...order]).toEqual(plain);
});

test('a value halfway between two levels takes the lower', () => {
  const codes = new Uint8Array(5);
  nearestCodes([-9, 0.5, 0.75, 2, 9], Float64Array.of(0, 1, 3, 3), codes);
  expect([...codes]).toEqual([0, 0, 1, 1, 2]);
});

describe('fitCodebooks', () => {
  const { values: weights, weights: sensitivity } = heavyRow(6 * 90, 2);
  const base = { weights, rows: 6, cols: 90, bits: 3 };
  const fit = (more: object): ReturnType<typeof fitCodebooks> => withScope(new ReferenceEngine(), (scope) => fitCodebooks(scope, { ...base, solver: 'exact', ...more }));

  test('each row is its own optimum, within the rounding of the stored book', async () => {
    const found = await fit({ sensitivity });
    for (let n = 0; n < 6; n++) {
      const row = exactKmeans1d(weights.subarray(n * 90, n * 90 + 90), sensitivity.subarray(n * 90, n * 90 + 90), 8);
      expect([...found.book.subarray(n * 8, n * 8 + 8)]).toEqual([...row.centroids].map(Math.fround));
      expect(found.cost[n] / row.cost).toBeCloseTo(1, 5);
    }
  });
  test('each minimises its own objective', async () => {
    const [fisher, plain] = [await fit({ sensitivity }), await fit({})];
    const error = (q: Float32Array, f?: Float32Array): number => q.reduce((sum, v, i) => sum + (f ? f[i] : 1) * (weights[i] - v) ** 2, 0);
    const [a, b] = [decodeBooks(fisher), decodeBooks(plain)];
    expect(error(a, sensitivity)).toBeLessThan(error(b, sensitivity));
    expect(error(b)).toBeLessThan(error(a));
  });
  test('what is removed pulls no level, and its code is the level nearest 0', async () => {
    const removed = Uint8Array.from(weights, (w) => (Math.abs(w) > 1.5 ? 1 : 0));
    const found = await fit({ removed });
    const far = await fit({ removed, weights: weights.map((w, i) => (removed[i] ? 1e6 : w)) });
    expect(far.book).toEqual(found.book);
    for (let i = 0; i < weights.length; i++) {
      if (!removed[i]) continue;
      const levels = [...found.book.subarray(Math.floor(i / 90) * 8, Math.floor(i / 90) * 8 + 8)];
      expect(Math.abs(levels[found.codes[i]])).toBe(Math.min(...levels.map(Math.abs)));
    }
  });
  test('Lloyd on the engine is Lloyd on the host, row by row, and never better than the optimum', async () => {
    const [exact, lloyd] = [await fit({ sensitivity }), await fit({ sensitivity, solver: 'lloyd', seed: 1 })];
    for (let n = 0; n < 6; n++) {
      expect(lloyd.cost[n]).toBeGreaterThanOrEqual(exact.cost[n] * (1 - 1e-6));
      const part = (data: Float32Array): Float32Array => data.subarray(n * 90, n * 90 + 90);
      const host = lloydKmeans1d(part(weights), part(sensitivity), 8, { seed: Math.imul(2, 0x9e3779b1) ^ n });
      expect(lloyd.cost[n] / host.cost).toBeCloseTo(1, 5);
    }
  });
  test('Lloyd takes rows of weight 0, and rows of one value', async () => {
    const found = await fit({ solver: 'lloyd', weights: weights.map((w, i) => (i < 90 ? 0.25 : w)), sensitivity: sensitivity.map((f, i) => (i >= 90 && i < 180 ? 0 : f)) });
    expect([...found.book.subarray(0, 8)]).toEqual(Array(8).fill(0.25));
    expect(new Set(found.book.subarray(8, 16)).size).toBe(8);
  });
  test('a pause that throws stops the fit', async () => {
    await expect(fit({ rows: 20, cols: 2000, bits: 5, weights: heavyRow(40_000, 1).values, pause: undefined })).resolves.toBeDefined();
    const stop = (): Promise<void> => Promise.reject(new Error('stale'));
    await expect(withScope(new ReferenceEngine(), (scope) => fitCodebooks(scope, { rows: 20, cols: 2000, bits: 5, weights: heavyRow(40_000, 1).values, solver: 'exact' }, stop))).rejects.toThrow('stale');
  });
  test('sizes that do not agree are named', async () => {
    await expect(fit({ cols: 91 })).rejects.toThrow('weights has 540 entries');
    await expect(fit({ bits: 9 })).rejects.toThrow('bits is 9');
  });
});
