import { defineKernel } from '../define';
import { matmulNtCases } from './matmul_nt.cases';
import { matmulNtReference } from './matmul_nt.reference';
import block from './matmul_nt.block.wgsl?raw';
import register from './matmul_nt.register.wgsl?raw';
import tile from './matmul_nt.tile.wgsl?raw';

/** A linear layer's product: weights held [out, in], activations [tokens, in]. */
export const matmulNt = defineKernel({
  name: 'matmul_nt',
  summary: 'C = A Bᵀ in 32-bit floats: both operands run along K.',
  source: 'C[i,j] = sum over k of A[i,k] B[j,k]',
  inputs: { a: 'f32[M,K]', b: 'f32[N,K]' },
  outputs: { c: 'f32[M,N]' },
  uniforms: ['M', 'N', 'K'],
  variants: [
    {
      id: 'register',
      note: '8x8 outputs per invocation, four steps of K at a time as products of 4x4 matrices',
      wgsl: register,
      file: 'kernels/matmul_nt/matmul_nt.register.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 64), Math.ceil(M / 64), 1],
      fits: ({ K }) => K % 4 === 0,
    },
    {
      id: 'block',
      note: '4x4 outputs per invocation, any K: more invocations, less work in each',
      wgsl: block,
      file: 'kernels/matmul_nt/matmul_nt.block.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 32), Math.ceil(M / 32), 1],
    },
    {
      id: 'tile',
      note: '64x64 tiles shared through workgroup memory: each number is fetched once per tile',
      wgsl: tile,
      file: 'kernels/matmul_nt/matmul_nt.tile.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 64), Math.ceil(M / 64), 1],
    },
  ],
  cost: ({ M, N, K }) => ({ flops: 2 * M * N * K, bytes: 4 * (M * K + N * K + M * N) }),
  reference: matmulNtReference,
  // float32 sums of K terms: a relative error near 2^-24 sqrt(K), squared.
  compare: { c: { kind: 'nmse', bound: 1e-12 } },
  cases: matmulNtCases,
});
