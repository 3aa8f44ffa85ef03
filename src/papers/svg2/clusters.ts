/** The clusters of one layer at one denoising step, from scratch or from the centroids that the step before left. */

import type { Scope } from '../../engine/engine';
import { firstRows, videoLength, type VideoHeads } from './heads';
import { clusteringOf, lloyd, randomCenters, type Clustering, type Lloyd, type Points } from './kmeans';

/** independent: as in the paper. queries, keys: the labels of one side for both, the ablation. */
export type Labels = 'independent' | 'queries' | 'keys';

export interface ClusterSettings {
  readonly queryClusters: number;
  readonly keyClusters: number;
  /** Iterations at the first call (official: 50) and at every later one (2). */
  readonly first: number;
  readonly later: number;
  readonly labels: Labels;
  readonly seed: number;
}

/** Centroids of a layer, kept from one denoising step to the next. Each [H,C,D]. */
export interface Cache {
  readonly queries: Float32Array;
  readonly keys: Float32Array;
}

export interface Clusters {
  readonly queries: Clustering;
  readonly keys: Clustering;
  /** What k-means did; absent for a side that took the labels of the other. */
  readonly runs: { readonly queries?: Lloyd; readonly keys?: Lloyd };
  readonly cache: Cache;
}

/** The video tokens of Q, K or V. */
export function videoOf(heads: VideoHeads, x: Float32Array): Points {
  const tokens = videoLength(heads);
  return { heads: heads.H, tokens, dim: heads.D, x: firstRows(x, heads.H, tokens, heads.D) };
}

const KEY_STREAM = 0x6b657973;

/**
 * Clusters queries and keys. @param cache from the step before; without it, or where it does not fit the settings,
 * k-means starts from random tokens
 */
export async function cluster(scope: Scope, heads: VideoHeads, s: ClusterSettings, cache?: Cache, pause?: () => Promise<void>): Promise<Clusters> {
  const [q, k] = [videoOf(heads, heads.q), videoOf(heads, heads.k)];
  const side = (points: Points, count: number, known: Float32Array | undefined, seed: number): Promise<Lloyd> => {
    const warm = known?.length === heads.H * count * heads.D;
    return lloyd(scope, points, warm ? known : randomCenters(points, count, seed), { iterations: warm ? s.later : s.first }, pause);
  };
  const queries = s.labels === 'keys' ? undefined : await side(q, s.queryClusters, cache?.queries, s.seed);
  const keys = s.labels === 'queries' ? undefined : await side(k, s.keyClusters, cache?.keys, s.seed ^ KEY_STREAM);
  const shared = (queries ?? keys)!;
  const both = {
    queries: queries ?? await clusteringOf(scope, q, shared.labels, shared.count),
    keys: keys ?? await clusteringOf(scope, k, shared.labels, shared.count),
  };
  return { ...both, runs: { queries, keys }, cache: { queries: both.queries.centers, keys: both.keys.centers } };
}
