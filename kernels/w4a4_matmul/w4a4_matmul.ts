import { defineKernel } from '../define';
import { groupsFillWords, turnedColumns, wordsPerRow } from '../nibbles';
import { w4a4MatmulCases } from './w4a4_matmul.cases';
import { w4a4MatmulReference } from './w4a4_matmul.reference';
import dot4 from './w4a4_matmul.dot4.wgsl?raw';
import pairs from './w4a4_matmul.pairs.wgsl?raw';
import quad from './w4a4_matmul.quad.wgsl?raw';
import tile from './w4a4_matmul.tile.wgsl?raw';

/** Up to so many tokens a block of 8 rows is mostly waste. */
const FEW = 4;

/** The 4-bit product of SVDQuant: codes times codes, exactly; scales once per group. N, K and G are given in dims. */
export const w4a4Matmul = defineKernel({
  name: 'w4a4_matmul',
  summary: 'Y = Q(X) Q(W)ᵀ with 4-bit codes on both sides: exact integer sums per group, scaled in 32-bit floats.',
  source: 'Y[t,n] = sum over g of sx[t,g] sw[n,g] · sum over k in g of qx[t,k] qw[n,k]',
  inputs: {
    xCodes: 'u32[T,ceil(K/8)]',
    xScales: 'f32[T,ceil(K/G)]',
    wCodes: 'u32[ceil(K/8),ceil(N/4)*4]',
    wScales: 'f32[ceil(K/G),ceil(N/4)*4]',
  },
  outputs: { y: 'f32[T,N]' },
  uniforms: ['T', 'N', 'K', 'G'],
  variants: [
    {
      id: 'quad',
      note: '8x8 outputs per invocation, two columns to a float; four invocations share the tokens that one of them loads',
      wgsl: quad,
      file: 'kernels/w4a4_matmul/w4a4_matmul.quad.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 8), 1],
      fits: (d) => d.T > FEW && groupsFillWords(d),
    },
    {
      id: 'pairs',
      note: '4x8 outputs per invocation, two columns to a float: half the multiplications, still exact; no optional feature',
      wgsl: pairs,
      file: 'kernels/w4a4_matmul/w4a4_matmul.pairs.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 64), Math.ceil(T / 32), 1],
      fits: groupsFillWords,
    },
    {
      id: 'dot4',
      note: 'packed 8-bit integer dot products, four multiplications to an instruction where the hardware has it',
      wgsl: dot4,
      file: 'kernels/w4a4_matmul/w4a4_matmul.dot4.wgsl',
      requires: ['packed_4x8_integer_dot_product'],
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 32), 1],
      fits: groupsFillWords,
    },
    {
      id: 'tile',
      note: 'packed dot products on 64x64 tiles shared through workgroup memory, for large matrices',
      wgsl: tile,
      file: 'kernels/w4a4_matmul/w4a4_matmul.tile.wgsl',
      requires: ['packed_4x8_integer_dot_product'],
      launch: ({ T, N }) => [Math.ceil(N / 64), Math.ceil(T / 64), 1],
      fits: groupsFillWords,
    },
  ],
  cost: ({ T, N, K, G }) => ({
    flops: 2 * T * N * K + 3 * T * N * Math.ceil(K / G),
    bytes: 4 * ((T + turnedColumns(N)) * (wordsPerRow(K) + Math.ceil(K / G)) + T * N),
  }),
  reference: w4a4MatmulReference,
  // Integer sums are exact; only the float32 sum over groups rounds.
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: w4a4MatmulCases,
});
