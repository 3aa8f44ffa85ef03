/**
 * The layout transform: tokens of temporal heads from frame-major to token-major order, so that what they look at lies
 * in one band, and the outputs back. Follows svg/models/{wan,hyvideo,cog}/placement.py: sparse_head_placement and
 * hidden_states_placement.
 */

import { relocate, type VideoMask } from '../../kernels/formats/video-mask';
import { gatherRows } from '../../kernels/gather_rows/gather_rows';
import { scatterRows } from '../../kernels/scatter_rows/scatter_rows';
import type { Scope, Tensor } from '../engine/engine';
import type { Qkv } from './heads';

/** Of each head: 0 looks at space, 1 at time. */
export type Verdict = Uint8Array;
export const SPATIAL = 0;
export const TEMPORAL = 1;

/** Where each frame-major token goes in token-major order: (i mod P) F + ⌊i / P⌋ for video; text stays. [N] */
export const destinations = (mask: VideoMask, N: number): Uint32Array => Uint32Array.from({ length: N }, (_, i) => relocate(mask, i, 'token'));

/** The token that stands at each place of each head: itself in a spatial head. [H,N] */
export function placement(mask: VideoMask, verdict: Verdict, N: number): Uint32Array {
  const moved = Uint32Array.from({ length: N }, (_, i) => relocate(mask, i, 'frame'));
  const order = new Uint32Array(verdict.length * N);
  for (const [h, type] of verdict.entries()) {
    for (let i = 0; i < N; i++) order[h * N + i] = type === TEMPORAL ? moved[i] : i;
  }
  return order;
}

/** Q, K and V as the band wants them. @param order u32[H,N] of `placement` */
export function place(scope: Scope, { q, k, v }: Qkv, order: Tensor): Qkv {
  const moved = (x: Tensor): Tensor => scope.run(gatherRows, { x, order }).y;
  return { q: moved(q), k: moved(k), v: moved(v) };
}

/** The output [H,N,D] in the order in which the tokens came. */
export const placeBack = (scope: Scope, o: Tensor, order: Tensor): Tensor => scope.run(scatterRows, { x: o, order }).y;

/** The same for one number per token, on the host: values and order [H,N]. */
export function rowsBack(values: Float32Array, order: Uint32Array, N: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) out[at - (at % N) + order[at]] = values[at];
  return out;
}
