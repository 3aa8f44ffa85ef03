import { defineKernel, linear } from '../define';
import { sumSquaresCases } from './sum_squares.cases';
import { sumSquaresReference } from './sum_squares.reference';
import thread from './sum_squares.thread.wgsl?raw';
import workgroup from './sum_squares.workgroup.wgsl?raw';

/** Squared norms, row by row; the host adds the rows in float64. */
export const sumSquares = defineKernel({
  name: 'sum_squares',
  summary: 's = the sum of squares of each row.',
  source: 's[i] = sum over j of x[i,j]²',
  inputs: { x: 'f32[M,N]' },
  outputs: { s: 'f32[M]' },
  uniforms: ['M', 'N'],
  variants: [
    {
      id: 'thread',
      note: 'one row per invocation, four numbers at a time',
      wgsl: thread,
      file: 'kernels/sum_squares/sum_squares.thread.wgsl',
      launch: ({ M }) => linear(M, 64),
    },
    {
      id: 'workgroup',
      note: 'one row per workgroup: 64 partial results, then a tree in a fixed order',
      wgsl: workgroup,
      file: 'kernels/sum_squares/sum_squares.workgroup.wgsl',
      launch: ({ M }) => linear(M, 1),
    },
  ],
  cost: ({ M, N }) => ({ flops: 2 * M * N, bytes: 4 * (M * N + M) }),
  reference: sumSquaresReference,
  compare: { s: { kind: 'nmse', bound: 1e-12 } },
  cases: sumSquaresCases,
});
