import { defineKernel } from '../define';
import { matmulCases } from './matmul.cases';
import { matmulReference } from './matmul.reference';
import register from './matmul.register.wgsl?raw';

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
      note: '4x4 outputs per invocation, no workgroup memory',
      wgsl: register,
      file: 'kernels/matmul/matmul.register.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 32), Math.ceil(M / 32), 1],
    },
  ],
  cost: ({ M, N, K }) => ({ flops: 2 * M * N * K, bytes: 4 * (M * K + K * N + M * N) }),
  reference: matmulReference,
  compare: { c: { kind: 'nmse', bound: 1e-12 } },
  cases: matmulCases,
});
