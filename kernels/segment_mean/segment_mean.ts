import { defineKernel, linear } from '../define';
import { segmentMeanCases } from './segment_mean.cases';
import { segmentMeanReference } from './segment_mean.reference';
import thread from './segment_mean.thread.wgsl?raw';
import workgroup from './segment_mean.workgroup.wgsl?raw';

/**
 * The second half of a step of Lloyd's algorithm, on what sort_by_label gives: the same points in the same order give
 * the same bits, because nothing is added atomically. The largest shift decides when to stop.
 */
export const segmentMean = defineKernel({
  name: 'segment_mean',
  summary: 'Each centroid moves to the mean of its points; one without points stays; and how far each moved, squared.',
  source: 'next[j] = mean of x[i] over labels[i] = j, or c[j]; shift[j] = |next[j] − c[j]|² (Sparse-VideoGen, svg/kmeans_utils.py)',
  inputs: { x: 'f32[H,N,D]', order: 'u32[H,N]', offsets: 'u32[H,C+1]', centers: 'f32[H,C,D]' },
  outputs: { next: 'f32[H,C,D]', shift: 'f32[H,C]' },
  uniforms: ['H', 'N', 'C', 'D'],
  variants: [
    {
      id: 'thread',
      note: 'one centroid per invocation',
      wgsl: thread,
      file: 'kernels/segment_mean/segment_mean.thread.wgsl',
      launch: ({ H, C }) => linear(H * C, 16),
      fits: ({ D }) => D % 4 === 0,
    },
    {
      id: 'workgroup',
      note: 'one centroid per workgroup, parts added in a fixed order',
      wgsl: workgroup,
      file: 'kernels/segment_mean/segment_mean.workgroup.wgsl',
      launch: ({ H, C }) => linear(H * C, 1),
      fits: ({ D }) => D % 4 === 0,
    },
  ],
  cost: ({ H, N, C, D }) => ({ flops: 2 * H * N * D, bytes: 4 * H * (N * D + N + 2 * C * D + 2 * C + 1) }),
  reference: segmentMeanReference,
  compare: { next: { kind: 'nmse', bound: 1e-12 }, shift: { kind: 'nmse', bound: 1e-10 } },
  cases: segmentMeanCases,
});
