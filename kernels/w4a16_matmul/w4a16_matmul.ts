import { defineKernel } from '../define';
import { groupsFillWords, turnedColumns, wordsPerRow } from '../nibbles';
import { w4a16MatmulCases } from './w4a16_matmul.cases';
import { w4a16MatmulReference } from './w4a16_matmul.reference';
import block from './w4a16_matmul.block.wgsl?raw';
import quad from './w4a16_matmul.quad.wgsl?raw';
import quadAny from './w4a16_matmul.quad-any.wgsl?raw';
import row from './w4a16_matmul.row.wgsl?raw';
import split from './w4a16_matmul.split.wgsl?raw';
import tile from './w4a16_matmul.tile.wgsl?raw';

/** Up to so many tokens a block of rows is mostly waste. */
const FEW = 4;

/** Weight-only quantization: codes expanded to floats on the way into the product. N and G are given in dims. */
export const w4a16Matmul = defineKernel({
  name: 'w4a16_matmul',
  summary: 'Y = X Q(W)ᵀ with 4-bit weights and 32-bit activations.',
  source: 'Y[t,n] = sum over g of sw[n,g] · sum over k in g of x[t,k] qw[n,k]; signed codes are the unsigned ones of MatMulNBits less its zero point 8',
  inputs: { x: 'f32[T,K]', wCodes: 'u32[ceil(K/8),ceil(N/4)*4]', wScales: 'f32[ceil(K/G),ceil(N/4)*4]' },
  outputs: { y: 'f32[T,N]' },
  uniforms: ['T', 'N', 'K', 'G'],
  variants: [
    {
      id: 'quad',
      note: '16x8 outputs per invocation; four invocations share the tokens that one of them loads',
      wgsl: quad,
      file: 'kernels/w4a16_matmul/w4a16_matmul.quad.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 16), 1],
      fits: (d) => d.K % 4 === 0 && d.T > 2 * FEW && groupsFillWords(d),
    },
    {
      id: 'quad-any',
      note: 'the same, activations loaded one by one: any K',
      wgsl: quadAny,
      file: 'kernels/w4a16_matmul/w4a16_matmul.quad-any.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 16), 1],
      fits: (d) => d.K % 4 !== 0 && d.T > 2 * FEW && groupsFillWords(d),
    },
    {
      id: 'row',
      note: '4 columns of one token per invocation, for few tokens',
      wgsl: row,
      file: 'kernels/w4a16_matmul/w4a16_matmul.row.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 256), T, 1],
      fits: (d) => d.T <= FEW && groupsFillWords(d),
    },
    {
      id: 'block',
      note: '4x8 outputs per invocation in registers; any sizes, no optional feature',
      wgsl: block,
      file: 'kernels/w4a16_matmul/w4a16_matmul.block.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 64), Math.ceil(T / 32), 1],
      fits: (d) => d.T > FEW && groupsFillWords(d),
    },
    {
      id: 'split',
      note: '32 columns of one token per workgroup, K shared out among 16 rows of invocations: enough of them for a matrix times one vector',
      wgsl: split,
      file: 'kernels/w4a16_matmul/w4a16_matmul.split.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 32), T, 1],
      fits: (d) => d.T <= 16 && groupsFillWords(d),
    },
    {
      id: 'tile',
      note: '64x64 tiles: each word is expanded and scaled once into workgroup memory, for large matrices',
      wgsl: tile,
      file: 'kernels/w4a16_matmul/w4a16_matmul.tile.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 64), Math.ceil(T / 64), 1],
      fits: (d) => d.T > FEW && groupsFillWords(d),
    },
  ],
  cost: ({ T, N, K, G }) => ({
    flops: 2 * T * N * K + 2 * T * N * Math.ceil(K / G),
    bytes: 4 * (T * K + turnedColumns(N) * (wordsPerRow(K) + Math.ceil(K / G)) + T * N),
  }),
  reference: w4a16MatmulReference,
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: w4a16MatmulCases,
});
