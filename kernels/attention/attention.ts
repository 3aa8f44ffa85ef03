import { defineKernel, linear } from '../define';
import { attentionCases } from './attention.cases';
import { attentionReference } from './attention.reference';
import quad from './attention.quad.wgsl?raw';
import rows from './attention.rows.wgsl?raw';
import tile from './attention.tile.wgsl?raw';

/**
 * Dense attention of H heads with an online softmax. `causal` 1 lets row n see the keys up to n. lse is the natural
 * logarithm of each row's softmax denominator: from two of them follows the share of attention that a mask keeps.
 */
export const attention = defineKernel({
  name: 'attention',
  summary: 'Softmax attention in one pass over the keys: no score is stored.',
  source: 'o = softmax(scale q kᵀ) v, with the running maximum of FlashAttention (arXiv 2205.14135, algorithm 1)',
  inputs: { q: 'f32[H,N,D]', k: 'f32[H,M,D]', v: 'f32[H,M,D]' },
  outputs: { o: 'f32[H,N,D]', lse: 'f32[H,N]' },
  uniforms: ['H', 'N', 'M', 'D'],
  scalars: { scale: 'f32', causal: 'u32' },
  variants: [
    {
      id: 'quad',
      note: 'four rows of at most 32 channels per invocation, held in registers; keys and values fetched once for sixteen rows and handed round by quads',
      wgsl: quad,
      file: 'kernels/attention/attention.quad.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ H, N }) => linear(H * Math.ceil(N / 16), 1),
      fits: ({ D }) => D % 4 === 0 && D <= 32,
    },
    {
      id: 'rows',
      note: 'eight rows per invocation against sixteen keys at a time, without workgroup memory: the fewest loads per product',
      wgsl: rows,
      file: 'kernels/attention/attention.rows.wgsl',
      launch: ({ H, N }) => linear(H * Math.ceil(N / 8), 16),
      fits: ({ D }) => D % 4 === 0,
    },
    {
      id: 'tile',
      note: 'tiles of 32 rows and 32 keys shared through workgroup memory: each number is fetched once per tile',
      wgsl: tile,
      file: 'kernels/attention/attention.tile.wgsl',
      launch: ({ H, N }) => linear(H * Math.ceil(N / 32), 1),
      fits: ({ D }) => D % 4 === 0 && D <= 128,
    },
  ],
  // As without the causal mask; the exponentials are not counted.
  cost: ({ H, N, M, D }) => ({ flops: 4 * H * N * M * D, bytes: 4 * H * (2 * N * D + 2 * M * D + N) }),
  reference: attentionReference,
  // exp2 of a score s is good to about 2 |s| ulp.
  compare: { o: { kind: 'nmse', bound: 1e-10 }, lse: { kind: 'nmse', bound: 1e-12 } },
  cases: attentionCases,
});
