import { defineKernel, linear } from '../define';
import { quantizeMxfp4Cases } from './quantize_mxfp4.cases';
import { quantizeMxfp4Reference } from './quantize_mxfp4.reference';
import wgsl from './quantize_mxfp4.wgsl?raw';

/** Rounds to MXFP4: E2M1 levels, a power of two per 32 inputs. `tieToEven` 0 takes the larger value at ties. */
export const quantizeMxfp4 = defineKernel({
  name: 'quantize_mxfp4',
  summary: 'Rounds each group of 32 to E2M1 with a power-of-two scale.',
  source: 's = 2^(floor(log2 absmax) - 2), 0 -> 1; code = e2m1(x / s). OCP Microscaling Formats v1.0, section 6.3',
  inputs: { x: 'f32[M,K]' },
  outputs: { codes: 'u32[M,ceil(K/8)]', scales: 'f32[M,ceil(K/32)]' },
  uniforms: ['M', 'K'],
  scalars: { tieToEven: 'u32' },
  variants: [
    {
      id: 'group',
      note: 'one group of 32 per invocation',
      wgsl,
      file: 'kernels/quantize_mxfp4/quantize_mxfp4.wgsl',
      launch: ({ M, K }) => linear(M * Math.ceil(K / 32), 64),
    },
  ],
  // Per value: magnitude, maximum, and seven midpoints times the scale, each compared.
  cost: ({ M, K }) => ({ flops: 16 * M * K, bytes: 4 * (M * K + M * Math.ceil(K / 8) + M * Math.ceil(K / 32)) }),
  reference: quantizeMxfp4Reference,
  compare: { codes: { kind: 'exact' }, scales: { kind: 'exact' } },
  cases: quantizeMxfp4Cases,
});
