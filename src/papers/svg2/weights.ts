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
        scope.readF32(scope.run(matmulNt, { a: scope.hold(q.subarray(first * D, (first + rows) * D), [rows, D]), b: scope.hold(k, [N, D]) }).c));
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

/** The place of each token among the rows and among the columns of a picture; absent: its own. */
export interface Places {
  readonly rows: Uint32Array;
  readonly cols: Uint32Array;
}

/** Where clusters bring each token. */
export const placesOf = (queries: Clustering, keys: Clustering): Places => ({ rows: inverse(queries.order), cols: inverse(keys.order) });

function inverse(order: Uint32Array): Uint32Array {
  const out = new Uint32Array(order.length);
  order.forEach((token, at) => { out[token] = at; });
  return out;
}

/** The square of `cell` × `cell` tokens that each token falls into, along one side. */
const cells = (N: number, cell: number, places?: Uint32Array): Uint32Array => Uint32Array.from({ length: N }, (_, i) => Math.floor((places ? places[i] : i) / cell));

/** Sums over squares, [M,M], by the number of pairs in each; the last ones may be cut. */
function means(sums: Float64Array, N: number, unit: number): Float32Array {
  const cell = cellOf(N);
  const size = Math.ceil(N / cell);
  const last = N - (size - 1) * cell;
  const out = new Float32Array(size * size);
  for (let r = 0, at = 0; r < size; r++) {
    const side = unit / (r === size - 1 ? last : cell);
    for (let c = 0; c < size; c++, at++) out[at] = (sums[at] * side) / (c === size - 1 ? last : cell);
  }
  return out;
}

export const sizeOf = (N: number): number => Math.ceil(N / cellOf(N));

/** Mean attention of each square in units of even attention, 1 / N: [M,M]. */
export function pooled(weights: Weights, N: number, places?: Places): Float32Array {
  const size = sizeOf(N);
  const sums = new Float64Array(size * size);
  const [rows, cols] = [cells(N, cellOf(N), places?.rows), cells(N, cellOf(N), places?.cols)];
  for (let i = 0; i < N; i++) {
    const to = rows[i] * size;
    for (let j = 0, at = i * N; j < N; j++, at++) sums[to + cols[j]] += weights[at];
  }
  return means(sums, N, N);
}

export interface PooledKept {
  /** As `pooled`, with dropped pairs as 0. */
  readonly kept: Float32Array;
  /** Share of the pairs that are kept. */
  readonly share: Float32Array;
}

/** The same of kept pairs alone: no other pair is looked at. */
export function pooledKept(weights: Weights, queries: Clustering, keys: Clustering, { kept, keyClusters: Ck }: CentroidMap, places?: Places): PooledKept {
  const N = queries.tokens;
  const size = sizeOf(N);
  const [sums, pairs] = [new Float64Array(size * size), new Float64Array(size * size)];
  const [rows, cols] = [cells(N, cellOf(N), places?.rows), cells(N, cellOf(N), places?.cols)];
  const seen = new Uint32Array(N);
  for (let c = 0; c < queries.count; c++) {
    let count = 0;
    for (let k = 0; k < Ck; k++) if (kept[c * Ck + k]) for (let at = keys.offsets[k]; at < keys.offsets[k + 1]; at++) seen[count++] = keys.order[at];
    for (let at = queries.offsets[c]; at < queries.offsets[c + 1]; at++) {
      const i = queries.order[at];
      const [row, to] = [i * N, rows[i] * size];
      for (let n = 0; n < count; n++) {
        const [j, square] = [seen[n], to + cols[seen[n]]];
        sums[square] += weights[row + j];
        pairs[square]++;
      }
    }
  }
  return { kept: means(sums, N, N), share: means(pairs, N, 1) };
}
