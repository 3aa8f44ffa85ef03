import { defineKernel, linear } from '../define';
import { updateCodebookCases } from './update_codebook.cases';
import { updateCodebookReference } from './update_codebook.reference';
import row from './update_codebook.row.wgsl?raw';
import workgroup from './update_codebook.workgroup.wgsl?raw';

/**
 * The second half of a k-means step in one dimension: each value of a row's book moves to the mean of its weights, each
 * weight counted f times. A value that no weight has (or only weights that count nothing) stays where it is. In a row
 * where nothing counts, every weight counts once. f is not negative.
 */
export const updateCodebook = defineKernel({
  name: 'update_codebook',
  summary: 'Weighted means of each row’s clusters, and the sum of the squares of how far they moved.',
  source: 'next[n,c] = sum of f w / sum of f over the k with code[n,k] = c, shift[n] = sum over c of (next − book)²; SqueezeLLM, equation 3, and its nuq.py',
  inputs: { w: 'f32[N,K]', f: 'f32[N,K]', codes: 'u32[N,K]', book: 'f32[N,C]' },
  outputs: { next: 'f32[N,C]', shift: 'f32[N]' },
  uniforms: ['N', 'K', 'C'],
  variants: [
    {
      id: 'row',
      note: 'one row per invocation, its sums in private memory',
      wgsl: row,
      file: 'kernels/update_codebook/update_codebook.row.wgsl',
      launch: ({ N }) => linear(N, 32),
      fits: ({ C }) => C <= 256,
    },
    {
      id: 'workgroup',
      note: 'one row per workgroup: its invocations share the clusters and the weights, and add up in a fixed order',
      wgsl: workgroup,
      file: 'kernels/update_codebook/update_codebook.workgroup.wgsl',
      launch: ({ N }) => linear(N, 1),
      fits: ({ C }) => C <= 256,
    },
  ],
  cost: ({ N, K, C }) => ({ flops: N * (4 * K + 5 * C), bytes: 4 * N * (3 * K + 2 * C + 1) }),
  reference: updateCodebookReference,
  // Sums of up to K terms in float32, of distances from the old value.
  compare: { next: { kind: 'nmse', bound: 1e-12 }, shift: { kind: 'nmse', bound: 1e-10 } },
  cases: updateCodebookCases,
});
