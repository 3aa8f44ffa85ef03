import { defineKernel, linear } from '../define';
import { attentionBlocksCases } from './attention_blocks.cases';
import { attentionBlocksReference } from './attention_blocks.reference';
import quad from './attention_blocks.quad.wgsl?raw';
import rows from './attention_blocks.rows.wgsl?raw';
import tile from './attention_blocks.tile.wgsl?raw';

/**
 * Sparse attention in blocks of variable size. Rows of q lie sorted by query cluster, rows of k and v by key cluster
 * (gather_rows by the order of sort_by_label); `queries` and `keys` say where each cluster begins, `list` which key
 * clusters each query cluster sees (list_kept). A query whose clusters hold no key gets zeros, and lse −1e30. The cost
 * named is the dense one: the work done is that times the density.
 */
export const attentionBlocks = defineKernel({
  name: 'attention_blocks',
  summary: 'Softmax attention of query clusters to the key clusters they list, and to no other.',
  source: 'o_i = softmax(scale q_i k_Sᵀ) v_S, S the keys of the clusters that the cluster of i keeps (Sparse-VideoGen, svg/kmeans_utils.py, dynamic_block_sparse_fwd)',
  inputs: { q: 'f32[H,N,D]', k: 'f32[H,M,D]', v: 'f32[H,M,D]', queries: 'u32[H,Cq+1]', keys: 'u32[H,Ck+1]', list: 'u32[H,Cq,Ck]' },
  outputs: { o: 'f32[H,N,D]', lse: 'f32[H,N]' },
  uniforms: ['H', 'N', 'M', 'Cq', 'Ck', 'D'],
  scalars: { scale: 'f32' },
  variants: [
    {
      id: 'quad',
      note: 'four rows of at most 32 channels per invocation, held in registers; keys and values fetched once for sixteen rows and handed round by quads',
      wgsl: quad,
      file: 'kernels/attention_blocks/attention_blocks.quad.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ H, N }) => linear(H * Math.ceil(N / 16), 1),
      fits: ({ D }) => D % 4 === 0 && D <= 32,
    },
    {
      id: 'rows',
      note: 'eight rows of a query cluster per invocation; sixteen keys at a time, filled across cluster borders',
      wgsl: rows,
      file: 'kernels/attention_blocks/attention_blocks.rows.wgsl',
      launch: ({ H, N, Cq }) => linear(H * Math.floor((N + 7 * Cq) / 8), 16),
      fits: ({ D }) => D % 4 === 0,
    },
    {
      id: 'tile',
      note: 'tiles of 32 rows and 32 keys shared through workgroup memory, keys filled across cluster borders',
      wgsl: tile,
      file: 'kernels/attention_blocks/attention_blocks.tile.wgsl',
      launch: ({ H, N, Cq }) => linear(H * (Cq + Math.floor(N / 32)), 1),
      fits: ({ D }) => D % 4 === 0 && D <= 128,
    },
  ],
  cost: ({ H, N, M, Cq, Ck, D }) => ({ flops: 4 * H * N * M * D, bytes: 4 * H * (2 * N * D + 2 * M * D + N + Cq * Ck + Cq + Ck + 2) }),
  reference: attentionBlocksReference,
  compare: { o: { kind: 'nmse', bound: 1e-10 }, lse: { kind: 'nmse', bound: 1e-12 } },
  cases: attentionBlocksCases,
});
