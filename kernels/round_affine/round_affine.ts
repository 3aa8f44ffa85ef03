import { defineKernel, linear } from '../define';
import { roundAffineCases } from './round_affine.cases';
import { roundAffineReference } from './round_affine.reference';
import thread from './round_affine.thread.wgsl?raw';

/**
 * Round-to-nearest as the papers on language models use it: 2^bits even steps from the smallest to the largest value of
 * each group, zero always among them. Pass G as a dim (G = K: one group per row).
 */
export const roundAffine = defineKernel({
  name: 'round_affine',
  summary: 'Quantize and dequantize at once, with unsigned integers and one step and one zero point for each group of G.',
  source: 's = (max − min) / (2^bits − 1), z = round(−min / s), y = s · (clamp(round(x / s) + z, 0, 2^bits − 1) − z), min ≤ 0 ≤ max; the quantizer of GPTQ, quant.py',
  inputs: { x: 'f32[M,K]' },
  outputs: { y: 'f32[M,K]' },
  uniforms: ['M', 'K', 'G'],
  scalars: { bits: 'u32' },
  variants: [
    {
      id: 'thread',
      note: 'one group per invocation',
      wgsl: thread,
      file: 'kernels/round_affine/round_affine.thread.wgsl',
      launch: ({ M, K, G }) => linear(M * Math.ceil(K / G), 64),
    },
  ],
  cost: ({ M, K }) => ({ flops: 8 * M * K, bytes: 8 * M * K }),
  reference: roundAffineReference,
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: roundAffineCases,
});
