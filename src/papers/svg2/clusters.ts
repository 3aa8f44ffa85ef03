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

/** Which of the two is clustered. */
export type Side = 'queries' | 'keys';

/**
 * k-means of one side. @param known centroids of the step before; without them, or where they do not fit the settings,
 * it starts from random tokens
 */
export function clusterSide(scope: Scope, heads: VideoHeads, side: Side, s: ClusterSettings, known?: Float32Array, pause?: () => Promise<void>): Promise<Lloyd> {
  const points = videoOf(heads, side === 'queries' ? heads.q : heads.k);
  const count = side === 'queries' ? s.queryClusters : s.keyClusters;
  const warm = known?.length === heads.H * count * heads.D;
  const start = warm ? known : randomCenters(points, count, side === 'queries' ? s.seed : s.seed ^ KEY_STREAM);
  return lloyd(scope, points, start, { iterations: warm ? s.later : s.first }, pause);
}

/** Both sides from what was clustered; a side that was not takes the labels of the other. At least one is given. */
export async function together(scope: Scope, heads: VideoHeads, runs: Clusters['runs']): Promise<Clusters> {
  const shared = runs.queries ?? runs.keys;
  if (!shared) throw new RangeError('Neither queries nor keys are clustered.');
  const of = (x: Float32Array): Promise<Clustering> => clusteringOf(scope, videoOf(heads, x), shared.labels, shared.count);
  const [queries, keys] = [runs.queries ?? await of(heads.q), runs.keys ?? await of(heads.k)];
  return { queries, keys, runs, cache: { queries: queries.centers, keys: keys.centers } };
}

/** Clusters queries and keys. @param cache from the step before */
export async function cluster(scope: Scope, heads: VideoHeads, s: ClusterSettings, cache?: Cache, pause?: () => Promise<void>): Promise<Clusters> {
  const queries = s.labels === 'keys' ? undefined : await clusterSide(scope, heads, 'queries', s, cache?.queries, pause);
  const keys = s.labels === 'queries' ? undefined : await clusterSide(scope, heads, 'keys', s, cache?.keys, pause);
  return together(scope, heads, { queries, keys });
}
