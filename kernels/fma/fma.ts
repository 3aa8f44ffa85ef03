import { defineKernel, linear } from '../define';
import { fmaCases } from './fma.cases';
import { fmaReference } from './fma.reference';
import wgsl from './fma.wgsl?raw';

/** The second ceiling of the roofline: FLOPs per second. */
export const fma = defineKernel({
  name: 'fma',
  summary: 'Chains of multiply-adds: the FLOPs that this device does in a second.',
  source: 'a ← a/2 + x, S times, in four chains; the compute ceiling of the roofline (Williams, Waterman and Patterson 2009)',
  inputs: { x: 'f32[N]' },
  outputs: { y: 'f32[N]' },
  uniforms: ['N', 'S'],
  variants: [
    { id: 'vec4', note: 'four vec4 chains per invocation, eight steps written out', wgsl, file: 'kernels/fma/fma.wgsl', launch: ({ N }) => linear(N / 4, 64) },
  ],
  cost: ({ N, S }) => ({ flops: 8 * N * S + 6 * N, bytes: 8 * N }),
  reference: fmaReference,
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: fmaCases,
});
