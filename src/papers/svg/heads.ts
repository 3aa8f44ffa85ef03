/** Heads of one attention layer on the host, and how two outputs of them differ. */

import type { Scope, Tensor } from '../../engine/engine';

/** q, k, v: [H,N,D], tokens in frame-major order. */
export interface Heads {
  readonly H: number;
  readonly N: number;
  readonly D: number;
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

export type Qkv = { readonly q: Tensor; readonly k: Tensor; readonly v: Tensor };

/** softmax(q kᵀ / √D) v */
export const scaleOf = ({ D }: Pick<Heads, 'D'>): number => 1 / Math.sqrt(D);

/** Some of the heads, in the order listed; all of them are not copied. */
export function headsAt(heads: Heads, list: readonly number[]): Heads {
  const size = heads.N * heads.D;
  if (list.length === heads.H && list.every((h, i) => h === i)) return heads;
  const pick = (x: Float32Array): Float32Array => {
    const out = new Float32Array(list.length * size);
    list.forEach((h, i) => out.set(x.subarray(h * size, (h + 1) * size), i * size));
    return out;
  };
  return { ...heads, H: list.length, q: pick(heads.q), k: pick(heads.k), v: pick(heads.v) };
}

export function upload(scope: Scope, { H, N, D, q, k, v }: Heads): Qkv {
  const put = (x: Float32Array): Tensor => scope.upload(x, [H, N, D]);
  return { q: put(q), k: put(k), v: put(v) };
}

/** ‖o − o*‖_F / ‖o*‖_F of each head, both [H,…] */
export function relativeErrors(o: Float32Array, dense: Float32Array, H: number): Float64Array {
  const size = dense.length / H;
  return Float64Array.from({ length: H }, (_, h) => {
    let [gap, whole] = [0, 0];
    for (let i = h * size; i < (h + 1) * size; i++) {
      gap += (o[i] - dense[i]) ** 2;
      whole += dense[i] ** 2;
    }
    return gap === 0 ? 0 : Math.sqrt(gap / whole);
  });
}

/** 10 log₁₀(peak² / MSE) over all heads, in dB; the peak is max − min of the dense output. Infinity where they agree. */
export function psnr(o: Float32Array, dense: Float32Array): number {
  let [squares, low, high] = [0, Infinity, -Infinity];
  for (let i = 0; i < dense.length; i++) {
    squares += (o[i] - dense[i]) ** 2;
    low = Math.min(low, dense[i]);
    high = Math.max(high, dense[i]);
  }
  return 10 * Math.log10((high - low) ** 2 / (squares / dense.length));
}

/**
 * Attention that a mask keeps, mean over the rows of each head: exp(lse of the mask − lse of all), both [H,N].
 * A row that keeps nothing has lse −1e30 and counts 0.
 */
export function massKept(lse: Float32Array, dense: Float32Array, H: number): Float64Array {
  const N = dense.length / H;
  return Float64Array.from({ length: H }, (_, h) => {
    let sum = 0;
    for (let i = h * N; i < (h + 1) * N; i++) sum += Math.exp(lse[i] - dense[i]);
    return sum / N;
  });
}
