import { defineKernel, linear } from '../define';
import { differenceSquaresCases } from './difference_squares.cases';
import { differenceSquaresReference } from './difference_squares.reference';
import thread from './difference_squares.thread.wgsl?raw';
import workgroup from './difference_squares.workgroup.wgsl?raw';

/** Squared error, row by row; the host adds the rows in float64. */
export const differenceSquares = defineKernel({
  name: 'difference_squares',
  summary: 's = the sum of squared differences of each row.',
  source: 's[i] = sum over j of (a[i,j] − b[i,j])²',
  inputs: { a: 'f32[M,N]', b: 'f32[M,N]' },
  outputs: { s: 'f32[M]' },
  uniforms: ['M', 'N'],
  variants: [
    {
      id: 'thread',
      note: 'one row per invocation, four numbers at a time',
      wgsl: thread,
      file: 'kernels/difference_squares/difference_squares.thread.wgsl',
      launch: ({ M }) => linear(M, 64),
    },
    {
      id: 'workgroup',
      note: 'one row per workgroup: 64 partial results, then a tree in a fixed order',
      wgsl: workgroup,
      file: 'kernels/difference_squares/difference_squares.workgroup.wgsl',
      launch: ({ M }) => linear(M, 1),
    },
  ],
  cost: ({ M, N }) => ({ flops: 3 * M * N, bytes: 4 * (2 * M * N + M) }),
  reference: differenceSquaresReference,
  compare: { s: { kind: 'nmse', bound: 1e-12 } },
  cases: differenceSquaresCases,
});
