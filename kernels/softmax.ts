/** Attention in float64, two query rows at a time: what the references of every attention kernel share. */

import { doubles } from './product';

/** The logarithm of an empty sum, and a score below every other: finite, because WGSL promises no infinities. */
export const LOWEST = -1e30;

export interface PairSizes {
  /** Keys of one head: as many as are ever scored together. */
  readonly M: number;
  readonly D: number;
  readonly scale: number;
}

/**
 * o = softmax(scale q kᵀ) v for two rows that look at the same list of keys. Two rows meet four keys at a time, so that
 * eight sums share six loads. In order: `score`, then `softmax` of side 0 and of side 1, then `mix`; the scores stay, so
 * that the last two can be repeated under other masks. All rows are counted in rows of D numbers.
 */
export class RowPair {
  private readonly q: Float64Array;
  private readonly k: Float64Array;
  private readonly v: Float64Array;
  private readonly D: number;
  private readonly scale: number;
  /** Where the second row's scores and weights begin. */
  private readonly second: number;
  private readonly scores: Float64Array;
  private readonly weights: Float64Array;
  private readonly out: Float64Array;
  private readonly sums = new Float64Array(2);
  /** First numbers of the listed keys in k and v, filled up to a multiple of four with the last. */
  private readonly at: Int32Array;
  private count = 0;

  constructor(q: Float32Array, k: Float32Array, v: Float32Array, { M, D, scale }: PairSizes) {
    [this.q, this.k, this.v] = [doubles(q), doubles(k), doubles(v)];
    [this.D, this.scale, this.second] = [D, scale, M + 3];
    [this.scores, this.weights, this.at] = [new Float64Array(2 * this.second), new Float64Array(2 * this.second), new Int32Array(this.second)];
    this.out = new Float64Array(2 * D);
  }

  /**
   * Scores of rows a and b of q against the first `count` keys listed.
   * @param first row of k and v that key 0 is
   */
  score(a: number, b: number, first: number, keys: Uint32Array, count: number): void {
    const { q, k, D, scale, second, scores, at } = this;
    this.count = count;
    const [a0, b0] = [a * D, b * D];
    const last = Math.max(0, count - 1);
    for (let j = 0; j < count + 3; j++) at[j] = (first + keys[Math.min(j, last)]) * D;
    for (let j = 0; j < count; j += 4) {
      const k0 = at[j], k1 = at[j + 1], k2 = at[j + 2], k3 = at[j + 3];
      let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0;
      for (let d = 0; d < D; d++) {
        const x = q[a0 + d], y = q[b0 + d];
        const p = k[k0 + d], r = k[k1 + d], t = k[k2 + d], u = k[k3 + d];
        s00 += x * p; s01 += x * r; s02 += x * t; s03 += x * u;
        s10 += y * p; s11 += y * r; s12 += y * t; s13 += y * u;
      }
      const i = second + j;
      scores[j] = s00 * scale; scores[j + 1] = s01 * scale; scores[j + 2] = s02 * scale; scores[j + 3] = s03 * scale;
      scores[i] = s10 * scale; scores[i + 1] = s11 * scale; scores[i + 2] = s12 * scale; scores[i + 3] = s13 * scale;
    }
  }

  /**
   * Softmax weights of one row over the first `count` keys scored, or those of them whose bit of the side is set in `seen`.
   * @returns the natural logarithm of the sum of exponentials; LOWEST where it is empty
   */
  softmax(side: 0 | 1, count: number, seen?: Uint8Array): number {
    const { scores, weights } = this;
    const from = side * this.second;
    const bit = 1 << side;
    let top = -Infinity;
    for (let j = 0; j < count; j++) {
      if ((seen === undefined || (seen[j] & bit) !== 0) && scores[from + j] > top) top = scores[from + j];
    }
    let sum = 0;
    for (let j = 0; j < count; j++) {
      sum += weights[from + j] = seen === undefined || (seen[j] & bit) !== 0 ? Math.exp(scores[from + j] - top) : 0;
    }
    weights.fill(0, from + count, from + this.count + 3);
    this.sums[side] = sum;
    return sum === 0 ? LOWEST : top + Math.log(sum);
  }

  /** The weighted means of v, into rows a and b of o. A row without keys is left as it is. */
  mix(o: Float32Array, a: number, b: number): void {
    const { v, D, second, weights, out, sums, at } = this;
    out.fill(0);
    for (let j = 0; j < this.count; j += 4) {
      const i = second + j;
      const x0 = weights[j], x1 = weights[j + 1], x2 = weights[j + 2], x3 = weights[j + 3];
      const y0 = weights[i], y1 = weights[i + 1], y2 = weights[i + 2], y3 = weights[i + 3];
      if (x0 + x1 + x2 + x3 + y0 + y1 + y2 + y3 === 0) continue;
      const v0 = at[j], v1 = at[j + 1], v2 = at[j + 2], v3 = at[j + 3];
      for (let d = 0; d < D; d++) {
        const p = v[v0 + d], r = v[v1 + d], t = v[v2 + d], u = v[v3 + d];
        out[d] += (x0 * p + x1 * r) + (x2 * t + x3 * u);
        out[D + d] += (y0 * p + y1 * r) + (y2 * t + y3 * u);
      }
    }
    if (sums[0] !== 0) for (let d = 0; d < D; d++) o[a * D + d] = out[d] / sums[0];
    if (sums[1] !== 0) for (let d = 0; d < D; d++) o[b * D + d] = out[D + d] / sums[1];
  }
}

/** 0, 1, …, n − 1. */
export const upTo = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);
