import { defineKernel, linear } from '../define';
import { scaleChannelsCases } from './scale_channels.cases';
import { scaleChannelsReference } from './scale_channels.reference';
import simple from './scale_channels.simple.wgsl?raw';

/** Smoothing: X̂ = X diag(λ)⁻¹ (divide = 1) and Ŵ = W diag(λ) (divide = 0). */
export const scaleChannels = defineKernel({
  name: 'scale_channels',
  summary: 'Each input channel divided by (activations) or times (weights) its smoothing factor.',
  source: 'SVDQuant, smoothing: X̂ = X diag(λ)⁻¹, Ŵ = W diag(λ), so that X̂ Ŵᵀ = X Wᵀ',
  inputs: { x: 'f32[M,K]', s: 'f32[K]' },
  outputs: { y: 'f32[M,K]' },
  uniforms: ['M', 'K'],
  scalars: { divide: 'u32' },
  variants: [
    {
      id: 'simple',
      note: 'one element per invocation',
      wgsl: simple,
      file: 'kernels/scale_channels/scale_channels.simple.wgsl',
      launch: ({ M, K }) => linear(M * K, 64),
    },
  ],
  cost: ({ M, K }) => ({ flops: M * K, bytes: 4 * (2 * M * K + K) }),
  reference: scaleChannelsReference,
  // WGSL division is good to 2.5 ulp: (2.5 · 2^-24)² = 2e-14.
  compare: { y: { kind: 'nmse', bound: 1e-13 } },
  cases: scaleChannelsCases,
});
