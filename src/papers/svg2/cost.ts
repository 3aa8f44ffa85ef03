/** What each stage costs, counted as two operations to a product and a sum, for one head. */

export interface Sizes {
  /** N */
  readonly tokens: number;
  /** D */
  readonly dim: number;
  readonly queryClusters: number;
  readonly keyClusters: number;
}

/** Both products of dense attention: 4 N² D. */
export const denseFlops = ({ tokens, dim }: Sizes): number => 4 * tokens ** 2 * dim;

/** k-means of queries and keys: 2 (C_q + C_k) N D an iteration to assign, and 2 N D to add up. */
export const clusterFlops = ({ tokens, dim, queryClusters, keyClusters }: Sizes, iterations: number): number =>
  2 * iterations * tokens * dim * (queryClusters + keyClusters + 2);

/** The scores of centroids, 2 C_q C_k D, and their order. */
export const mapFlops = ({ dim, queryClusters, keyClusters }: Sizes): number => queryClusters * keyClusters * (2 * dim + Math.log2(Math.max(2, keyClusters)));

/** Q, K and V read and written, and the output too: 8 N D numbers of `bytes`. */
export const permutationBytes = ({ tokens, dim }: Sizes, bytes = 4): number => 8 * tokens * dim * bytes;

/** Attention over a share of the pairs. */
export const sparseFlops = (sizes: Sizes, density: number): number => density * denseFlops(sizes);

/** Clustering and map over dense attention: what density must leave room for. */
export const overhead = (sizes: Sizes, iterations: number): number => (clusterFlops(sizes, iterations) + mapFlops(sizes)) / denseFlops(sizes);

/** The most that a model gains whose share `attention` of time is attention (Amdahl). */
export const speedBound = (attention: number, density: number, extra: number): number => 1 / (1 - attention + attention * (density + extra));

export type Stage = 'clustering' | 'map' | 'permutation' | 'attention';

/** The stage a kernel works for, by name; a kernel not named here belongs to none. */
export const STAGES: Readonly<Record<string, Stage>> = {
  kmeans_assign: 'clustering', sort_by_label: 'clustering', segment_mean: 'clustering',
  cluster_map: 'map', top_p: 'map', list_kept: 'map',
  gather_rows: 'permutation', scatter_rows: 'permutation',
  attention_blocks: 'attention',
};
