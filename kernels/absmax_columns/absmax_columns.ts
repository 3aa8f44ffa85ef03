import { defineKernel, linear } from '../define';
import { absmaxColumnsCases } from './absmax_columns.cases';
import { absmaxColumnsReference } from './absmax_columns.reference';
import thread from './absmax_columns.thread.wgsl?raw';
import vector from './absmax_columns.vector.wgsl?raw';
import workgroup from './absmax_columns.workgroup.wgsl?raw';

/** The largest magnitude of each column: the range of an input channel over all tokens. */
export const absmaxColumns = defineKernel({
  name: 'absmax_columns',
  summary: 'm = the largest |x| of each column.',
  source: 'm[j] = max over i of |x[i,j]|',
  inputs: { x: 'f32[M,N]' },
  outputs: { m: 'f32[N]' },
  uniforms: ['M', 'N'],
  variants: [
    {
      id: 'vector',
      note: 'four columns per invocation, four rows at a time',
      wgsl: vector,
      file: 'kernels/absmax_columns/absmax_columns.vector.wgsl',
      launch: ({ N }) => linear(N / 4, 32),
      fits: ({ N }) => N % 4 === 0,
    },
    {
      id: 'thread',
      note: 'one column per invocation; neighbours read neighbouring numbers',
      wgsl: thread,
      file: 'kernels/absmax_columns/absmax_columns.thread.wgsl',
      launch: ({ N }) => linear(N, 64),
    },
    {
      id: 'workgroup',
      note: '16 columns per workgroup, the rows dealt to 16 invocations each',
      wgsl: workgroup,
      file: 'kernels/absmax_columns/absmax_columns.workgroup.wgsl',
      launch: ({ N }) => linear(N, 16),
    },
  ],
  cost: ({ M, N }) => ({ flops: M * N, bytes: 4 * (M * N + N) }),
  reference: absmaxColumnsReference,
  compare: { m: { kind: 'exact' } },
  cases: absmaxColumnsCases,
});
