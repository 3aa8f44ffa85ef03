/** Names, colours and order of the methods on the page; the ids are also those of the command line. */

import type { MethodSlot } from '../../run/run';
import type { HeadKind } from './toy';

export const METHODS = {
  dense: { label: 'Dense', slot: 'rtn' },
  random: { label: 'Random tiles', slot: 'gptq' },
  sliding: { label: 'Sliding window', slot: 'smooth' },
  spatial: { label: 'Spatial mask for all', slot: 'svd' },
  temporal: { label: 'Temporal mask for all', slot: 'lorc' },
  oracle: { label: 'Better mask of each head', slot: 'iter' },
  svg: { label: 'Sparse VideoGen', slot: 'hero' },
} as const satisfies Readonly<Record<string, { label: string; slot: MethodSlot }>>;

export type MethodId = keyof typeof METHODS;

export const METHOD_ORDER = Object.keys(METHODS) as MethodId[];

/** What a head was made to look at, in the order of `head_kind`; `projected` names it where heads come from a video. */
export const HEAD_KINDS = [
  { id: 'spatial', label: 'Spatial', projected: 'Spatial', slot: 'svd' },
  { id: 'temporal', label: 'Temporal', projected: 'Temporal', slot: 'lorc' },
  { id: 'mixed', label: 'Mixed', projected: 'Mixed', slot: 'smooth' },
  { id: 'neither', label: 'Neither', projected: 'Appearance', slot: 'fp4' },
] as const satisfies readonly { id: HeadKind; label: string; projected: string; slot: MethodSlot }[];

/** By the number of a verdict. */
export const VERDICTS = ['Spatial', 'Temporal'] as const;

/** What each kernel does in this lab, by kernel name. */
export const KERNEL_LABELS: Readonly<Record<string, string>> = {
  attention: 'Dense attention',
  attention_masked: 'Attention under the mask',
  attention_profile: 'Judge by sampled rows',
  attention_blocks: 'Attention over random tiles',
  classify_tiles: 'Classify tiles',
  gather_rows: 'Lay out token-major',
  scatter_rows: 'Lay out back',
  list_kept: 'List kept tiles',
  matmul_nt: 'Scores of the map',
};
