import { defineKernel, linear } from '../define';
import { csrAddCarriesCases } from './csr_add_carries.cases';
import { csrAddCarriesReference } from './csr_add_carries.reference';
import thread from './csr_add_carries.thread.wgsl?raw';
import workgroup from './csr_add_carries.workgroup.wgsl?raw';

/** Ends what `csr_matvec_balanced` began: each row's carries are added in the order of the threads. Pass Z as a dim. */
export const csrAddCarries = defineKernel({
  name: 'csr_add_carries',
  summary: 'Adds to each row what later threads have of it.',
  source: 'y[n] = partial[n] + sum of carry[t] over the threads after the one in whose share row n begins, up to the one in which it ends',
  inputs: { rowptr: 'u32[N+1]', partial: 'f32[N]', carries: 'f32[S]' },
  outputs: { y: 'f32[N]' },
  uniforms: ['N', 'Z', 'S'],
  variants: [
    {
      id: 'thread',
      note: 'one row per invocation',
      wgsl: thread,
      file: 'kernels/csr_add_carries/csr_add_carries.thread.wgsl',
      launch: ({ N }) => linear(N, 64),
    },
    {
      id: 'workgroup',
      note: '64 rows per workgroup: the carries of a long row are shared by all its invocations',
      wgsl: workgroup,
      file: 'kernels/csr_add_carries/csr_add_carries.workgroup.wgsl',
      launch: ({ N }) => linear(N, 64),
    },
  ],
  cost: ({ N, S }) => ({ flops: S, bytes: 4 * (N + 1 + 2 * N + S) }),
  reference: csrAddCarriesReference,
  compare: { y: { kind: 'nmse', bound: 1e-13 } },
  cases: csrAddCarriesCases,
});
