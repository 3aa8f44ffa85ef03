import { defineKernel } from '../define';
import { bitWords } from '../formats/bits';
import { codebookMatmulCases } from './codebook_matmul.cases';
import { codebookMatmulReference } from './codebook_matmul.reference';
import block from './codebook_matmul.block.wgsl?raw';
import few from './codebook_matmul.few.wgsl?raw';
import quad from './codebook_matmul.quad.wgsl?raw';
import register from './codebook_matmul.register.wgsl?raw';
import tile from './codebook_matmul.tile.wgsl?raw';

/**
 * Many tokens through a layer held as packed codes and a book per row. Codes are looked up as they are read; the dense
 * matrix never exists in memory. Pass B (bits, 2 to 8) as a dim.
 */
export const codebookMatmul = defineKernel({
  name: 'codebook_matmul',
  summary: 'Y = X Wᵀ, with W looked up from packed codes and a book per row.',
  source: 'Y[t,n] = sum over k of X[t,k] book[n, code[n,k]]; SqueezeLLM, section 4.3',
  inputs: { x: 'f32[T,K]', codes: 'u32[N,ceil(K/32)*B]', book: 'f32[N,2^B]' },
  outputs: { y: 'f32[T,N]' },
  uniforms: ['T', 'N', 'K', 'B'],
  variants: [
    {
      id: 'few',
      note: '8x16 outputs per quad of invocations, for a few tokens',
      wgsl: few,
      file: 'kernels/codebook_matmul/codebook_matmul.few.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ T, N }) => [Math.ceil(N / 16), Math.ceil(T / 8), 1],
      fits: ({ T, K }) => T <= 8 && K % 4 === 0,
    },
    {
      id: 'quad',
      note: '32x16 outputs per quad of invocations: each decodes a quarter of the rows and the quad passes the values round',
      wgsl: quad,
      file: 'kernels/codebook_matmul/codebook_matmul.quad.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ T, N }) => [Math.ceil(N / 16), Math.ceil(T / 32), 1],
      fits: ({ K }) => K % 4 === 0,
    },
    {
      id: 'register',
      note: '16x4 outputs per invocation: each value looked up serves sixteen tokens',
      wgsl: register,
      file: 'kernels/codebook_matmul/codebook_matmul.register.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 128), 1],
      fits: ({ K }) => K % 4 === 0,
    },
    {
      id: 'block',
      note: '8x4 outputs per invocation, any K',
      wgsl: block,
      file: 'kernels/codebook_matmul/codebook_matmul.block.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 64), 1],
    },
    {
      id: 'tile',
      note: '64x64 outputs per workgroup: each value is looked up once and shared by 64 tokens through workgroup memory',
      wgsl: tile,
      file: 'kernels/codebook_matmul/codebook_matmul.tile.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 64), Math.ceil(T / 64), 1],
    },
  ],
  cost: ({ T, N, K, B }) => ({ flops: 2 * T * N * K, bytes: 4 * (T * K + N * (bitWords(K, B) + 2 ** B) + T * N) }),
  reference: codebookMatmulReference,
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: codebookMatmulCases,
});
