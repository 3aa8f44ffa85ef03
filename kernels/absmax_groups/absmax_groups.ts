import { defineKernel, linear } from '../define';
import { absmaxGroupsCases } from './absmax_groups.cases';
import { absmaxGroupsReference } from './absmax_groups.reference';
import thread from './absmax_groups.thread.wgsl?raw';

/** The range that a group quantizer must cover. */
export const absmaxGroups = defineKernel({
  name: 'absmax_groups',
  summary: 'm = the largest |x| of each group of G along K; the last group may be short.',
  source: 'm[i,g] = max over k in group g of |x[i,k]|',
  inputs: { x: 'f32[M,K]' },
  outputs: { m: 'f32[M,ceil(K/G)]' },
  uniforms: ['M', 'K', 'G'],
  variants: [
    {
      id: 'thread',
      note: 'one group per invocation, four numbers at a time',
      wgsl: thread,
      file: 'kernels/absmax_groups/absmax_groups.thread.wgsl',
      launch: ({ M, K, G }) => linear(M * Math.ceil(K / G), 64),
    },
  ],
  cost: ({ M, K, G }) => ({ flops: M * K, bytes: 4 * M * (K + Math.ceil(K / G)) }),
  reference: absmaxGroupsReference,
  compare: { m: { kind: 'exact' } },
  cases: absmaxGroupsCases,
});
