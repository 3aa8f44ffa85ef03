/** Which key clusters each query cluster attends to, from centroids alone (svg/kmeans_utils.py). */

import { clusterMap } from '../../../kernels/cluster_map/cluster_map';
import { topP } from '../../../kernels/top_p/top_p';
import type { Scope } from '../../engine/engine';
import { scaleOf } from './heads';
import { sizesOf, type Clustering } from './kmeans';

export interface MapSettings {
  /** p: clusters are kept until their estimated attention reaches it; 1 keeps all. */
  readonly topP: number;
  /** Share of key clusters kept in any case (official: min_kc_ratio). */
  readonly minKept: number;
  /** A key cluster counts as often as it has keys (official), or once. */
  readonly sizeWeighted: boolean;
}

export interface CentroidMap {
  readonly heads: number;
  readonly queryClusters: number;
  readonly keyClusters: number;
  /** [H,Cq,Ck]: the attention of query cluster to key cluster if all tokens lay on their centroids. */
  readonly probability: Float32Array;
  /** [H,Cq,Ck], 0 or 1 */
  readonly kept: Uint32Array;
}

/** Float32 sums of a row may pass 1 a little; with this for p = 1 nothing is lost to that. */
const ALL = 2;

/** weighted_softmax and identify_dynamic_map. */
export async function centroidMap(scope: Scope, queries: Clustering, keys: Clustering, s: MapSettings): Promise<CentroidMap> {
  const [H, Cq, Ck] = [queries.heads, queries.count, keys.count];
  const dim = queries.centers.length / (H * Cq);
  const offsets = s.sizeWeighted ? keys.offsets : countedOnce(keys);
  const { probability } = scope.run(clusterMap, {
    queries: scope.hold(queries.centers, [H, Cq, dim]), keys: scope.hold(keys.centers, [H, Ck, dim]), offsets: scope.hold(offsets, [H, Ck + 1]),
  }, { scalars: { scale: scaleOf({ D: dim }) } });
  const { kept } = scope.run(topP, { probability }, { scalars: { share: s.topP >= 1 ? ALL : s.topP, least: Math.trunc(s.minKept * Ck) } });
  const [p, map] = await scope.readAll([probability, kept]);
  return { heads: H, queryClusters: Cq, keyClusters: Ck, probability: p as Float32Array, kept: map as Uint32Array };
}

/** Offsets under which every cluster that has keys has one. */
function countedOnce(keys: Clustering): Uint32Array {
  const offsets = new Uint32Array(keys.offsets.length);
  sizesOf(keys).forEach((size, i) => {
    const at = i + Math.floor(i / keys.count);
    offsets[at + 1] = offsets[at] + (size > 0 ? 1 : 0);
  });
  return offsets;
}

/** Kept share of the pairs of tokens of each head: Σ map n_q n_k / Σ n_q n_k (density_calculation). */
export function densityOf({ heads, queryClusters: Cq, keyClusters: Ck, kept }: CentroidMap, queries: Sized, keys: Sized): number[] {
  const [nq, nk] = [sizesOf(queries), sizesOf(keys)];
  return Array.from({ length: heads }, (_, h) => {
    let [pairs, all] = [0, 0];
    for (let i = 0; i < Cq; i++) {
      for (let j = 0; j < Ck; j++) {
        const n = nq[h * Cq + i] * nk[h * Ck + j];
        all += n;
        if (kept[(h * Cq + i) * Ck + j]) pairs += n;
      }
    }
    return pairs / all;
  });
}

type Sized = Parameters<typeof sizesOf>[0];

/**
 * The same map at a density of its own: each query cluster keeps its likeliest key clusters up to its share of pairs.
 * A cluster that would pass the target is kept while that leaves less of a gap, and the gap is handed on to the next row,
 * so that a head as a whole comes as near as its clusters allow. A row keeps at least one.
 * @param density one target for all heads, or one per head
 */
export function atDensity(map: CentroidMap, queries: Sized, keys: Sized, density: number | readonly number[]): CentroidMap {
  const { heads, queryClusters: Cq, keyClusters: Ck, probability } = map;
  const [nq, nk] = [sizesOf(queries), sizesOf(keys)];
  const kept = new Uint32Array(map.kept.length);
  for (let h = 0; h < heads; h++) {
    const sizes = nk.subarray(h * Ck, (h + 1) * Ck);
    const wanted = (typeof density === 'number' ? density : density[h]) * sizes.reduce((a, b) => a + b, 0);
    let due = 0; // pairs the rows so far should have kept more
    for (let i = 0; i < Cq; i++) {
      const rows = nq[h * Cq + i];
      if (rows === 0) continue;
      const first = (h * Cq + i) * Ck;
      due += wanted * rows;
      const order = Array.from(sizes.keys()).filter((j) => sizes[j] > 0).sort((a, b) => probability[first + b] - probability[first + a] || a - b);
      for (const [rank, j] of order.entries()) {
        const pairs = sizes[j] * rows;
        if (rank > 0 && pairs > 2 * due) break;
        kept[first + j] = 1;
        due -= pairs;
      }
    }
  }
  return { ...map, kept };
}
