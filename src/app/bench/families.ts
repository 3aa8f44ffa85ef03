/** The kernels by what they are for: what a reader chooses from. */

export interface Family {
  readonly id: string;
  readonly name: string;
  readonly kernels: readonly string[];
}

export const FAMILIES: readonly Family[] = [
  { id: 'products', name: 'Matrix products', kernels: ['matmul', 'matmul_nt', 'lowrank_down', 'lowrank_up', 'subtract_product', 'transpose'] },
  {
    id: 'int4', name: '4-bit numbers',
    kernels: ['w4a4_matmul', 'w4a4_up', 'w4a16_matmul', 'transpose_int4', 'quantize_int4', 'quantize_down', 'quantize_nf4', 'quantize_nvfp4', 'quantize_mxfp4', 'dequantize_int4', 'dequantize_codebook', 'round_groups', 'round_affine', 'scale_channels'],
  },
  { id: 'codebooks', name: 'Codebooks', kernels: ['codebook_matvec', 'codebook_matmul', 'codebook_csr_matvec', 'decode_codebook', 'assign_codebook', 'update_codebook', 'fisher_diagonal'] },
  { id: 'sparse', name: 'Sparse weights', kernels: ['csr_matvec', 'csr_matvec_balanced', 'csr_add_carries'] },
  { id: 'attention', name: 'Attention', kernels: ['attention', 'attention_blocks', 'attention_masked', 'attention_profile', 'classify_tiles', 'cluster_map', 'top_p', 'list_kept'] },
  { id: 'clusters', name: 'Clusters of tokens', kernels: ['kmeans_assign', 'segment_mean', 'sort_by_label', 'gather_rows', 'scatter_rows'] },
  { id: 'sums', name: 'Sums and maxima', kernels: ['absmax_rows', 'absmax_columns', 'absmax_groups', 'sum_squares', 'difference_squares', 'histogram'] },
  { id: 'ceilings', name: 'Ceilings', kernels: ['copy', 'fma'] },
];

/** Where a kernel that no list above names is found. */
const OTHERS = { id: 'others', name: 'Others' } as const;

/** The families with what is there of them; a kernel that no family lists is not lost. */
export function familiesOf(names: readonly string[]): Family[] {
  const listed = FAMILIES.map((family) => ({ ...family, kernels: family.kernels.filter((name) => names.includes(name)) }));
  const known = new Set(listed.flatMap(({ kernels }) => kernels));
  return [...listed, { ...OTHERS, kernels: names.filter((name) => !known.has(name)) }].filter(({ kernels }) => kernels.length > 0);
}
