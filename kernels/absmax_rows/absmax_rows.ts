import { defineKernel, linear } from '../define';
import { absmaxRowsCases } from './absmax_rows.cases';
import { absmaxRowsReference } from './absmax_rows.reference';
import thread from './absmax_rows.thread.wgsl?raw';
import workgroup from './absmax_rows.workgroup.wgsl?raw';

/** The largest magnitude of each row (token or output channel). */
export const absmaxRows = defineKernel({
  name: 'absmax_rows',
  summary: 'm = the largest |x| of each row.',
  source: 'm[i] = max over j of |x[i,j]|',
  inputs: { x: 'f32[M,N]' },
  outputs: { m: 'f32[M]' },
  uniforms: ['M', 'N'],
  variants: [
    {
      id: 'thread',
      note: 'one row per invocation, four numbers at a time',
      wgsl: thread,
      file: 'kernels/absmax_rows/absmax_rows.thread.wgsl',
      launch: ({ M }) => linear(M, 64),
    },
    {
      id: 'workgroup',
      note: 'one row per workgroup: 64 partial results, then a tree in a fixed order',
      wgsl: workgroup,
      file: 'kernels/absmax_rows/absmax_rows.workgroup.wgsl',
      launch: ({ M }) => linear(M, 1),
    },
  ],
  cost: ({ M, N }) => ({ flops: M * N, bytes: 4 * (M * N + M) }),
  reference: absmaxRowsReference,
  compare: { m: { kind: 'exact' } },
  cases: absmaxRowsCases,
});
