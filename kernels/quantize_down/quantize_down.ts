import { defineKernel } from '../define';
import { groupsFillWords, wordsPerRow } from '../nibbles';
import { quantizeDownCases } from './quantize_down.cases';
import { quantizeDownReference } from './quantize_down.reference';
import quad from './quantize_down.quad.wgsl?raw';
import quadAny from './quantize_down.quad-any.wgsl?raw';
import workgroup from './quantize_down.workgroup.wgsl?raw';

/**
 * Fused kernel A of SVDQuant: smoothing, 4-bit quantization and the branch's down-projection in one pass over X.
 * The down-projection takes the raw X, so the caller divides `down` by λ beforehand.
 */
export const quantizeDown = defineKernel({
  name: 'quantize_down',
  summary: 'Codes and scales of X / λ, and h = X downᵀ of the raw X, from one pass over X.',
  source: 'SVDQuant, kernel fusion: Q(X̂) with X̂ = X diag(λ)⁻¹, and h = X L₁′ with L₁′ = diag(λ)⁻¹ L₁',
  inputs: { x: 'f32[T,K]', lambda: 'f32[K]', down: 'f32[R,K]' },
  outputs: { codes: 'u32[T,ceil(K/8)]', scales: 'f32[T,ceil(K/G)]', h: 'f32[T,R]' },
  uniforms: ['T', 'K', 'G', 'R'],
  variants: [
    {
      id: 'quad',
      note: '16 tokens by 16 ranks per quad of invocations, which share the tokens that one of them loads and quantizes',
      wgsl: quad,
      file: 'kernels/quantize_down/quantize_down.quad.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ T, R }) => [Math.max(1, Math.ceil(R / 16)), Math.ceil(T / 16), 1],
      fits: (d) => d.K % 8 === 0 && groupsFillWords(d),
    },
    {
      id: 'quad-any',
      note: 'the same, its numbers loaded one by one: any K',
      wgsl: quadAny,
      file: 'kernels/quantize_down/quantize_down.quad-any.wgsl',
      narrow: true,
      requires: ['subgroups'],
      launch: ({ T, R }) => [Math.max(1, Math.ceil(R / 16)), Math.ceil(T / 16), 1],
      fits: (d) => d.K % 8 !== 0 && groupsFillWords(d),
    },
    {
      id: 'workgroup',
      note: 'one token per workgroup, K dealt to 64 invocations, partial sums met in a fixed order; any K',
      wgsl: workgroup,
      file: 'kernels/quantize_down/quantize_down.workgroup.wgsl',
      launch: ({ T }) => [Math.min(T, 65535), Math.ceil(T / 65535), 1],
      fits: groupsFillWords,
    },
  ],
  cost: ({ T, K, G, R }) => ({
    flops: 5 * T * K + 2 * T * K * R,
    bytes: 4 * (T * K + K + R * K + T * (wordsPerRow(K) + Math.ceil(K / G) + R)),
  }),
  reference: quantizeDownReference,
  // As quantize_int4: two divisions, each good to 2.5 ulp.
  compare: {
    codes: { kind: 'codes', bits: 4, maxTies: 2 },
    scales: { kind: 'nmse', bound: 2e-13 },
    h: { kind: 'nmse', bound: 1e-12 },
  },
  cases: quantizeDownCases,
});
