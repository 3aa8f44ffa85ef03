import { defineKernel } from '../define';
import { groupsFillWords, turnedColumns, wordsPerRow } from '../nibbles';
import { w4a4UpCases } from './w4a4_up.cases';
import { w4a4UpReference } from './w4a4_up.reference';
import dot4 from './w4a4_up.dot4.wgsl?raw';
import pairs from './w4a4_up.pairs.wgsl?raw';
import quad from './w4a4_up.quad.wgsl?raw';
import tile from './w4a4_up.tile.wgsl?raw';

/** Up to so many tokens a block of 8 rows is mostly waste. */
const FEW = 4;

/** Fused kernel B of SVDQuant: the 4-bit product with the low-rank branch added before the output is written once. K and G are given in dims. */
export const w4a4Up = defineKernel({
  name: 'w4a4_up',
  summary: 'Y = Q(X̂) Q(R)ᵀ + h upᵀ in one pass over the output.',
  source: 'SVDQuant, kernel fusion: Y = Q(X̂) Q(R) + (X L₁) L₂ with h = X L₁ from quantize_down',
  inputs: {
    xCodes: 'u32[T,ceil(K/8)]',
    xScales: 'f32[T,ceil(K/G)]',
    wCodes: 'u32[ceil(K/8),ceil(N/4)*4]',
    wScales: 'f32[ceil(K/G),ceil(N/4)*4]',
    h: 'f32[T,R]',
    up: 'f32[N,R]',
  },
  outputs: { y: 'f32[T,N]' },
  uniforms: ['T', 'N', 'K', 'G', 'R'],
  variants: [
    {
      id: 'quad',
      note: '8x8 outputs per invocation, two columns to a float; four invocations share the tokens that one of them loads',
      wgsl: quad,
      file: 'kernels/w4a4_up/w4a4_up.quad.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 8), 1],
      fits: (d) => d.T > FEW && groupsFillWords(d),
    },
    {
      id: 'pairs',
      note: '4x8 outputs per invocation, two columns to a float: half the multiplications, still exact; no optional feature',
      wgsl: pairs,
      file: 'kernels/w4a4_up/w4a4_up.pairs.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 64), Math.ceil(T / 32), 1],
      fits: groupsFillWords,
    },
    {
      id: 'dot4',
      note: 'packed 8-bit integer dot products, four multiplications to an instruction where the hardware has it',
      wgsl: dot4,
      file: 'kernels/w4a4_up/w4a4_up.dot4.wgsl',
      requires: ['packed_4x8_integer_dot_product'],
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 32), 1],
      fits: groupsFillWords,
    },
    {
      id: 'tile',
      note: 'packed dot products on 64x64 tiles shared through workgroup memory, for large matrices',
      wgsl: tile,
      file: 'kernels/w4a4_up/w4a4_up.tile.wgsl',
      requires: ['packed_4x8_integer_dot_product'],
      launch: ({ T, N }) => [Math.ceil(N / 64), Math.ceil(T / 64), 1],
      fits: groupsFillWords,
    },
  ],
  cost: ({ T, N, K, G, R }) => ({
    flops: 2 * T * N * (K + R) + 3 * T * N * Math.ceil(K / G),
    bytes: 4 * ((T + turnedColumns(N)) * (wordsPerRow(K) + Math.ceil(K / G)) + (T + N) * R + T * N),
  }),
  reference: w4a4UpReference,
  // Integer sums are exact; only the float32 sum over groups and ranks rounds.
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: w4a4UpCases,
});
