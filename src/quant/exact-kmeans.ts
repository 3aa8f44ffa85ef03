/**
 * The optimum of weighted k-means in one dimension. Clusters are intervals of the sorted values, so it is a shortest
 * path: layer j holds the best cost of the first i values in j clusters. The best last boundary never moves left as i
 * or j grows, so a layer takes O(n log n) by divide and conquer, less where the layer before bounds it. In float64.
 */

import { preciseLayers } from './precise-kmeans';
import { Float32Sorter } from './sort';

/**
 * A sum f of a cluster is off by the rounding of all of Σ f, and with it the cluster's gain by that times the square
 * of its distance from the mean. Costs below this share of Σ f · (largest distance)² may be wrong in the sixth digit.
 */
const CANCELLED = 1e-9;

/** Solves row after row of up to `capacity` values in buffers of its own. */
export class ExactSolver {
  private readonly centroids: Float64Array;
  private readonly order: Uint32Array;
  /** Distinct values with their summed weights, ascending, then prefix sums of weight and of weight · (value − mean). */
  private readonly value: Float64Array;
  private readonly weight: Float64Array;
  private readonly s0: Float64Array;
  private readonly s1: Float64Array;
  private gain: Float64Array;
  private next: Float64Array;
  /** Row j: the boundary before the last of j clusters. */
  private readonly choice: Uint32Array;
  private readonly sorter: Float32Sorter;

  constructor(private readonly k: number, capacity: number) {
    const size = capacity + 1;
    this.centroids = new Float64Array(k);
    this.order = new Uint32Array(capacity);
    [this.value, this.weight, this.s0, this.s1, this.gain, this.next] = Array.from({ length: 6 }, () => new Float64Array(size));
    this.choice = new Uint32Array((k + 1) * size);
    this.sorter = new Float32Sorter(capacity);
  }

  /** Centroids of values[from … from + count): a view that the next call overwrites. */
  solve(values: ArrayLike<number>, weights: ArrayLike<number> | undefined, from: number, count: number): Float64Array {
    const distinct = this.gather(values, weights, from, count);
    const { k, value, centroids } = this;
    if (distinct <= k) {
      for (let c = 0; c < k; c++) centroids[c] = value[Math.min(c, distinct - 1)];
      return centroids;
    }
    this.prefixSums(distinct);
    this.layers(distinct);
    if (this.cut(distinct) < CANCELLED * this.reach(distinct)) {
      preciseLayers(this.value, this.weight, distinct, k, this.choice);
      this.cut(distinct);
    }
    return centroids;
  }

  /** Σ f · (largest distance from the mean)² */
  private reach(distinct: number): number {
    const mean = this.mean(0, distinct);
    return this.s0[distinct] * Math.max(mean - this.value[0], this.value[distinct - 1] - mean) ** 2;
  }

  /** Centroids of the chosen clusters. @returns their cost */
  private cut(distinct: number): number {
    const width = distinct + 1;
    let cost = 0;
    for (let c = this.k, end = distinct; c >= 1; c--) {
      const begin = c === 1 ? 0 : this.choice[c * width + end];
      const mean = this.mean(begin, end);
      for (let i = begin; i < end; i++) cost += this.weight[i] * (this.value[i] - mean) ** 2;
      this.centroids[c - 1] = mean;
      end = begin;
    }
    return cost;
  }

  /** Sorts what has weight and merges equal values. @returns how many distinct values there are */
  private gather(values: ArrayLike<number>, weights: ArrayLike<number> | undefined, from: number, count: number): number {
    const { order, value, weight } = this;
    let kept = 0;
    for (let i = from; i < from + count; i++) {
      if (!Number.isFinite(values[i])) throw new RangeError(`Value ${i} is ${values[i]}; only finite values can be clustered.`);
      if (!weights || weights[i] > 0) order[kept++] = i;
      else if (weights[i] !== 0) throw new RangeError(`Weight ${i} is ${weights[i]}, but weights must be 0 or more.`);
    }
    const none = kept === 0;
    if (none) for (let i = 0; i < count; i++) order[kept++] = from + i;
    const sorted = order.subarray(0, kept);
    if (values instanceof Float32Array) this.sorter.sort(values, sorted);
    else sorted.sort((a, b) => values[a] - values[b] || a - b);
    let distinct = 0;
    for (let i = 0; i < kept; i++) {
      const v = values[sorted[i]];
      const f = none || !weights ? 1 : weights[sorted[i]];
      if (distinct > 0 && value[distinct - 1] === v) weight[distinct - 1] += f;
      else {
        value[distinct] = v;
        weight[distinct++] = f;
      }
    }
    return distinct;
  }

