import { defineKernel, linear } from '../define';
import { gatherRowsCases } from './gather_rows.cases';
import { gatherRowsReference } from './gather_rows.reference';
import row from './gather_rows.row.wgsl?raw';
import scalar from './gather_rows.scalar.wgsl?raw';
import vector from './gather_rows.vector.wgsl?raw';

/** The rows of each head in another order, or some of them: order[h,i] is the row of x that becomes row i, below N. */
export const gatherRows = defineKernel({
  name: 'gather_rows',
  summary: 'y[h,i] = row order[h,i] of x[h]: a permutation of tokens, or a sample of them.',
  source: 'y[h,i] = x[h, order[h,i]] (Sparse-VideoGen, svg/kernels/triton/permute.py)',
  inputs: { x: 'f32[H,N,D]', order: 'u32[H,M]' },
  outputs: { y: 'f32[H,M,D]' },
  uniforms: ['H', 'N', 'M', 'D'],
  variants: [
    {
      id: 'row',
      note: 'a row per invocation, looked up once',
      wgsl: row,
      file: 'kernels/gather_rows/gather_rows.row.wgsl',
      launch: ({ H, M }) => linear(H * M, 64),
      fits: ({ D }) => D % 4 === 0,
    },
    {
      id: 'vector',
      note: 'four channels per invocation: neighbours read and write side by side',
      wgsl: vector,
      file: 'kernels/gather_rows/gather_rows.vector.wgsl',
      launch: ({ H, M, D }) => linear((H * M * D) / 4, 64),
      fits: ({ D }) => D % 4 === 0,
    },
    {
      id: 'scalar',
      note: 'one channel per invocation, any D',
      wgsl: scalar,
      file: 'kernels/gather_rows/gather_rows.scalar.wgsl',
      launch: ({ H, M, D }) => linear(H * M * D, 64),
    },
  ],
  cost: ({ H, M, D }) => ({ flops: 0, bytes: 4 * H * M * (2 * D + 1) }),
  reference: gatherRowsReference,
  compare: { y: { kind: 'exact' } },
  cases: gatherRowsCases,
});
