import { defineKernel } from '../define';
import { lowrankDownCases } from './lowrank_down.cases';
import { lowrankDownReference } from './lowrank_down.reference';
import quad from './lowrank_down.quad.wgsl?raw';
import register from './lowrank_down.register.wgsl?raw';
import workgroup from './lowrank_down.workgroup.wgsl?raw';

/** First half of the low-rank branch, as a kernel of its own (quantize_down fuses it). */
export const lowrankDown = defineKernel({
  name: 'lowrank_down',
  summary: 'h = X downᵀ: every token projected onto the R directions of the low-rank branch.',
  source: 'SVDQuant, low-rank branch: h = X L₁ with L₁ = downᵀ',
  inputs: { x: 'f32[T,K]', down: 'f32[R,K]' },
  outputs: { h: 'f32[T,R]' },
  uniforms: ['T', 'K', 'R'],
  variants: [
    {
      id: 'quad',
      note: '4 tokens by 16 ranks per invocation, down shared by the four invocations of a quad',
      wgsl: quad,
      file: 'kernels/lowrank_down/lowrank_down.quad.wgsl',
      requires: ['subgroups'],
      launch: ({ T, R }) => [Math.ceil(T / 64), Math.max(1, Math.ceil(R / 16)), 1],
      fits: ({ K }) => K % 4 === 0,
    },
    {
      id: 'register',
      note: '4 tokens by 4 ranks per invocation, any K',
      wgsl: register,
      file: 'kernels/lowrank_down/lowrank_down.register.wgsl',
      launch: ({ T, R }) => [Math.max(1, Math.ceil(R / 16)), Math.ceil(T / 64), 1],
    },
    {
      id: 'workgroup',
      note: 'one token by 16 ranks per workgroup, K dealt to 64 invocations: work for many cores even when tokens are few',
      wgsl: workgroup,
      file: 'kernels/lowrank_down/lowrank_down.workgroup.wgsl',
      launch: ({ T, R }) => [Math.max(1, Math.ceil(R / 16)), T, 1],
      fits: ({ T }) => T <= 65535,
    },
  ],
  cost: ({ T, K, R }) => ({ flops: 2 * T * K * R, bytes: 4 * (T * K + R * K + T * R) }),
  reference: lowrankDownReference,
  compare: { h: { kind: 'nmse', bound: 1e-12 } },
  cases: lowrankDownCases,
});
