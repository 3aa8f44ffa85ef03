import { defineKernel, linear } from '../define';
import { groupsFillWords, turnedColumns, wordsPerRow } from '../nibbles';
import { transposeInt4Cases } from './transpose_int4.cases';
import { transposeInt4Reference } from './transpose_int4.reference';
import word from './transpose_int4.word.wgsl?raw';

/** Lays 4-bit weights out for the products: done once per weights, not once per product. */
export const transposeInt4 = defineKernel({
  name: 'transpose_int4',
  summary: 'Words and scales of 4-bit weights turned, so that those of neighbouring output channels lie side by side.',
  source: 'wCodes[j,n] = codes[n,j] for words j of eight codes along K; wScales[g,n] = scales[n,g]',
  inputs: { codes: 'u32[N,ceil(K/8)]', scales: 'f32[N,ceil(K/G)]' },
  outputs: { wCodes: 'u32[ceil(K/8),ceil(N/4)*4]', wScales: 'f32[ceil(K/G),ceil(N/4)*4]' },
  uniforms: ['N', 'K', 'G'],
  variants: [
    {
      id: 'word',
      note: 'one word of eight codes per invocation; writes are contiguous',
      wgsl: word,
      file: 'kernels/transpose_int4/transpose_int4.word.wgsl',
      launch: ({ N, K }) => linear(wordsPerRow(K) * turnedColumns(N), 64),
      fits: groupsFillWords,
    },
  ],
  cost: ({ N, K, G }) => ({ flops: 0, bytes: 4 * (wordsPerRow(K) + Math.ceil(K / G)) * (N + turnedColumns(N)) }),
  reference: transposeInt4Reference,
  compare: { wCodes: { kind: 'exact' }, wScales: { kind: 'exact' } },
  cases: transposeInt4Cases,
});
