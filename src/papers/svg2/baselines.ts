/** What clusters by meaning are held against: blocks of places, chance, and the exact top tokens. */

import { createRng } from '../../../kernels/rng';
import type { Attention } from '../../attention/dense';
import type { Scope } from '../../engine/engine';
import { videoOf, type Clusters } from './clusters';
import { scaleOf, videoLength, type VideoHeads } from './heads';
import { clusteringOf } from './kmeans';
import type { CentroidMap } from './map';

/** Labels [H,N] of `count` runs of neighbouring tokens, as equal as can be. */
export function placeLabels(heads: VideoHeads, count: number): Uint32Array {
  const tokens = videoLength(heads);
  return Uint32Array.from({ length: heads.H * tokens }, (_, i) => Math.floor(((i % tokens) * count) / tokens));
}

/** Blocks of places with their means as centers (mean pooling), as many as there are clusters. */
export async function placeBlocks(scope: Scope, heads: VideoHeads, queryBlocks: number, keyBlocks: number): Promise<Pick<Clusters, 'queries' | 'keys'>> {
  return {
    queries: await clusteringOf(scope, videoOf(heads, heads.q), placeLabels(heads, queryBlocks), queryBlocks),
    keys: await clusteringOf(scope, videoOf(heads, heads.k), placeLabels(heads, keyBlocks), keyBlocks),
  };
}

/** The map with chance for its probabilities: what it keeps is up to `atDensity`. */
export function atRandom(map: CentroidMap, seed: number): CentroidMap {
  const rng = createRng(seed);
  return { ...map, probability: map.probability.map(() => rng.uniform()) };
}

/** How many of a row's attention weights, given in descending order and adding up to 1, are kept. */
export type KeptCount = (descending: Float64Array) => number;

/** The same share of keys in every row, at least one. */
export const topShare = (share: number): KeptCount => (row) => Math.min(row.length, Math.max(1, Math.round(share * row.length)));

/** Keys until their attention passes p, the one that passes it too: what clusters of one token each would keep. */
export const topMass = (p: number): KeptCount => (row) => {
  let sum = 0;
  for (let n = 0; n < row.length; n++) {
    sum += row[n];
    if (sum > p) return n + 1;
  }
  return row.length;
};

export interface Oracle extends Attention {
  /** Kept share of pairs, per head. */
  readonly density: readonly number[];
  /** Per head: entry n is the mean attention that the n largest keys of a row hold, n = 0 … N. */
  readonly curves: readonly Float64Array[];
}

/**
 * Attention to the exact top keys of each row, on the host in float64: what no choice of blocks can beat. It looks at
 * every score, so it saves nothing.
 * @param counts each gives an outcome of its own, from one pass over the scores
 * @param pause awaited between runs of rows; it may throw to stop
 */
export async function exactTops(heads: VideoHeads, counts: readonly KeptCount[], pause?: () => Promise<void>): Promise<Oracle[]> {
  if (heads.text) throw new RangeError('The exact top keys are looked for in a video without text only.');
  const { H, N, D } = heads;
  const [q, k, v] = [Float64Array.from(heads.q), Float64Array.from(heads.k), Float64Array.from(heads.v)];
  const curves = Array.from({ length: H }, () => new Float64Array(N + 1));
  const outcomes = counts.map(() => ({ o: new Float32Array(H * N * D), lse: new Float32Array(H * N), density: Array.from({ length: H }, () => 0), curves }));
  const [weights, sum] = [new Float64Array(N), new Float64Array(D)];
  for (let row = 0; row < H * N; row++) {
    const head = Math.floor(row / N);
    const top = softmaxRow(q, k, row, head * N, D, scaleOf(heads), weights);
    const descending = weights.slice().sort().reverse();
    for (let n = 0, before = 0; n < N; n++) {
      before += descending[n];
      curves[head][n + 1] += before / N;
    }
    for (const [c, { o, lse, density }] of outcomes.entries()) {
      const count = counts[c](descending);
      density[head] += count / N / N;
      lse[row] = top + Math.log(gather(weights, descending, count, v, head * N, sum));
      o.set(sum, row * D);
    }
    if (pause && row % 64 === 63) await pause();
  }
  return outcomes;
}

export const exactTop = async (heads: VideoHeads, kept: KeptCount, pause?: () => Promise<void>): Promise<Oracle> => (await exactTops(heads, [kept], pause))[0];

/** Softmax of a row of scores, into `weights`; gives the logarithm of its denominator. */
function softmaxRow(q: Float64Array, k: Float64Array, row: number, first: number, dim: number, scale: number, weights: Float64Array): number {
  let top = -Infinity;
  for (let j = 0; j < weights.length; j++) {
    let score = 0;
    for (let d = 0, a = row * dim, b = (first + j) * dim; d < dim; d++) score += q[a + d] * k[b + d];
    weights[j] = score * scale;
    if (weights[j] > top) top = weights[j];
  }
  let sum = 0;
  for (let j = 0; j < weights.length; j++) sum += weights[j] = Math.exp(weights[j] - top);
  for (let j = 0; j < weights.length; j++) weights[j] /= sum;
  return top + Math.log(sum);
}

/** The mean value of a row under its `count` largest weights, of equal ones the first, into `out`; gives their sum. */
function gather(weights: Float64Array, descending: Float64Array, count: number, v: Float64Array, first: number, out: Float64Array): number {
  const dim = out.length;
  const least = descending[count - 1];
  let equal = 0;
  for (let n = count - 1; n >= 0 && descending[n] === least; n--) equal++;
  out.fill(0);
  let sum = 0;
  for (let j = 0; j < weights.length; j++) {
    const w = weights[j];
    if (w < least || (w === least && equal-- <= 0)) continue;
    sum += w;
    for (let d = 0, at = (first + j) * dim; d < dim; d++) out[d] += w * v[at + d];
  }
  for (let d = 0; d < dim; d++) out[d] /= sum;
  return sum;
}
