/** Names, colours and order of the methods on the page; the ids are also those of the command line. */

import type { MethodSlot } from '../../run/run';

export const METHODS = {
  dense: { label: 'Dense', slot: 'rtn' },
  svg2: { label: 'By meaning (SVG2)', slot: 'hero' },
  place: { label: 'Blocks of places, equal density', slot: 'smooth' },
  'place-p': { label: 'Blocks of places, equal top-p', slot: 'awq' },
  random: { label: 'Random blocks', slot: 'fp4' },
  svg: { label: 'Bands (SVG), equal density', slot: 'gptq' },
  oracle: { label: 'Exact top tokens', slot: 'svd' },
  shared: { label: 'Shared labels', slot: 'lorc' },
  unsized: { label: 'Without sizes', slot: 'int8' },
  compensated: { label: 'Dropped ones as means', slot: 'iter' },
} as const satisfies Readonly<Record<string, { label: string; slot: MethodSlot }>>;

export type MethodId = keyof typeof METHODS;

export const METHOD_ORDER = Object.keys(METHODS) as MethodId[];

/** What each kernel does in this lab, by kernel name. */
export const KERNEL_LABELS: Readonly<Record<string, string>> = {
  kmeans_assign: 'k-means: assign',
  sort_by_label: 'k-means: sort by cluster',
  segment_mean: 'k-means: means',
  cluster_map: 'Map: softmax of centroids',
  top_p: 'Map: top-p',
  list_kept: 'Map: lists of kept clusters',
  gather_rows: 'Permute',
  scatter_rows: 'Permute back',
  attention_blocks: 'Attention over kept clusters',
  attention: 'Dense attention',
};
