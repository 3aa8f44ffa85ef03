/** Heads of one attention layer on the host. */

import type { Scope, Tensor } from '../engine/engine';

/** q, k, v: [H,N,D], the video's tokens in frame-major order; N counts text too. D is divisible by 4. */
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

/** To the device, where they stay: several methods take the same heads. */
export function upload(scope: Scope, { H, N, D, q, k, v }: Heads): Qkv {
  const put = (x: Float32Array): Tensor => scope.hold(x, [H, N, D]);
  return { q: put(q), k: put(k), v: put(v) };
}
