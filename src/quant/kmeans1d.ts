/**
 * Weighted k-means of one row: minimise Σ f (w − c(w))² over k centroids (SqueezeLLM, arXiv 2306.07629, section 4.1):
 * the optimum, and Lloyd's iteration from seeded k-means++ as the official quantization/nuq.py runs it. In float64.
 */

import { createRng, type Rng } from '../../kernels/rng';
import { ExactSolver } from './exact-kmeans';
import { nearestCodes, weightedError } from './nearest';

export interface Clustering {
  /** Ascending, always k of them: with fewer distinct values than k the last one is repeated. */
  readonly centroids: Float64Array;
  /** Index of the nearest centroid, ties and repeats to the lower. */
  readonly codes: Uint8Array;
  /** Σ f (w − c)² */
  readonly cost: number;
}

function demand(values: ArrayLike<number>, weights: ArrayLike<number> | undefined, k: number): void {
  if (!Number.isInteger(k) || k < 1 || k > 256) throw new RangeError(`k is ${k}, but it must be a whole number from 1 to 256.`);
  if (values.length === 0) throw new RangeError('There are no values to cluster.');
  if (weights && weights.length !== values.length) throw new RangeError(`There are ${weights.length} weights for ${values.length} values.`);
}

/**
 * The optimum. Values of weight 0 move no centroid; if all weights are 0, all count 1.
 * @throws RangeError for k outside 1 … 256, no values, values that are not finite, or negative weights
 */
export function exactKmeans1d(values: ArrayLike<number>, weights: ArrayLike<number> | undefined, k: number): Clustering {
  demand(values, weights, k);
  const centroids = new ExactSolver(k, values.length).solve(values, weights, 0, values.length).slice();
  return finish(values, weights, centroids);
}

function finish(values: ArrayLike<number>, weights: ArrayLike<number> | undefined, centroids: Float64Array): Clustering {
  const codes = new Uint8Array(values.length);
  nearestCodes(values, centroids, codes);
  return { centroids, codes, cost: weightedError(values, weights, centroids, codes) };
}

/** Greedy k-means++ as scikit-learn seeds it: of 2 + ln k candidates drawn by f d², the one that leaves the least. */
export function seedCentroids(values: ArrayLike<number>, weights: ArrayLike<number> | undefined, k: number, rng: Rng, from = 0, count = values.length): Float64Array {
  let any = false;
  if (weights) for (let i = from; i < from + count && !any; i++) any = weights[i] > 0;
  const f = Float64Array.from({ length: count }, (_, i) => (weights && any ? weights[from + i] : 1));
  const mass = f.slice(); // f d², and f alone for the first draw
  const nearest = new Float64Array(count).fill(Infinity);
  const trials = 2 + Math.floor(Math.log(k));
  const centroids = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    let total = 0;
    for (let i = 0; i < count; i++) total += mass[i];
    let best = { left: Infinity, value: 0 };
    for (let t = 0; t < (c === 0 ? 1 : trials); t++) {
      const value = values[from + draw(mass, rng.uniform() * total)];
      let left = 0;
      for (let i = 0; i < count; i++) left += f[i] * Math.min(nearest[i], (values[from + i] - value) ** 2);
      if (left < best.left) best = { left, value };
    }
    centroids[c] = best.value;
    for (let i = 0; i < count; i++) {
      nearest[i] = Math.min(nearest[i], (values[from + i] - best.value) ** 2);
      mass[i] = f[i] * nearest[i];
    }
  }
  return centroids.sort();
}

/** The first index at which the running sum of `mass` reaches `target`. */
function draw(mass: Float64Array, target: number): number {
  let sum = 0;
  for (let i = 0; i < mass.length; i++) {
    sum += mass[i];
    if (sum > target) return i;
  }
  return Math.max(0, mass.findLastIndex((m) => m > 0));
}

/** Lloyd's stop: Σ (centroid shift)² ≤ tolerance × the plain variance of the row, as scikit-learn scales it. */
export function stopBelow(values: ArrayLike<number>, tolerance: number, from = 0, count = values.length): number {
  let [sum, squares] = [0, 0];
  for (let i = from; i < from + count; i++) sum += values[i];
  for (let i = from; i < from + count; i++) squares += (values[i] - sum / count) ** 2;
  return (tolerance * squares) / count;
}

/**
 * Lloyd's iteration from seeded k-means++, with scikit-learn's defaults as quantization/nuq.py uses them: at most 50
 * iterations, stop at a squared shift of 1e-4 of the variance. An empty cluster keeps its centroid (there: moves).
 */
export function lloydKmeans1d(
  values: ArrayLike<number>, weights: ArrayLike<number> | undefined, k: number,
  { seed, maxIterations = 50, tolerance = 1e-4 }: { readonly seed: number; readonly maxIterations?: number; readonly tolerance?: number },
): Clustering & { readonly iterations: number } {
  demand(values, weights, k);
  const any = weights !== undefined && Array.prototype.some.call(weights, (f: number) => f > 0);
  const centroids = seedCentroids(values, weights, k, createRng(seed));
  const enough = stopBelow(values, tolerance);
  const codes = new Uint8Array(values.length);
  let iterations = 0;
  for (let shift = Infinity; shift > enough && iterations < maxIterations; iterations++) {
    nearestCodes(values, centroids, codes);
    const [mass, sum] = [new Float64Array(k), new Float64Array(k)];
    for (let i = 0; i < codes.length; i++) {
      const f = any ? weights[i] : 1;
      mass[codes[i]] += f;
      sum[codes[i]] += f * values[i];
    }
    shift = 0;
    for (let c = 0; c < k; c++) {
      if (mass[c] === 0) continue;
      shift += (sum[c] / mass[c] - centroids[c]) ** 2;
      centroids[c] = sum[c] / mass[c];
    }
    centroids.sort();
  }
  return { ...finish(values, weights, centroids), iterations };
}
