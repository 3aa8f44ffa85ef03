import { defineKernel } from '../define';
import { groupsFillWords, wordsPerRow } from '../nibbles';
import { w4a4UpCases } from './w4a4_up.cases';
import { w4a4UpReference } from './w4a4_up.reference';
import dot4 from './w4a4_up.dot4.wgsl?raw';
import tile from './w4a4_up.tile.wgsl?raw';
import unpack from './w4a4_up.unpack.wgsl?raw';

/** Fused kernel B of SVDQuant: the 4-bit product with the low-rank branch added before the output is written once. */
export const w4a4Up = defineKernel({
  name: 'w4a4_up',
  summary: 'Y = Q(X̂) Q(R)ᵀ + h upᵀ in one pass over the output.',
  source: 'SVDQuant, kernel fusion: Y = Q(X̂) Q(R) + (X L₁) L₂ with h = X L₁ from quantize_down',
  inputs: {
    xCodes: 'u32[T,ceil(K/8)]',
    xScales: 'f32[T,ceil(K/G)]',
    wCodes: 'u32[N,ceil(K/8)]',
    wScales: 'f32[N,ceil(K/G)]',
    h: 'f32[T,R]',
    up: 'f32[N,R]',
  },
  outputs: { y: 'f32[T,N]' },
  uniforms: ['T', 'N', 'K', 'G', 'R'],
  variants: [
    {
      id: 'unpack',
      note: 'codes expanded to floats and multiplied as 4x4 matrices; their sums stay exact',
      wgsl: unpack,
      file: 'kernels/w4a4_up/w4a4_up.unpack.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 32), 1],
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
    bytes: 4 * ((T + N) * (wordsPerRow(K) + Math.ceil(K / G) + R) + T * N),
  }),
  reference: w4a4UpReference,
  // Integer sums are exact; only the float32 sum over groups and ranks rounds.
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: w4a4UpCases,
});
