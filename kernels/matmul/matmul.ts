import { defineKernel } from '../define';
import { matmulCases } from './matmul.cases';
import { matmulReference } from './matmul.reference';
import block from './matmul.block.wgsl?raw';
import register from './matmul.register.wgsl?raw';
import tile from './matmul.tile.wgsl?raw';

/** The dense product of two row-major matrices. */
export const matmul = defineKernel({
  name: 'matmul',
  summary: 'C = A B in 32-bit floats.',
  source: 'C[i,j] = sum over k of A[i,k] B[k,j]',
  inputs: { a: 'f32[M,K]', b: 'f32[K,N]' },
  outputs: { c: 'f32[M,N]' },
  uniforms: ['M', 'N', 'K'],
  variants: [
    {
      id: 'register',
      note: '8x8 outputs per invocation, loaded four at a time and multiplied as 4x4 matrices',
      wgsl: register,
      file: 'kernels/matmul/matmul.register.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 64), Math.ceil(M / 64), 1],
      fits: ({ N, K }) => N % 4 === 0 && K % 4 === 0,
    },
    {
      id: 'block',
      note: '4x4 outputs per invocation, any sizes: more invocations, less work in each',
      wgsl: block,
      file: 'kernels/matmul/matmul.block.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 32), Math.ceil(M / 32), 1],
    },
    {
      id: 'tile',
      note: '64x64 tiles shared through workgroup memory: each number is fetched once per tile',
      wgsl: tile,
      file: 'kernels/matmul/matmul.tile.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 64), Math.ceil(M / 64), 1],
    },
  ],
  cost: ({ M, N, K }) => ({ flops: 2 * M * N * K, bytes: 4 * (M * K + K * N + M * N) }),
  reference: matmulReference,
  // float32 sums of K terms: a relative error near 2^-24 sqrt(K), squared.
  compare: { c: { kind: 'nmse', bound: 1e-12 } },
  cases: matmulCases,
});
