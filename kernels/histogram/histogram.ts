import { defineKernel, linear } from '../define';
import { histogramCases } from './histogram.cases';
import { histogramReference } from './histogram.reference';
import atomic from './histogram.atomic.wgsl?raw';

/** How often each value range occurs. */
export const histogram = defineKernel({
  name: 'histogram',
  summary: 'Counts of x in B equal bins of [low, high]; values outside go to the end bins.',
  source: 'bin(v) = clamp(floor((v − low) · B / (high − low)), 0, B − 1)',
  inputs: { x: 'f32[M,N]' },
  outputs: { counts: 'u32[B]' },
  uniforms: ['M', 'N', 'B'],
  scalars: { low: 'f32', high: 'f32' },
  variants: [
    {
      id: 'atomic',
      note: 'one workgroup owns all bins that it writes: integer atomics in workgroup memory, 1024 bins at a time',
      wgsl: atomic,
      file: 'kernels/histogram/histogram.atomic.wgsl',
      launch: ({ B }) => linear(B, 1024),
    },
  ],
  cost: ({ M, N, B }) => ({ flops: 3 * M * N, bytes: 4 * (M * N + B) }),
  reference: histogramReference,
  compare: { counts: { kind: 'exact' } },
  cases: histogramCases,
});
