/** What each stage costs, counted as two operations to a product and a sum. */

import { denseFlops, type Sizes as AttentionSizes } from '../../attention/cost';

export interface Sizes extends AttentionSizes {
  readonly queryClusters: number;
  readonly keyClusters: number;
}

/** How often each side is assigned anew; 0 where it takes the labels of the other. */
export interface Iterations {
  readonly queries: number;
  readonly keys: number;
}

/** k-means of queries and keys: 2 C N D an iteration, side and head to assign, and 2 N D to add up. */
export const clusterFlops = ({ heads, tokens, headDim, queryClusters, keyClusters }: Sizes, { queries, keys }: Iterations): number =>
  2 * heads * tokens * headDim * (queries * (queryClusters + 1) + keys * (keyClusters + 1));

/** The scores of centroids, 2 C_q C_k D, and their order. */
export const mapFlops = ({ heads, headDim, queryClusters, keyClusters }: Sizes): number => heads * queryClusters * keyClusters * (2 * headDim + Math.log2(Math.max(2, keyClusters)));

/**
 * Clustering and map over dense attention: what density must leave room for.
 * @param video its tokens, which alone are clustered; dense attention is over those of text too
 */
export const overhead = (sizes: Sizes, iterations: Iterations, video = sizes.tokens): number =>
  (clusterFlops({ ...sizes, tokens: video }, iterations) + mapFlops(sizes)) / denseFlops(sizes);

export type Stage = 'clustering' | 'map' | 'permutation' | 'attention';

/** The stage a kernel works for, by name; a kernel not named here belongs to none. */
export const STAGES: Readonly<Record<string, Stage>> = {
  kmeans_assign: 'clustering', sort_by_label: 'clustering', segment_mean: 'clustering',
  cluster_map: 'map', top_p: 'map', list_kept: 'map',
  gather_rows: 'permutation', scatter_rows: 'permutation',
  attention_blocks: 'attention',
};
