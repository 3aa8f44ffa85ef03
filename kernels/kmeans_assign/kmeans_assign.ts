import { defineKernel, linear } from '../define';
import { kmeansAssignCases } from './kmeans_assign.cases';
import { kmeansAssignReference } from './kmeans_assign.reference';
import points from './kmeans_assign.points.wgsl?raw';
import quad from './kmeans_assign.quad.wgsl?raw';
import tile from './kmeans_assign.tile.wgsl?raw';

/**
 * The first half of a step of Lloyd's algorithm, for every head by itself. Points and centroids far from the origin
 * and near each other lose digits, as in every form that expands the square; subtract a common mean first.
 */
export const kmeansAssign = defineKernel({
  name: 'kmeans_assign',
  summary: 'The nearest of C centroids for every point, by squared Euclidean distance; the lower index where two are equally near.',
  source: 'label[n] = argmin over j of |x[n] − c[j]|² = argmax of x[n]·c[j] − |c[j]|²/2 (Sparse-VideoGen, svg/kmeans_utils.py)',
  inputs: { x: 'f32[H,N,D]', c: 'f32[H,C,D]' },
  outputs: { labels: 'u32[H,N]' },
  uniforms: ['H', 'N', 'C', 'D'],
  variants: [
    {
      id: 'quad',
      note: 'eight points of at most 32 channels per invocation, held in registers; centroids fetched once for 32 points and handed round by quads',
      wgsl: quad,
      file: 'kernels/kmeans_assign/kmeans_assign.quad.wgsl',
      requires: ['subgroups'],
      launch: ({ H, N }) => linear(H * Math.ceil(N / 128), 1),
      fits: ({ D }) => D % 4 === 0 && D <= 32,
    },
    {
      id: 'points',
      note: 'eight points per invocation against four centroids at a time: 32 products for twelve loads',
      wgsl: points,
      file: 'kernels/kmeans_assign/kmeans_assign.points.wgsl',
      launch: ({ H, N }) => linear(H * Math.ceil(N / 8), 32),
      fits: ({ D }) => D % 4 === 0,
    },
    {
      id: 'tile',
      note: 'a point per invocation, centroids shared through workgroup memory sixteen at a time',
      wgsl: tile,
      file: 'kernels/kmeans_assign/kmeans_assign.tile.wgsl',
      launch: ({ H, N }) => linear(H * Math.ceil(N / 64), 1),
      fits: ({ D }) => D % 4 === 0,
    },
  ],
  cost: ({ H, N, C, D }) => ({ flops: 2 * H * N * C * D, bytes: 4 * H * (N * D + C * D + N) }),
  reference: kmeansAssignReference,
  compare: { labels: { kind: 'exact' } },
  cases: kmeansAssignCases,
});
