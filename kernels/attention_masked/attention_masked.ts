import { defineKernel, linear } from '../define';
import { attentionMaskedCases } from './attention_masked.cases';
import { attentionMaskedReference } from './attention_masked.reference';
import four from './attention_masked.four.wgsl?raw';
import quad from './attention_masked.quad.wgsl?raw';

/**
 * Attention under a video mask, described by `maskScalars` and `maskDims` (kernels/formats/video-mask.ts) and by the
 * tiles of classify_tiles, B tokens wide. F P of the N tokens are video, the rest is text. A query that keeps no key gets
 * zeros, and lse −1e30. The cost named is the dense one: the work done is that times the share of active tiles.
 */
export const attentionMasked = defineKernel({
  name: 'attention_masked',
  summary: 'Softmax attention over the pairs that a band, a sink and the text keep; tiles without any are skipped.',
  source: 'o_i = softmax over {j: keep(i,j)} of (scale q_i k_jᵀ) v_j (Sparse-VideoGen, svg/models/*/attention.py)',
  inputs: { q: 'f32[H,N,D]', k: 'f32[H,N,D]', v: 'f32[H,N,D]', tiles: 'u32[ceil(N/B),ceil(N/B)]' },
  outputs: { o: 'f32[H,N,D]', lse: 'f32[H,N]' },
  uniforms: ['H', 'N', 'D', 'F', 'P', 'B'],
  scalars: { scale: 'f32', prompt: 'u32', textFirst: 'u32', band: 'u32', block: 'u32', order: 'u32', bandOrder: 'u32', sink: 'u32' },
  variants: [
    {
      id: 'quad',
      note: 'four rows of at most 32 channels per invocation, held in registers; keys and values fetched once for sixteen rows and handed round by quads',
      wgsl: quad,
      file: 'kernels/attention_masked/attention_masked.quad.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ H, N }) => linear(H * Math.ceil(N / 16), 1),
      fits: ({ D, B }) => D % 4 === 0 && D <= 32 && B % 16 === 0,
    },
    {
      id: 'four',
      note: 'four rows per invocation against sixteen keys at a time, without workgroup memory, any D',
      wgsl: four,
      file: 'kernels/attention_masked/attention_masked.four.wgsl',
      launch: ({ H, N }) => linear(H * Math.ceil(N / 4), 32),
      fits: ({ D, B }) => D % 4 === 0 && B % 16 === 0,
    },
  ],
  cost: ({ H, N, D, B }) => ({ flops: 4 * H * N * N * D, bytes: 4 * (H * N * (4 * D + 1) + Math.ceil(N / B) ** 2) }),
  reference: attentionMaskedReference,
  compare: { o: { kind: 'nmse', bound: 1e-10 }, lse: { kind: 'nmse', bound: 1e-12 } },
  cases: attentionMaskedCases,
});