  private mean(begin: number, end: number): number {
    if (end === begin + 1) return this.value[begin];
    let [sum, weight] = [0, 0];
    for (let i = begin; i < end; i++) {
      sum += this.weight[i] * this.value[i];
      weight += this.weight[i];
    }
    return sum / weight;
  }

  /** Around the mean: else the squares of sums cancel what they are to tell apart. */
  private prefixSums(count: number): void {
    const { value, weight, s0, s1 } = this;
    const mean = this.mean(0, count);
    s0[0] = s1[0] = 0;
    for (let i = 0; i < count; i++) {
      s0[i + 1] = s0[i] + weight[i];
      s1[i + 1] = s1[i] + weight[i] * (value[i] - mean);
    }
  }

  /** Least cost is largest gain: Σ f w² is the same for every clustering, so each cluster adds (Σ f w)² / Σ f. */
  private layers(count: number): void {
    const { k, s0, s1, choice } = this;
    const width = count + 1;
    for (let i = 1; i <= count; i++) this.gain[i] = (s1[i] * s1[i]) / s0[i];
    let reached = 0; // the largest i that the layer before has decided
    for (let j = 2; j <= k; j++) {
      // Each of the k − j clusters to come needs a value; of the last layer only its end is asked for.
      const last = count - (k - j);
      const before = choice.subarray((j - 1) * width, j * width);
      const chosen = choice.subarray(j * width, (j + 1) * width);
      const low = j === k ? count : j;
      if (count <= SHORT * k) sweep(this.gain, this.next, s0, s1, before, reached, chosen, low, last, j - 1);
      else decide(this.gain, this.next, s0, s1, before, reached, chosen, low, last, j - 1, last - 1);
      reached = last;
      [this.gain, this.next] = [this.next, this.gain];
    }
  }
}

/** Up to so many values for a cluster, windows are narrow and a plain sweep beats halving. */
const SHORT = 4;

/**
 * One layer for i in low … high from the end: the best boundary of i lies between that of i with one cluster less and
 * that of i + 1 (Knuth's bounds).
 */
function sweep(
  gain: Float64Array, next: Float64Array, s0: Float64Array, s1: Float64Array,
  before: Uint32Array, reached: number, chosen: Uint32Array, low: number, high: number, least: number,
): void {
  let most = high - 1;
  for (let i = high; i >= low; i--) {
    const from = i <= reached && before[i] > least ? before[i] : least;
    most = bestBoundary(gain, next, s0, s1, i, from, most < i ? most : i - 1);
    chosen[i] = most;
  }
}

/**
 * One layer for i in low … high, whose best boundaries lie in least … most.
 * Loops of typed arrays passed as arguments: this is where all the time goes.
 */
function decide(
  gain: Float64Array, next: Float64Array, s0: Float64Array, s1: Float64Array,
  before: Uint32Array, reached: number, chosen: Uint32Array, low: number, high: number, least: number, most: number,
): void {
  while (low <= high) {
    const i = (low + high) >> 1;
    const from = i <= reached && before[i] > least ? before[i] : least;
    chosen[i] = bestBoundary(gain, next, s0, s1, i, from, most < i ? most : i - 1);
    decide(gain, next, s0, s1, before, reached, chosen, low, i - 1, least, chosen[i]);
    low = i + 1;
    least = chosen[i];
  }
}

function bestBoundary(gain: Float64Array, next: Float64Array, s0: Float64Array, s1: Float64Array, i: number, from: number, to: number): number {
  const weight = s0[i];
  const sum = s1[i];
  let best = -1;
  let at = from;
  for (let b = from; b <= to; b++) {
    const d = sum - s1[b];
    const mass = weight - s0[b]; // 0 where what lies between is lost in rounding beside the rest: it gains nothing
    const candidate = mass > 0 ? gain[b] + (d * d) / mass : gain[b];
    if (candidate > best) {
      best = candidate;
      at = b;
    }
  }
  next[i] = best;
  return at;
}
