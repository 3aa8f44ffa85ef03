/** The numbers of the chosen head. */

import { denseFlops, layoutBytes, sparseFlops, wholeSpeedup } from '../../attention/cost';
import { clusterFlops, mapFlops, overhead, type Iterations, type Sizes } from './cost';
import { densityFloor } from './density';
import { realLength, videoLength } from './heads';
import type { Clusters } from './clusters';
import type { Problem } from './inputs';
import { sizesOf, type Clustering } from './kmeans';
import type { CentroidMap } from './map';
import { agreementOf, tileUse } from './measure';
import type { Shown } from './outcome';
import { recallOfMap } from './weights';

/** Sides of fixed tiles, tokens. */
const SIDES = [16, 32, 64, 128] as const;

/** Dropped clusters as one key each: a score and a value for every query and each of them. */
function meansFlops({ queries, keys }: Clusters, { kept, keyClusters }: CentroidMap, dim: number): number {
  const [rows, columns] = [sizesOf(queries), sizesOf(keys)];
  return kept.reduce((sum, on, at) => sum + (on === 0 && columns[at % keyClusters] > 0 ? 4 * dim * rows[Math.floor(at / keyClusters)] : 0), 0);
}

/** What the chosen head comes to in numbers: kept, lost, wasted, spent. */
export function scalarsOf({ settings: s, params: p, frames, grid, count, chosen, tokens, step }: Problem, { of, dense, outcome, score }: Shown): Record<string, number> {
  const { given: { heads, meanings }, clusters, map: video } = of;
  const { queries, keys, map } = outcome;
  const [density] = outcome.density;
  const sizes: Sizes = { heads: 1, tokens: heads.N, headDim: heads.D, queryClusters: video.queryClusters, keyClusters: video.keyClusters };
  const runs = [clusters.runs.queries, clusters.runs.keys];
  const iterations = { queries: runs[0]?.iterations ?? 0, keys: runs[1]?.iterations ?? 0 };
  const each = (count: number): Iterations => ({ queries: runs[0] ? count : 0, keys: runs[1] ? count : 0 });
  const clustering = (count: Iterations): number => clusterFlops({ ...sizes, tokens }, count);
  const extra = overhead(sizes, iterations, tokens);
  const whole = denseFlops(sizes);
  const attended = sparseFlops(sizes, density) + (s.compensated ? meansFlops(clusters, video, heads.D) : 0);
  const share = p.share / 100;
  const real = realLength(heads) * heads.D;
  let [low, high] = [Infinity, -Infinity];
  for (const v of dense.o.subarray(0, real)) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const empty = (clustering: Clustering): number => sizesOf(clustering).reduce((n, size) => n + (size === 0 ? 1 : 0), 0);
  const index = (which: 'queries' | 'keys'): Record<string, number> => {
    if (!meanings) return {};
    const known = { ...clusters[which], count: meanings.count, labels: Uint32Array.from(meanings[which]) };
    return { [which === 'queries' ? 'ariClassQ' : 'ariClassK']: agreementOf(clusters[which], known)[0] };
  };
  const tiles = SIDES.flatMap((side) => (['place', 'cluster'] as const).flatMap((arranged): [string, number][] => {
    const [{ active, covered }] = tileUse(queries, keys, map, side, arranged);
    const name = `${side}${arranged === 'place' ? 'Place' : 'Cluster'}`;
    return [[`active${name}`, active], [`waste${name}`, covered > 0 ? 1 - density / covered : 0]];
  }));
  return {
    density, recall: score.recall, relativeError: score.relativeError, ...(Number.isFinite(score.psnrDb) && { psnrDb: score.psnrDb }), peak: high - low,
    estimatedRecall: recallOfMap(video, video.probability, clusters.queries, { ...heads, text: undefined, N: videoLength(heads) }),
    densityFloor: densityFloor(clusters.keys, heads, s.minKept),
    topP: s.topP, minKept: s.minKept, head: chosen + 1, heads: count, tokens: heads.N, videoTokens: tokens, text: heads.text?.tokens ?? 0, prompt: heads.text?.prompt ?? 0,
    frames, grid, headDim: heads.D, queryClusters: video.queryClusters, keyClusters: video.keyClusters,
    ari: agreementOf(clusters.queries, clusters.keys)[0], ...index('queries'), ...index('keys'),
    step, warmStart: step > 0 && p.warm ? 1 : 0, emptyQ: empty(clusters.queries), emptyK: empty(clusters.keys),
    ...(runs[0] && { iterationsQ: runs[0].iterations, inertiaQ: runs[0].finalInertia }), ...(runs[1] && { iterationsK: runs[1].iterations, inertiaK: runs[1].finalInertia }),
    ...Object.fromEntries(tiles),
    flopsDense: whole, flopsAttention: attended, flopsMap: mapFlops(sizes),
    flopsCluster: clustering(iterations), flopsClusterFirst: clustering(each(s.first)), flopsClusterLater: clustering(each(s.later)), bytesPermutation: layoutBytes(sizes, 4),
    attentionShare: share, overhead: extra, overheadLater: overhead(sizes, each(s.later), tokens), speedupBound: wholeSpeedup(share, 0), speedup: wholeSpeedup(share, attended / whole + extra),
  };
}
