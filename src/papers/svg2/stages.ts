/** The pictures of the chosen head, as stages and vectors of a Run. */

import type { Attention } from '../../attention/dense';
import type { StageTensor, StageVector } from '../../run/run';
import { videoLength, type VideoHeads } from './heads';
import { sizesOf, type Clustering } from './kmeans';
import type { CentroidMap } from './map';

export type Stages = Record<string, StageTensor>;
export type Vectors = Record<string, StageVector>;

type Told = Omit<StageTensor, 'id'>;

export const stagesOf = (list: readonly (Told & { readonly id: string })[]): Stages => Object.fromEntries(list.map((stage) => [stage.id, stage]));

export const vectorsOf = (list: readonly StageVector[]): Vectors => Object.fromEntries(list.map((vector) => [vector.id, vector]));

const floats = (values: ArrayLike<number>): Float32Array => (values instanceof Float32Array ? values : Float32Array.from(values));

/** One number per video token, as frames [F,P]. */
export const frameStage = (id: string, symbol: string, name: string, family: string, frames: number, values: ArrayLike<number>, format: string): StageTensor => {
  const data = floats(values);
  return { id, symbol, name, rows: frames, cols: data.length / frames, data, axes: ['f', 'p'], family, format };
};

/** [N,D] of one head. */
export const tokenStage = (id: string, symbol: string, name: string, family: string, { N, D }: VideoHeads, data: Float32Array): StageTensor =>
  ({ id, symbol, name, rows: N, cols: D, data, axes: ['t', 'd'], family, format: `${N} × ${D}` });

/** [M,M] of squares of tokens. */
export const pairStage = (id: string, symbol: string, name: string, family: string, axes: readonly [string, string], size: number, cell: number, data: Float32Array): StageTensor =>
  ({ id, symbol, name, rows: size, cols: size, data, axes, family, format: cell === 1 ? 'token by token' : `mean of ${cell} × ${cell} tokens` });

/** [Cq,Ck] of clusters. */
export const clusterStage = (id: string, symbol: string, name: string, family: string, { queryClusters, keyClusters }: Pick<CentroidMap, 'queryClusters' | 'keyClusters'>, values: ArrayLike<number>, axis = 'ck'): StageTensor =>
  ({ id, symbol, name, rows: queryClusters, cols: keyClusters, data: floats(values), axes: ['cq', axis], family, format: `${queryClusters} × ${keyClusters}` });

export const vector = (id: string, symbol: string, name: string, axis: string, values: ArrayLike<number>): StageVector => ({ id, symbol, name, axis, data: floats(values) });

/** ‖oᵢ − o*ᵢ‖ of each video token in units of rms ‖o*‖. */
export function errorPerToken(heads: VideoHeads, o: Attention, dense: Attention): Float32Array {
  const { D } = heads;
  const tokens = videoLength(heads);
  let squares = 0;
  for (let i = 0; i < tokens * D; i++) squares += dense.o[i] ** 2;
  const size = Math.sqrt(squares / tokens) || 1;
  return Float32Array.from({ length: tokens }, (_, i) => {
    let gap = 0;
    for (let d = i * D; d < (i + 1) * D; d++) gap += (o.o[d] - dense.o[d]) ** 2;
    return Math.sqrt(gap) / size;
  });
}

/** Each row of a map with its clusters in the order of their probability. */
export interface Ranked {
  /** [Cq,Ck] */
  readonly probability: Float32Array;
  readonly kept: Float32Array;
  readonly cluster: Uint32Array;
}

export function ranked({ probability, kept, queryClusters: Cq, keyClusters: Ck }: CentroidMap): Ranked {
  const cluster = new Uint32Array(Cq * Ck);
  for (let i = 0; i < Cq; i++) {
    const row = probability.subarray(i * Ck, (i + 1) * Ck);
    cluster.set(Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b), i * Ck);
  }
  const of = (x: ArrayLike<number>): Float32Array => Float32Array.from(cluster, (j, at) => x[Math.floor(at / Ck) * Ck + j]);
  return { cluster, probability: of(probability), kept: of(kept) };
}

/** A token of each cluster of x [N,D]: the nearest to the mean, −1 where there is none; of text clusters the first. */
export function tokenOfEach({ labels, count, centers, order, offsets }: Clustering, x: Float32Array, dim: number): Float32Array {
  const video = centers.length / dim;
  const nearest = new Float32Array(count).fill(-1);
  const least = new Float64Array(count).fill(Infinity);
  for (let i = 0; i < labels.length; i++) {
    const c = labels[i];
    if (c >= video) continue;
    let distance = 0;
    for (let d = 0; d < dim; d++) distance += (x[i * dim + d] - centers[c * dim + d]) ** 2;
    if (distance < least[c]) [least[c], nearest[c]] = [distance, i];
  }
  for (let c = video; c < count; c++) if (offsets[c + 1] > offsets[c]) nearest[c] = order[offsets[c]];
  return nearest;
}

/** What most of each cluster's tokens mean; its own number where meanings are not known, or it is empty or text. */
export function paintOf(clustering: Clustering, meanings: Uint8Array | undefined): Float32Array {
  const { count, order, offsets } = clustering;
  const sizes = sizesOf(clustering);
  return Float32Array.from({ length: count }, (_, c) => {
    if (!meanings || sizes[c] === 0 || order[offsets[c]] >= meanings.length) return c;
    const votes = new Map<number, number>();
    for (let at = offsets[c]; at < offsets[c + 1]; at++) votes.set(meanings[order[at]], (votes.get(meanings[order[at]]) ?? 0) + 1);
    return [...votes].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
  });
}
