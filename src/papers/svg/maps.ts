/** Attention as pictures: the whole map of a head in both orders, and where one token looks. */

import { keeps, placesOf, relocate, type VideoMask } from '../../../kernels/formats/video-mask';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { scaleOf, type Heads } from '../../attention/heads';
import { denseMask, executionMask, realTokens } from '../../attention/masks';
import { withScope } from '../../engine/engine';
import type { Problem } from './inputs';
import { denseOf } from './outcomes';

/** Most cells along a side of a map, and of a head's small map. */
const MOST_CELLS = 144;
const THUMB_CELLS = 32;

/** Tokens along a side of a cell of the maps. */
export const cellOf = (tokens: number): number => Math.ceil(tokens / MOST_CELLS);

/** Mean attention of each square of tokens in units of even attention, 1 / N: [M,M], M = ceil(N / cell). */
export interface Maps {
  readonly cell: number;
  readonly size: number;
  readonly frame: Float32Array;
  readonly token: Float32Array;
}

/** Rows of scores held at a time. */
const CHUNK = 512;

export const mapsOf = (problem: Problem, h: number): Promise<Maps> =>
  problem.memo.get(`map ${h}`, [problem.key], async () => {
    const { lse } = await denseOf(problem, h);
    const { q, k, N, D } = await problem.head(h);
    const cell = cellOf(N);
    const size = Math.ceil(N / cell);
    // Which layout a mask has is all that relocate asks of it.
    const layout = executionMask(problem.video, { keptFraction: 1, grain: 1, sink: 'none' });
    const cells = (to: (i: number) => number): Int32Array => Int32Array.from({ length: N }, (_, i) => Math.floor(to(i) / cell));
    const [inFrames, inTokens] = [cells((i) => i), cells((i) => relocate(layout, i, 'token'))];
    const [frame, token] = [new Float64Array(size * size), new Float64Array(size * size)];
    const real = realTokens(problem.video); // padding after them looks at padding alone
    const scale = scaleOf({ D });
    for (let first = 0; first < N; first += CHUNK) {
      const rows = Math.min(CHUNK, N - first);
      const scores = await withScope(problem.engine, (scope) =>
        scope.readF32(scope.run(matmulNt, { a: scope.hold(q.subarray(first * D, (first + rows) * D), [rows, D]), b: scope.hold(k, [N, D]) }).c));
      for (let n = 0; n < rows; n++) {
        const [base, at, moved, whole] = [n * N, inFrames[first + n] * size, inTokens[first + n] * size, lse[first + n]];
        const [from, to] = first + n < real ? [0, real] : [real, N];
        for (let j = from; j < to; j++) {
          const a = Math.exp(scores[base + j] * scale - whole);
          frame[at + inFrames[j]] += a;
          token[moved + inTokens[j]] += a;
        }
      }
    }
    const extent = (t: number): number => Math.min(cell, N - t * cell);
    const mean = (sums: Float64Array): Float32Array => Float32Array.from(sums, (a, i) => (a * N) / (extent(Math.floor(i / size)) * extent(i % size)));
    return { cell, size, frame: mean(frame), token: mean(token) };
  });

/** A map at a quarter of its size or less: means of squares of its cells. */
export function thumb(map: Float32Array, size: number): { readonly size: number; readonly data: Float32Array } {
  const step = Math.ceil(size / THUMB_CELLS);
  const small = Math.ceil(size / step);
  const [sums, counts] = [new Float64Array(small * small), new Float64Array(small * small)];
  map.forEach((v, i) => {
    const at = Math.floor(Math.floor(i / size) / step) * small + Math.floor((i % size) / step);
    sums[at] += v;
    counts[at]++;
  });
  return { size: small, data: Float32Array.from(sums, (v, i) => v / counts[i]) };
}

/** Where a token looks: shares of its attention, [F,P] of the video; the rest of 1 goes to text. */
export interface Look {
  readonly dense: Float32Array;
  readonly kept: Float32Array;
  readonly text: readonly [dense: number, kept: number];
}

/** @param mask of tokens frame-major; absent: all that is computed densely */
export function lookOf({ video, tokens }: Problem, head: Heads, token: number, mask?: VideoMask): Look {
  const first = video.variant === 'cog' ? video.text : 0;
  const rows = [attentionRow(head, token, denseMask(video)), attentionRow(head, token, mask ?? denseMask(video))].map((row) => {
    const shown = row.slice(first, first + tokens - video.text);
    const whole = row.reduce((a, b) => a + b, 0);
    return { shown, text: Math.max(0, whole - shown.reduce((a, b) => a + b, 0)) };
  });
  return { dense: rows[0].shown, kept: rows[1].shown, text: [rows[0].text, rows[1].text] };
}

/** The attention of one token to each of N, renormalised over what a mask keeps; all 0 where it keeps nothing. N D multiply-adds: on the host. */
function attentionRow({ q, k, N, D }: Heads, token: number, mask: VideoMask): Float32Array {
  const places = placesOf(mask);
  const seen = (j: number): boolean => keeps(mask.band, places[token], places[j]);
  const scale = scaleOf({ D });
  const scores = Float64Array.from({ length: N }, (_, j) => {
    if (!seen(j)) return -Infinity;
    let sum = 0;
    for (let d = 0; d < D; d++) sum += q[token * D + d] * k[j * D + d];
    return sum * scale;
  });
  const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  if (top === -Infinity) return new Float32Array(N);
  const weights = scores.map((v) => Math.exp(v - top));
  const whole = weights.reduce((a, b) => a + b, 0);
  return Float32Array.from(weights, (v) => v / whole);
}
