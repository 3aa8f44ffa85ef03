import { defineKernel } from '../define';
import { subtractProductCases } from './subtract_product.cases';
import { subtractProductReference } from './subtract_product.reference';
import quad from './subtract_product.quad.wgsl?raw';
import register from './subtract_product.register.wgsl?raw';

/** The residual that is left for 4 bits once the low-rank branch is taken out. */
export const subtractProduct = defineKernel({
  name: 'subtract_product',
  summary: 'R = W − up · down: the weights without their low-rank part.',
  source: 'SVDQuant, low-rank decomposition: R = Ŵ − L₁L₂ with L held as up [N,R] · down [R,K]',
  inputs: { w: 'f32[N,K]', up: 'f32[N,R]', down: 'f32[R,K]' },
  outputs: { r: 'f32[N,K]' },
  uniforms: ['N', 'K', 'R'],
  variants: [
    {
      id: 'quad',
      note: '8x8 residuals per invocation, up shared by the four invocations of a quad',
      wgsl: quad,
      file: 'kernels/subtract_product/subtract_product.quad.wgsl',
      requires: ['subgroups'],
      launch: ({ N, K }) => [Math.ceil(K / 64), Math.ceil(N / 64), 1],
      fits: ({ K, R }) => K % 4 === 0 && R % 4 === 0 && R > 0,
    },
    {
      id: 'register',
      note: '4x4 residuals per invocation, any sizes',
      wgsl: register,
      file: 'kernels/subtract_product/subtract_product.register.wgsl',
      launch: ({ N, K }) => [Math.ceil(K / 32), Math.ceil(N / 32), 1],
    },
  ],
  cost: ({ N, K, R }) => ({ flops: 2 * N * K * R + N * K, bytes: 4 * (2 * N * K + N * R + R * K) }),
  reference: subtractProductReference,
  compare: { r: { kind: 'nmse', bound: 1e-12 } },
  cases: subtractProductCases,
});
