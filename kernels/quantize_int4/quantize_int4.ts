import { defineKernel, linear } from '../define';
import { groupsFillWords } from '../nibbles';
import { quantizeInt4Cases } from './quantize_int4.cases';
import { quantizeInt4Reference } from './quantize_int4.reference';
import thread from './quantize_int4.thread.wgsl?raw';
import vector from './quantize_int4.vector.wgsl?raw';

/** The 4-bit quantizer of activations and of the weight residual. G is a multiple of 8, or K itself (per channel). */
export const quantizeInt4 = defineKernel({
  name: 'quantize_int4',
  summary: 'Symmetric 4-bit codes in [−7, 7], one scale for each group of G along K.',
  source: 'SVDQuant INT4: s = max|x| / 7 per group (1 if all zero), q = clamp(round(x / s), −7, 7), ties to even',
  inputs: { x: 'f32[M,K]' },
  outputs: { codes: 'u32[M,ceil(K/8)]', scales: 'f32[M,ceil(K/G)]' },
  uniforms: ['M', 'K', 'G'],
  variants: [
    {
      id: 'vector',
      note: 'one group per invocation, four numbers at a time',
      wgsl: vector,
      file: 'kernels/quantize_int4/quantize_int4.vector.wgsl',
      launch: ({ M, K, G }) => linear(M * Math.ceil(K / G), 64),
      fits: (d) => d.K % 8 === 0 && groupsFillWords(d),
    },
    {
      id: 'thread',
      note: 'one group per invocation: its range, then its codes, eight to a word; any K',
      wgsl: thread,
      file: 'kernels/quantize_int4/quantize_int4.thread.wgsl',
      launch: ({ M, K, G }) => linear(M * Math.ceil(K / G), 64),
      fits: groupsFillWords,
    },
  ],
  cost: ({ M, K, G }) => ({ flops: 4 * M * K, bytes: 4 * M * (K + Math.ceil(K / 8) + Math.ceil(K / G)) }),
  reference: quantizeInt4Reference,
  // WGSL division is good to 2.5 ulp: scales may differ in the last bits, and codes where x / s is a tie.
  compare: { codes: { kind: 'codes', bits: 4, maxTies: 2 }, scales: { kind: 'nmse', bound: 1e-13 } },
  cases: quantizeInt4Cases,
});
