import { defineKernel, linear } from '../define';
import { copyCases } from './copy.cases';
import { copyReference } from './copy.reference';
import wgsl from './copy.wgsl?raw';

/** The first ceiling of the roofline: bytes per second. */
export const copy = defineKernel({
  name: 'copy',
  summary: 'y = x: the bytes that this device moves in a second.',
  source: 'y[i] = x[i]; the bandwidth ceiling of the roofline (Williams, Waterman and Patterson 2009)',
  inputs: { x: 'f32[N]' },
  outputs: { y: 'f32[N]' },
  uniforms: ['N'],
  variants: [
    { id: 'vec4', note: 'one vec4 per invocation', wgsl, file: 'kernels/copy/copy.wgsl', launch: ({ N }) => linear(N / 4, 64) },
  ],
  cost: ({ N }) => ({ flops: 0, bytes: 8 * N }),
  reference: copyReference,
  compare: { y: { kind: 'exact' } },
  cases: copyCases,
});
