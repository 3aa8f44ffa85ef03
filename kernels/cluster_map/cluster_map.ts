import { defineKernel, linear } from '../define';
import { clusterMapCases } from './cluster_map.cases';
import { clusterMapReference } from './cluster_map.reference';
import row from './cluster_map.row.wgsl?raw';

/**
 * How much attention each query cluster would pay to each key cluster if all of its keys lay on their centroid. Sizes
 * are the differences of `offsets` (sort_by_label). A cluster without keys gets 0, although its centroid takes part
 * in the maximum; the denominator is at least 1e-12.
 */
export const clusterMap = defineKernel({
  name: 'cluster_map',
  summary: 'The softmax of centroid scores, each key cluster counted as often as it has keys.',
  source: 'P[i,j] = n_j exp(s_ij − max s_i) / Σ_j n_j exp(s_ij − max s_i), s = scale qc kcᵀ (Sparse-VideoGen, svg/kmeans_utils.py, weighted_softmax)',
  inputs: { queries: 'f32[H,Cq,D]', keys: 'f32[H,Ck,D]', offsets: 'u32[H,Ck+1]' },
  outputs: { probability: 'f32[H,Cq,Ck]' },
  uniforms: ['H', 'Cq', 'Ck', 'D'],
  scalars: { scale: 'f32' },
  variants: [
    {
      id: 'row',
      note: 'one query cluster per invocation, four key clusters at a time',
      wgsl: row,
      file: 'kernels/cluster_map/cluster_map.row.wgsl',
      launch: ({ H, Cq }) => linear(H * Cq, 16),
      fits: ({ D }) => D % 4 === 0,
    },
  ],
  cost: ({ H, Cq, Ck, D }) => ({ flops: 2 * H * Cq * Ck * D, bytes: 4 * H * (Cq * D + Ck * D + Ck + 1 + Cq * Ck) }),
  reference: clusterMapReference,
  compare: { probability: { kind: 'nmse', bound: 1e-10 } },
  cases: clusterMapCases,
});
