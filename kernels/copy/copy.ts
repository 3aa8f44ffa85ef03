import { defineKernel, linear } from '../define';
import { copyCases } from './copy.cases';
import { copyReference } from './copy.reference';
import many from './copy.many.wgsl?raw';
import one from './copy.one.wgsl?raw';

/** The first ceiling of the roofline: bytes per second. */
export const copy = defineKernel({
  name: 'copy',
  summary: 'y = x: the bytes that this device moves in a second.',
  source: 'y[i] = x[i]; the bandwidth ceiling of the roofline (Williams, Waterman and Patterson 2009)',
  inputs: { x: 'f32[N]' },
  outputs: { y: 'f32[N]' },
  uniforms: ['N'],
  variants: [
    { id: 'vec4', note: 'sixteen vec4s per invocation', wgsl: many, file: 'kernels/copy/copy.many.wgsl', launch: ({ N }) => linear(N / 4, 1024) },
    { id: 'one', note: 'one vec4 per invocation: the most threads in flight', wgsl: one, file: 'kernels/copy/copy.one.wgsl', launch: ({ N }) => linear(N / 4, 64) },
  ],
  cost: ({ N }) => ({ flops: 0, bytes: 8 * N }),
  reference: copyReference,
  compare: { y: { kind: 'exact' } },
  cases: copyCases,
});
