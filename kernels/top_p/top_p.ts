import { defineKernel, linear } from '../define';
import { topPCases } from './top_p.cases';
import { topPReference } from './top_p.reference';
import entries from './top_p.entries.wgsl?raw';

/**
 * Which key clusters each query cluster attends to. The entry that carries the sum past `share` is kept, so at least
 * one always is; then the first `least` of the descending order (the integer part of the minimum share times Ck).
 * Sums of float32 entries within rounding of `share` may fall to either side.
 */
export const topP = defineKernel({
  name: 'top_p',
  summary: 'The largest entries of each row that together reach a share of 1, and at least a given number of them.',
  source: 'keep j while Σ of the entries before j in descending order ≤ p, or rank(j) < ⌊min share · Ck⌋ (Sparse-VideoGen, svg/kmeans_utils.py, identify_dynamic_map)',
  inputs: { probability: 'f32[H,Cq,Ck]' },
  outputs: { kept: 'u32[H,Cq,Ck]' },
  uniforms: ['H', 'Cq', 'Ck'],
  scalars: { share: 'f32', least: 'u32' },
  variants: [
    {
      id: 'entries',
      note: 'four entries of a row per invocation: it adds what stands before each, and nothing is sorted',
      wgsl: entries,
      file: 'kernels/top_p/top_p.entries.wgsl',
      launch: ({ H, Cq, Ck }) => linear(H * Cq * Math.ceil(Ck / 4), 16),
    },
  ],
  cost: ({ H, Cq, Ck }) => ({ flops: H * Cq * Ck * Ck, bytes: 8 * H * Cq * Ck }),
  reference: topPReference,
  compare: { kept: { kind: 'exact' } },
  cases: topPCases,
});
