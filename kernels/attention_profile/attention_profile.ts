import { defineKernel, linear } from '../define';
import { attentionProfileCases } from './attention_profile.cases';
import { attentionProfileReference } from './attention_profile.reference';
import row from './attention_profile.row.wgsl?raw';

/**
 * Online profiling of heads: for the sampled rows (the same in every head), dense attention and attention under the
 * spatial and the temporal mask, so that the nearer of the two tells what the head looks at. `mass` is the share of a
 * row's attention that each mask keeps. Scalars as in kernels/formats/video-mask.ts; tokens lie as `order` says, and
 * the band runs over frames for the spatial mask and over positions for the temporal one.
 */
export const attentionProfile = defineKernel({
  name: 'attention_profile',
  summary: 'Dense, spatially masked and temporally masked attention of sampled rows in one pass, and the attention each mask keeps.',
  source: 'o*, o_spatial, o_temporal of rows of q; the head is spatial if ‖o_spatial − o*‖² ≤ ‖o_temporal − o*‖² (Sparse-VideoGen, svg/models/wan/attention.py, sample_mse)',
  inputs: { q: 'f32[H,N,D]', k: 'f32[H,N,D]', v: 'f32[H,N,D]', rows: 'u32[R]' },
  outputs: { o: 'f32[3,H,R,D]', mass: 'f32[2,H,R]' },
  uniforms: ['H', 'N', 'D', 'R', 'F', 'P'],
  scalars: { scale: 'f32', prompt: 'u32', textFirst: 'u32', band: 'u32', block: 'u32', order: 'u32', sink: 'u32' },
  variants: [
    {
      id: 'row',
      note: 'one sampled row of one head per invocation; scores are shared by the three',
      wgsl: row,
      file: 'kernels/attention_profile/attention_profile.row.wgsl',
      launch: ({ H, R }) => linear(H * R, 16),
      fits: ({ D }) => D % 4 === 0,
    },
  ],
  cost: ({ H, N, D, R }) => ({ flops: 8 * H * R * N * D, bytes: 4 * (H * (2 * N * D + 4 * R * D + 2 * R) + R) }),
  reference: attentionProfileReference,
  compare: { o: { kind: 'nmse', bound: 1e-10 }, mass: { kind: 'nmse', bound: 1e-10 } },
  cases: attentionProfileCases,
});
