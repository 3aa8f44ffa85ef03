import { defineKernel, linear } from '../define';
import { groupsFillWords, wordsPerRow } from '../nibbles';
import { dequantizeInt4Cases } from './dequantize_int4.cases';
import { dequantizeInt4Reference } from './dequantize_int4.reference';
import word from './dequantize_int4.word.wgsl?raw';

/** The numbers that 4-bit codes stand for. */
export const dequantizeInt4 = defineKernel({
  name: 'dequantize_int4',
  summary: 'Packed signed 4-bit codes times the scale of their group.',
  source: 'SVDQuant INT4: x ≈ q · s',
  inputs: { codes: 'u32[M,ceil(K/8)]', scales: 'f32[M,ceil(K/G)]' },
  outputs: { x: 'f32[M,K]' },
  uniforms: ['M', 'K', 'G'],
  variants: [
    {
      id: 'word',
      note: 'one word of eight codes per invocation',
      wgsl: word,
      file: 'kernels/dequantize_int4/dequantize_int4.word.wgsl',
      launch: ({ M, K }) => linear(M * wordsPerRow(K), 64),
      fits: groupsFillWords,
    },
  ],
  cost: ({ M, K, G }) => ({ flops: M * K, bytes: 4 * M * (K + Math.ceil(K / 8) + Math.ceil(K / G)) }),
  reference: dequantizeInt4Reference,
  compare: { x: { kind: 'exact' } },
  cases: dequantizeInt4Cases,
});
