import { defineKernel, linear } from '../define';
import { assignCodebookCases } from './assign_codebook.cases';
import { assignCodebookReference } from './assign_codebook.reference';
import points from './assign_codebook.points.wgsl?raw';
import vector from './assign_codebook.vector.wgsl?raw';
import workgroup from './assign_codebook.workgroup.wgsl?raw';

/** The first half of a k-means step in one dimension: each weight to the nearest value of its row's book. */
export const assignCodebook = defineKernel({
  name: 'assign_codebook',
  summary: 'The index of the nearest of a row’s C values, for every weight; the lower index where two are equally near.',
  source: 'code[n,k] = argmin over c of |w[n,k] − book[n,c]|',
  inputs: { w: 'f32[N,K]', book: 'f32[N,C]' },
  outputs: { codes: 'u32[N,K]' },
  uniforms: ['N', 'K', 'C'],
  variants: [
    {
      id: 'vector',
      note: 'sixteen weights of a row per invocation, so that each value of the book is fetched once for sixteen',
      wgsl: vector,
      file: 'kernels/assign_codebook/assign_codebook.vector.wgsl',
      launch: ({ N, K }) => linear(N * Math.ceil(K / 16), 64),
      fits: ({ K }) => K % 4 === 0,
    },
    {
      id: 'points',
      note: 'eight weights of a row per invocation, any K',
      wgsl: points,
      file: 'kernels/assign_codebook/assign_codebook.points.wgsl',
      launch: ({ N, K }) => linear(N * Math.ceil(K / 8), 64),
    },
    {
      id: 'workgroup',
      note: 'one row per workgroup, its book in workgroup memory',
      wgsl: workgroup,
      file: 'kernels/assign_codebook/assign_codebook.workgroup.wgsl',
      launch: ({ N }) => linear(N, 1),
      fits: ({ C }) => C <= 256,
    },
  ],
  cost: ({ N, K, C }) => ({ flops: 2 * N * K * C, bytes: 4 * (2 * N * K + N * C) }),
  reference: assignCodebookReference,
  // Subtraction is exactly rounded on every device, and so are the ties that rounding makes.
  compare: { codes: { kind: 'exact' } },
  cases: assignCodebookCases,
});
