import { defineKernel, linear } from '../define';
import { dequantizeCodebookCases } from './dequantize_codebook.cases';
import { dequantizeCodebookReference } from './dequantize_codebook.reference';
import scalar from './dequantize_codebook.scalar.wgsl?raw';
import vector from './dequantize_codebook.vector.wgsl?raw';

/** Values of 4-bit codes through a table of sixteen (E2M1, NF4). Pass K and G as dims; G is a multiple of 8 or at least K. */
export const dequantizeCodebook = defineKernel({
  name: 'dequantize_codebook',
  summary: 'Looks 4-bit codes up in a table of sixteen and scales them.',
  source: 'x[m,k] = book[code[m,k]] * scale[m,k/G] * t',
  inputs: { codes: 'u32[M,ceil(K/8)]', scales: 'f32[M,ceil(K/G)]', book: 'f32[16]' },
  outputs: { x: 'f32[M,K]' },
  uniforms: ['M', 'K', 'G'],
  scalars: { tensorScale: 'f32' },
  variants: [
    {
      id: 'vector',
      note: 'eight values per invocation, stored four at a time',
      wgsl: vector,
      file: 'kernels/dequantize_codebook/dequantize_codebook.vector.wgsl',
      launch: ({ M, K }) => linear(M * Math.ceil(K / 8), 64),
      fits: ({ K, G }) => K % 4 === 0 && (G % 8 === 0 || G >= K),
    },
    {
      id: 'scalar',
      note: 'eight values per invocation, any K',
      wgsl: scalar,
      file: 'kernels/dequantize_codebook/dequantize_codebook.scalar.wgsl',
      launch: ({ M, K }) => linear(M * Math.ceil(K / 8), 64),
      fits: ({ K, G }) => G % 8 === 0 || G >= K,
    },
  ],
  cost: ({ M, K, G }) => ({ flops: M * K + M * Math.ceil(K / G), bytes: 4 * (M * K + M * Math.ceil(K / 8) + M * Math.ceil(K / G) + 16) }),
  reference: dequantizeCodebookReference,
  compare: { x: { kind: 'nmse', bound: 1e-14 } },
  cases: dequantizeCodebookCases,
});
