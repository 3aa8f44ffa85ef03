import { defineKernel, linear } from '../define';
import { quantizeNf4Cases } from './quantize_nf4.cases';
import { quantizeNf4Reference } from './quantize_nf4.reference';
import wgsl from './quantize_nf4.wgsl?raw';

/** Rounds to NF4 in groups of G, a multiple of 8, or any G of at least K (one group per row). */
export const quantizeNf4 = defineKernel({
  name: 'quantize_nf4',
  summary: 'Rounds each group of G to the sixteen NF4 levels with its largest magnitude as scale.',
  source: 's = absmax, 0 -> 1; code = nearest level to x / s. QLoRA, arXiv 2305.14314, section 3',
  inputs: { x: 'f32[M,K]' },
  outputs: { codes: 'u32[M,ceil(K/8)]', scales: 'f32[M,ceil(K/G)]' },
  uniforms: ['M', 'K', 'G'],
  variants: [
    {
      id: 'group',
      note: 'one group per invocation',
      wgsl,
      file: 'kernels/quantize_nf4/quantize_nf4.wgsl',
      launch: ({ M, K, G }) => linear(M * Math.ceil(K / G), 64),
      fits: ({ K, G }) => G % 8 === 0 || G >= K,
    },
  ],
  // Per value: magnitude, maximum, and fifteen midpoints times the scale, each compared.
  cost: ({ M, K, G }) => ({ flops: 32 * M * K, bytes: 4 * (M * K + M * Math.ceil(K / 8) + M * Math.ceil(K / G)) }),
  reference: quantizeNf4Reference,
  compare: { codes: { kind: 'codes', bits: 4, maxTies: 1 }, scales: { kind: 'exact' } },
  cases: quantizeNf4Cases,
});
