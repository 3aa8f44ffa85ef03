import { defineKernel, linear } from '../define';
import { scatterRowsCases } from './scatter_rows.cases';
import { scatterRowsReference } from './scatter_rows.reference';
import row from './scatter_rows.row.wgsl?raw';
import scalar from './scatter_rows.scalar.wgsl?raw';
import vector from './scatter_rows.vector.wgsl?raw';

/** The inverse of gather_rows: order[h] is a permutation, and row i of x goes back to row order[h,i]. */
export const scatterRows = defineKernel({
  name: 'scatter_rows',
  summary: 'y[h, order[h,i]] = x[h,i]: undoes the permutation of gather_rows.',
  source: 'y[h, order[h,i]] = x[h,i] (Sparse-VideoGen, svg/kernels/triton/permute.py)',
  inputs: { x: 'f32[H,N,D]', order: 'u32[H,N]' },
  outputs: { y: 'f32[H,N,D]' },
  uniforms: ['H', 'N', 'D'],
  variants: [
    {
      id: 'row',
      note: 'a row per invocation, looked up once',
      wgsl: row,
      file: 'kernels/scatter_rows/scatter_rows.row.wgsl',
      launch: ({ H, N }) => linear(H * N, 64),
      fits: ({ D }) => D % 4 === 0,
    },
    {
      id: 'vector',
      note: 'four channels per invocation: neighbours read and write side by side',
      wgsl: vector,
      file: 'kernels/scatter_rows/scatter_rows.vector.wgsl',
      launch: ({ H, N, D }) => linear((H * N * D) / 4, 64),
      fits: ({ D }) => D % 4 === 0,
    },
    {
      id: 'scalar',
      note: 'one channel per invocation, any D',
      wgsl: scalar,
      file: 'kernels/scatter_rows/scatter_rows.scalar.wgsl',
      launch: ({ H, N, D }) => linear(H * N * D, 64),
    },
  ],
  cost: ({ H, N, D }) => ({ flops: 0, bytes: 4 * H * N * (2 * D + 1) }),
  reference: scatterRowsReference,
  compare: { y: { kind: 'exact' } },
  cases: scatterRowsCases,
});
