import { defineKernel, linear } from '../define';
import { transposeCases } from './transpose.cases';
import { transposeReference } from './transpose.reference';
import block from './transpose.block.wgsl?raw';
import simple from './transpose.simple.wgsl?raw';
import tile from './transpose.tile.wgsl?raw';

/** A matrix turned on its side. */
export const transpose = defineKernel({
  name: 'transpose',
  summary: 'B = Aᵀ.',
  source: 'B[j,i] = A[i,j]',
  inputs: { a: 'f32[M,N]' },
  outputs: { b: 'f32[N,M]' },
  uniforms: ['M', 'N'],
  variants: [
    {
      id: 'block',
      note: '4x4 elements per invocation, four at a time',
      wgsl: block,
      file: 'kernels/transpose/transpose.block.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 32), Math.ceil(M / 32), 1],
      fits: ({ M, N }) => M % 4 === 0 && N % 4 === 0 && Math.max(M, N) <= 32 * 65535,
    },
    {
      id: 'simple',
      note: 'one element per invocation, any sizes; reads are strided',
      wgsl: simple,
      file: 'kernels/transpose/transpose.simple.wgsl',
      launch: ({ M, N }) => linear(M * N, 64),
    },
    {
      id: 'tile',
      note: '16x16 tiles turned in workgroup memory: reads and writes both run along rows',
      wgsl: tile,
      file: 'kernels/transpose/transpose.tile.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 16), Math.ceil(M / 16), 1],
      fits: ({ M, N }) => Math.max(M, N) <= 16 * 65535,
    },
  ],
  cost: ({ M, N }) => ({ flops: 0, bytes: 8 * M * N }),
  reference: transposeReference,
  compare: { b: { kind: 'exact' } },
  cases: transposeCases,
});
