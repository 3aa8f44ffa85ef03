/** Attention over tokens by meaning, from clusters to output: Sparse VideoGen 2 (svg/models/wan/attention.py, SAP). */

import type { Attention } from '../../attention/dense';
import type { Scope } from '../../engine/engine';
import { blockAttention } from './attention';
import { cluster, type Cache, type Clusters, type ClusterSettings } from './clusters';
import { compensate } from './compensation';
import type { VideoHeads } from './heads';
import { centroidMap, densityOf, type CentroidMap, type MapSettings } from './map';
import { mapWithText, withText } from './text';

export interface MethodSettings extends ClusterSettings, MapSettings {
  /** Dropped clusters stand as one key each. Not in the paper. */
  readonly compensated: boolean;
}

/** What a map over clusters comes to. */
export interface Attended {
  /** Of all clusters, those of text included. */
  readonly queries: Clusters['queries'];
  readonly keys: Clusters['keys'];
  readonly map: CentroidMap;
  /** The output; with compensation, that of kept and dropped clusters together. */
  readonly attention: Attention;
  /** Attention over the kept clusters alone: what recall is counted by. */
  readonly kept: Attention;
  /** Kept share of pairs, text pairs counted, per head. */
  readonly density: readonly number[];
}

export interface Outcome extends Attended {
  readonly clusters: Clusters;
}

/** The stages after clustering: all that a change of p needs. @param map of the video's clusters */
export async function attend(scope: Scope, heads: VideoHeads, clusters: Pick<Clusters, 'queries' | 'keys'>, video: CentroidMap, compensated: boolean): Promise<Attended> {
  const [queries, keys, map] = [withText(clusters.queries, heads), withText(clusters.keys, heads), mapWithText(video, heads)];
  const kept = await blockAttention(scope, heads, queries, keys, map);
  const attention = compensated ? await compensate(scope, heads, queries, keys, map, kept) : kept;
  return { queries, keys, map, attention, kept, density: densityOf(map, queries, keys) };
}

/**
 * One layer at one denoising step. Hand `clusters.cache` of the outcome to the next step.
 * @param cache of the step before; none at the first call
 */
export async function semanticAttention(scope: Scope, heads: VideoHeads, s: MethodSettings, cache?: Cache, pause?: () => Promise<void>): Promise<Outcome> {
  const clusters = await cluster(scope, heads, s, cache, pause);
  const map = await centroidMap(scope, clusters.queries, clusters.keys, s);
  return { clusters, ...await attend(scope, heads, clusters, map, s.compensated) };
}
