import { defineKernel, linear } from '../define';
import { roundGroupsCases } from './round_groups.cases';
import { roundGroupsReference } from './round_groups.reference';
import thread from './round_groups.thread.wgsl?raw';

/** What a symmetric quantizer of any width leaves of a tensor: qmax = 2^(bits − 1) − 1. */
export const roundGroups = defineKernel({
  name: 'round_groups',
  summary: 'Quantize and dequantize at once, with integers in [−qmax, qmax] and one scale for each group of G.',
  source: 's = max|x| / qmax per group, y = s · clamp(round(x / s), −qmax, qmax), ties to even',
  inputs: { x: 'f32[M,K]' },
  outputs: { y: 'f32[M,K]' },
  uniforms: ['M', 'K', 'G'],
  scalars: { qmax: 'f32' },
  variants: [
    {
      id: 'thread',
      note: 'one group per invocation',
      wgsl: thread,
      file: 'kernels/round_groups/round_groups.thread.wgsl',
      launch: ({ M, K, G }) => linear(M * Math.ceil(K / G), 64),
    },
  ],
  cost: ({ M, K }) => ({ flops: 5 * M * K, bytes: 8 * M * K }),
  reference: roundGroupsReference,
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: roundGroupsCases,
});
