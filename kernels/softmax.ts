/** Attention of one query row in float64: what the references of every attention kernel share. */

/** The logarithm of an empty sum, and a score below every other: finite, because WGSL promises no infinities. */
export const LOWEST = -1e30;

export interface Head {
  /** First row of the head in k and v, counted in rows of D. */
  readonly first: number;
  readonly D: number;
  readonly scale: number;
}

/**
 * One row of o = softmax(scale q kᵀ) v over the keys listed. No keys: o is left as it is and the result is LOWEST.
 * @param at first number of the row in q
 * @param to first number of the row in o
 * @param keys key rows of this head, `count` of them
 * @param scores scratch for `count` numbers
 * @returns the natural logarithm of the sum of exponentials
 */
export function attendRow(
  q: Float32Array, k: Float32Array, v: Float32Array, o: Float32Array,
  at: number, to: number, keys: Uint32Array, count: number, scores: Float64Array, { first, D, scale }: Head,
): number {
  if (count === 0) return LOWEST;
  let top = -Infinity;
  for (let j = 0; j < count; j++) {
    const from = (first + keys[j]) * D;
    let s = 0;
    for (let d = 0; d < D; d++) s += q[at + d] * k[from + d];
    scores[j] = s * scale;
    if (scores[j] > top) top = scores[j];
  }
  let sum = 0;
  const out = new Float64Array(D);
  for (let j = 0; j < count; j++) {
    const weight = Math.exp(scores[j] - top);
    const from = (first + keys[j]) * D;
    sum += weight;
    for (let d = 0; d < D; d++) out[d] += weight * v[from + d];
  }
  for (let d = 0; d < D; d++) o[to + d] = out[d] / sum;
  return top + Math.log(sum);
}

/** 0, 1, …, n − 1. */
export const upTo = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);
