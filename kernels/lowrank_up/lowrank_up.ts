import { defineKernel } from '../define';
import { lowrankUpCases } from './lowrank_up.cases';
import { lowrankUpReference } from './lowrank_up.reference';
import quad from './lowrank_up.quad.wgsl?raw';
import register from './lowrank_up.register.wgsl?raw';

/** Second half of the low-rank branch, as a kernel of its own (w4a4_up fuses it). */
export const lowrankUp = defineKernel({
  name: 'lowrank_up',
  summary: 'out = y + h upᵀ: the low-rank branch added to the 4-bit product.',
  source: 'SVDQuant, low-rank branch: Y = Q(X̂) Q(R) + h L₂ with L₂ = upᵀ',
  inputs: { h: 'f32[T,R]', up: 'f32[N,R]', y: 'f32[T,N]' },
  outputs: { out: 'f32[T,N]' },
  uniforms: ['T', 'N', 'R'],
  variants: [
    {
      id: 'quad',
      note: '8x8 outputs per invocation, h shared by the four invocations of a quad',
      wgsl: quad,
      file: 'kernels/lowrank_up/lowrank_up.quad.wgsl',
      requires: ['subgroups'],
      launch: ({ T, N }) => [Math.ceil(N / 64), Math.ceil(T / 64), 1],
      fits: ({ R }) => R % 4 === 0 && R > 0,
    },
    {
      id: 'register',
      note: '4x4 outputs per invocation, any rank',
      wgsl: register,
      file: 'kernels/lowrank_up/lowrank_up.register.wgsl',
      launch: ({ T, N }) => [Math.ceil(N / 32), Math.ceil(T / 32), 1],
    },
  ],
  cost: ({ T, N, R }) => ({ flops: 2 * T * N * R + T * N, bytes: 4 * (T * R + N * R + 2 * T * N) }),
  reference: lowrankUpReference,
  compare: { out: { kind: 'nmse', bound: 1e-12 } },
  cases: lowrankUpCases,
});
