import { defineKernel, linear } from '../define';
import { quantizeNvfp4Cases } from './quantize_nvfp4.cases';
import { quantizeNvfp4Reference } from './quantize_nvfp4.reference';
import wgsl from './quantize_nvfp4.wgsl?raw';

/**
 * Rounds to NVFP4: E2M1 levels, an E4M3 scale per 16 inputs, and (for weights) one scale per tensor.
 * `tensorScale` is 1 for activations; `tieToEven` 0 takes the larger value at ties; `divideByUnrounded` 1 divides by
 * absmax/6 itself while storing its E4M3 rounding, as Nunchaku's kernel does.
 */
export const quantizeNvfp4 = defineKernel({
  name: 'quantize_nvfp4',
  summary: 'Rounds each group of 16 to E2M1 with an E4M3 scale.',
  source: 's = e4m3(min(absmax / 6 / t, 448)), 0 -> 1; code = e2m1(x / (s t)). DeepCompressor configs/svdquant/nvfp4.yaml, data/dtype.py',
  inputs: { x: 'f32[M,K]' },
  outputs: { codes: 'u32[M,ceil(K/8)]', scales: 'f32[M,ceil(K/16)]' },
  uniforms: ['M', 'K'],
  scalars: { tensorScale: 'f32', tieToEven: 'u32', divideByUnrounded: 'u32' },
  variants: [
    {
      id: 'group',
      note: 'one group of 16 per invocation',
      wgsl,
      file: 'kernels/quantize_nvfp4/quantize_nvfp4.wgsl',
      launch: ({ M, K }) => linear(M * Math.ceil(K / 16), 64),
    },
  ],
  // Per value: magnitude, maximum, and seven midpoints times the scale, each compared.
  cost: ({ M, K }) => ({ flops: 16 * M * K, bytes: 4 * (M * K + M * Math.ceil(K / 8) + M * Math.ceil(K / 16)) }),
  reference: quantizeNvfp4Reference,
  compare: { codes: { kind: 'codes', bits: 4, maxTies: 1 }, scales: { kind: 'exact' } },
  cases: quantizeNvfp4Cases,
});
