/** Every pair of one head: what pictures of attention, true masses of clusters and any map's recall are summed from. */

import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import type { Attention } from '../../attention/dense';
import { withScope } from '../../engine/engine';
import { Memo } from '../../run/memo';
import { realLength, scaleOf, type VideoHeads } from './heads';
import type { Given, Problem } from './inputs';
import { sizesOf, type Clustering } from './kmeans';
import type { CentroidMap } from './map';

/** Dense attention weights of one head, [N,N]; rows add up to 1. Padding looks at padding only. */
export type Weights = Float32Array;

/** Rows of scores held at a time. */
const CHUNK = 512;

/** Bytes of weights that are remembered: those of four heads of 1,024 tokens, or of the last one of 4,096. */
const ROOM = 2 ** 24;

/** A memory of their own. */
const store = ({ memo }: Problem, { N }: VideoHeads): Promise<Memo> => memo.get('weights', [N], () => new Memo(Math.max(1, Math.floor(ROOM / (4 * N ** 2)))));

export const weightsOf = async (problem: Problem, given: Given, dense: Attention): Promise<Weights> =>
  (await store(problem, given.heads)).get('weights', [given.key], async () => {
    const { heads } = given;
    const { N, D, q, k } = heads;
    const real = realLength(heads);
    const out = new Float32Array(N * N);
    for (let first = 0; first < N; first += CHUNK) {
      const rows = Math.min(CHUNK, N - first);
      const scores = await withScope(problem.engine, (scope) =>
        scope.readF32(scope.run(matmulNt, { a: scope.upload(q.subarray(first * D, (first + rows) * D), [rows, D]), b: scope.upload(k, [N, D]) }).c));
      fill(out, scores, dense.lse, first, { rows, N, real, scale: scaleOf(heads) });
      await problem.pause();
    }
    return out;
  });

interface Rows { readonly rows: number; readonly N: number; readonly real: number; readonly scale: number }

function fill(out: Weights, scores: Float32Array, lse: Float32Array, first: number, { rows, N, real, scale }: Rows): void {
  for (let r = 0; r < rows; r++) {
    const [row, top] = [first + r, lse[first + r]];
    const [from, to] = row < real ? [0, real] : [real, N];
    for (let j = from; j < to; j++) out[row * N + j] = Math.exp(scores[r * N + j] * scale - top);
  }
}

/** Mean over the queries of each cluster of the attention on each key cluster, [Cq,Ck]; 0 for a cluster without queries. */
export function massOf(weights: Weights, queries: Clustering, keys: Clustering): Float32Array {
  const [N, Cq, Ck] = [queries.tokens, queries.count, keys.count];
  const sums = new Float64Array(Cq * Ck);
  for (let i = 0; i < N; i++) {
    const to = queries.labels[i] * Ck;
    for (let j = 0; j < N; j++) sums[to + keys.labels[j]] += weights[i * N + j];
  }
  const sizes = sizesOf(queries);
  return Float32Array.from(sums, (v, at) => v / Math.max(1, sizes[Math.floor(at / Ck)]));
}

/** Attention that falls on the kept pairs, mean over the real queries: what attention over them would show, without it. */
export function recallOfMap({ kept, keyClusters: Ck }: Pick<CentroidMap, 'kept' | 'keyClusters'>, mass: Float32Array, queries: Clustering, heads: VideoHeads): number {
  const sizes = sizesOf(queries);
  if (heads.text) sizes[queries.count - 1] = 0; // padding
  let sum = 0;
  for (let at = 0; at < mass.length; at++) if (kept[at]) sum += mass[at] * sizes[Math.floor(at / Ck)];
  return Math.min(1, sum / realLength(heads));
}

/** Most cells along a side of a picture. */
const MOST_CELLS = 128;

/** Tokens along a side of a cell. */
export const cellOf = (tokens: number): number => Math.ceil(tokens / MOST_CELLS);

/** Squares of `cell` × `cell` tokens, [M,M]. */
export interface Pooled {
  readonly size: number;
  /** Mean attention in units of even attention, 1 / N; `kept`: with dropped pairs as 0; `share` of the pairs that are kept. */
  readonly all: Float32Array;
  readonly kept: Float32Array;
  readonly share: Float32Array;
}

/** @param order the token at each place of the rows and of the columns; absent: their own order */
export function pooled(weights: Weights, queries: Clustering, keys: Clustering, { kept, keyClusters: Ck }: CentroidMap, order?: { readonly rows: Uint32Array; readonly cols: Uint32Array }): Pooled {
  const N = queries.tokens;
  const cell = cellOf(N);
  const size = Math.ceil(N / cell);
  const [all, some, pairs] = [new Float64Array(size * size), new Float64Array(size * size), new Float64Array(size * size)];
  const columns = Uint32Array.from({ length: N }, (_, at) => (order ? order.cols[at] : at));
  const clusters = columns.map((j) => keys.labels[j]);
  for (let at = 0; at < N; at++) {
    const i = order ? order.rows[at] : at;
    const [row, map, to] = [i * N, queries.labels[i] * Ck, Math.floor(at / cell) * size];
    for (let t = 0, b = 0; t < size; t++) {
      const end = Math.min(N, b + cell);
      let [sum, part, count] = [0, 0, 0];
      for (; b < end; b++) {
        const w = weights[row + columns[b]];
        const one = kept[map + clusters[b]]; // 0 or 1: a branch here would be guessed wrong too often
        sum += w;
        part += one * w;
        count += one;
      }
      all[to + t] += sum;
      some[to + t] += part;
      pairs[to + t] += count;
    }
  }
  const extent = (t: number): number => Math.min(cell, N - t * cell);
  const area = (at: number): number => extent(Math.floor(at / size)) * extent(at % size);
  return {
    size,
    all: Float32Array.from(all, (v, at) => (v * N) / area(at)),
    kept: Float32Array.from(some, (v, at) => (v * N) / area(at)),
    share: Float32Array.from(pairs, (v, at) => v / area(at)),
  };
}
