import { defineKernel, linear } from '../define';
import { csrMatvecBalancedCases } from './csr_matvec_balanced.cases';
import { csrMatvecBalancedReference } from './csr_matvec_balanced.reference';
import stream from './csr_matvec_balanced.stream.wgsl?raw';
import thread from './csr_matvec_balanced.thread.wgsl?raw';

export { balancedSchedule, balancedStarts, type Schedule } from './schedule';

/**
 * A sparse matrix times a vector with equal work for everyone: each of S threads takes ceil(Z/S) nonzeros, wherever rows
 * begin and end. A thread finishes the rows that begin in its share; what it has of a row begun before it goes to
 * `carries`, which `csr_add_carries` adds. No atomics: the same sums in the same order, every time.
 * Pass N as a dim; `starts` comes from balancedStarts.
 */
export const csrMatvecBalanced = defineKernel({
  name: 'csr_matvec_balanced',
  summary: 'Equal numbers of nonzeros to each thread: sums of the rows that begin in its share, and the carry into the row before.',
  source: 'carry[t] + partial give y = S x; the balanced product of SqueezeLLM, appendix C, without its atomics',
  inputs: { rowptr: 'u32[N+1]', cols: 'u32[Z]', values: 'f32[Z]', x: 'f32[K]', starts: 'u32[S]' },
  outputs: { partial: 'f32[N]', carries: 'f32[S]' },
  uniforms: ['N', 'Z', 'S'],
  variants: [
    {
      id: 'thread',
      note: 'each invocation reads its own nonzeros',
      wgsl: thread,
      file: 'kernels/csr_matvec_balanced/csr_matvec_balanced.thread.wgsl',
      launch: ({ S }) => linear(S, 64),
    },
    {
      id: 'stream',
      note: 'neighbours read neighbouring nonzeros; the products pass through workgroup memory',
      wgsl: stream,
      file: 'kernels/csr_matvec_balanced/csr_matvec_balanced.stream.wgsl',
      launch: ({ S }) => linear(S, 128),
      fits: ({ Z, S }) => Z <= 10 * S,
    },
  ],
  cost: ({ N, K, Z, S }) => ({ flops: 2 * Z, bytes: 4 * (N + 1 + K + N + 2 * S) + 8 * Z }),
  reference: csrMatvecBalancedReference,
  compare: { partial: { kind: 'nmse', bound: 1e-12 }, carries: { kind: 'nmse', bound: 1e-12 } },
  cases: csrMatvecBalancedCases,
});
