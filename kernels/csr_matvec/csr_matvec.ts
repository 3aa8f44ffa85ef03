import { defineKernel, linear } from '../define';
import { csrMatvecCases } from './csr_matvec.cases';
import { csrMatvecReference } from './csr_matvec.reference';
import thread from './csr_matvec.thread.wgsl?raw';

/** A sparse matrix times a vector, plainly: a long row keeps one invocation busy while the others wait. Pass N as a dim. */
export const csrMatvec = defineKernel({
  name: 'csr_matvec',
  summary: 'y = S x for a sparse S in compressed rows.',
  source: 'y[n] = sum of values[i] x[cols[i]] for rowptr[n] <= i < rowptr[n+1]; SqueezeLLM, section 4.3',
  inputs: { rowptr: 'u32[N+1]', cols: 'u32[Z]', values: 'f32[Z]', x: 'f32[K]' },
  outputs: { y: 'f32[N]' },
  uniforms: ['N'],
  variants: [
    {
      id: 'thread',
      note: 'one row per invocation',
      wgsl: thread,
      file: 'kernels/csr_matvec/csr_matvec.thread.wgsl',
      launch: ({ N }) => linear(N, 64),
    },
  ],
  cost: ({ N, K, Z }) => ({ flops: 2 * Z, bytes: 4 * (N + 1 + K + N) + 8 * Z }),
  reference: csrMatvecReference,
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: csrMatvecCases,
});
