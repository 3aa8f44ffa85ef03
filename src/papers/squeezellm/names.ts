/** Names, colours and order of the methods on the page; the ids are also those of the command line. */

import type { MethodSlot } from '../../run/run';

export const METHODS = {
  rtn: { label: 'Round to nearest', slot: 'rtn' },
  'rtn-group': { label: 'Round in groups', slot: 'int8' },
  nf4: { label: 'NF4', slot: 'fp4' },
  gptq: { label: 'GPTQ', slot: 'gptq' },
  awq: { label: 'AWQ', slot: 'awq' },
  kmeans: { label: 'k-means, unweighted', slot: 'svd' },
  'dense-only': { label: 'k-means, weighted', slot: 'lorc' },
  'dense-and-sparse': { label: 'Dense and sparse', slot: 'hero' },
} as const satisfies Readonly<Record<string, { label: string; slot: MethodSlot }>>;

export type MethodId = keyof typeof METHODS;

export const METHOD_ORDER = Object.keys(METHODS) as MethodId[];

/** The unquantized weights, where a chart sets the methods beside them. */
export const SIXTEEN_BITS = { method: '16-bit', label: '16-bit', slot: 'smooth' } as const satisfies { method: string; label: string; slot: MethodSlot };

/** What each kernel does in this lab, by kernel name. */
export const KERNEL_LABELS: Readonly<Record<string, string>> = {
  codebook_matvec: 'Dense part: codes × x',
  codebook_matmul: 'Dense part: codes × X',
  csr_matvec: 'Sparse part, a thread per row',
  csr_matvec_balanced: 'Sparse part, equal nonzeros',
  csr_add_carries: 'Sparse part, carries',
  codebook_csr_matvec: 'Both parts in one launch',
  decode_codebook: 'Restore from the codebook',
  round_affine: 'Round to nearest',
  assign_codebook: 'k-means: assign',
  update_codebook: 'k-means: update',
  fisher_diagonal: 'Squared gradients',
  matmul_nt: '32-bit product',
};
