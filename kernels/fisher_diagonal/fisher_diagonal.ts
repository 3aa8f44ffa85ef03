import { defineKernel } from '../define';
import { fisherDiagonalCases } from './fisher_diagonal.cases';
import { fisherDiagonalReference } from './fisher_diagonal.reference';
import block from './fisher_diagonal.block.wgsl?raw';
import register from './fisher_diagonal.register.wgsl?raw';
import tile from './fisher_diagonal.tile.wgsl?raw';

/**
 * How much the loss feels each weight of a linear layer: the mean over samples of its squared gradient. The gradient of
 * sample t is delta[t,n] x[t,k], with delta the derivative of that sample's loss by the layer's output.
 */
export const fisherDiagonal = defineKernel({
  name: 'fisher_diagonal',
  summary: 'The diagonal of the empirical Fisher information of a linear layer: squared per-sample gradients, averaged.',
  source: 'F[n,k] = 1/T · sum over t of (delta[t,n] x[t,k])²; SqueezeLLM, section 4.1',
  inputs: { delta: 'f32[T,N]', x: 'f32[T,K]' },
  outputs: { f: 'f32[N,K]' },
  uniforms: ['T', 'N', 'K'],
  variants: [
    {
      id: 'register',
      note: '8x8 weights per invocation, operands loaded four numbers at a time',
      wgsl: register,
      file: 'kernels/fisher_diagonal/fisher_diagonal.register.wgsl',
      launch: ({ N, K }) => [Math.ceil(K / 64), Math.ceil(N / 32), 1],
      fits: ({ N, K }) => N % 4 === 0 && K % 4 === 0,
    },
    {
      id: 'block',
      note: '4x4 weights per invocation, operands straight from storage',
      wgsl: block,
      file: 'kernels/fisher_diagonal/fisher_diagonal.block.wgsl',
      launch: ({ N, K }) => [Math.ceil(K / 32), Math.ceil(N / 32), 1],
    },
    {
      id: 'tile',
      note: '32x32 weights per workgroup: sixteen samples at a time are squared once and shared through workgroup memory',
      wgsl: tile,
      file: 'kernels/fisher_diagonal/fisher_diagonal.tile.wgsl',
      launch: ({ N, K }) => [Math.ceil(K / 32), Math.ceil(N / 32), 1],
    },
  ],
  cost: ({ T, N, K }) => ({ flops: 2 * T * N * K + T * (N + K) + N * K, bytes: 4 * (T * (N + K) + N * K) }),
  reference: fisherDiagonalReference,
  // Sums of T positive terms in float32.
  compare: { f: { kind: 'nmse', bound: 1e-11 } },
  cases: fisherDiagonalCases,
});
