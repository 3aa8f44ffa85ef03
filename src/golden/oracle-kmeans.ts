/**
 * Lloyd's algorithm from given centroids until the labels repeat. Points of several dimensions go through the kernels
 * of Sparse VideoGen 2 (assign, sort, segmented mean), weighted numbers through those of SqueezeLLM's codebooks.
 */

import { withScope, type Engine, type Scope, type Tensor } from '../engine/engine';
import type { Data } from '../../kernels/define';
import { assignCodebook } from '../../kernels/assign_codebook/assign_codebook';
import { kmeansAssign } from '../../kernels/kmeans_assign/kmeans_assign';
import { segmentMean } from '../../kernels/segment_mean/segment_mean';
import { sortByLabel } from '../../kernels/sort_by_label/sort_by_label';
import { updateCodebook } from '../../kernels/update_codebook/update_codebook';
import { floats, param, type Computed, type GoldenAdapter, type GoldenCase } from './case';

/** One step of Lloyd's algorithm: labels of the present centroids, and the centroids that follow from them. */
type Step = (centroids: Tensor) => { readonly labels: Tensor; readonly next: Tensor };

const points = (scope: Scope, x: Float32Array, n: number, dim: number, clusters: number): Step => {
  const data = scope.upload(x, [1, n, dim]);
  return (centers) => {
    const { labels } = scope.run(kmeansAssign, { x: data, c: centers });
    const { order, offsets } = scope.run(sortByLabel, { labels }, { dims: { C: clusters } });
    return { labels, next: scope.run(segmentMean, { x: data, order, offsets, centers }).next };
  };
};

const numbers = (scope: Scope, x: Float32Array, weights: Float32Array): Step => {
  const [w, f] = [scope.upload(x, [1, x.length]), scope.upload(weights, [1, x.length])];
  return (book) => {
    const { codes } = scope.run(assignCodebook, { w, book });
    return { labels: codes, next: scope.run(updateCodebook, { w, f, codes, book }).next };
  };
};

/** Σ weight |x − c(label)|², float64. */
function inertiaOf(x: Float32Array, weights: Float32Array, labels: Data, centroids: Data, dim: number): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    for (let d = 0; d < dim; d++) sum += weights[i] * (x[i * dim + d] - centroids[labels[i] * dim + d]) ** 2;
  }
  return sum;
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const [x, weights, init] = [floats(golden, 'X'), floats(golden, 'weights'), floats(golden, 'init')];
  const [n, dim, clusters, most] = ['n', 'dim', 'clusters', 'max_iter'].map((name) => param(golden, name));
  const weighted = golden.params.weighted === true;
  if (weighted && dim !== 1) throw new Error(`params.dim is ${dim}, but weighted points are computed in one dimension only.`);
  const history: number[] = [];
  const { labels, centroids } = await withScope(engine, async (scope) => {
    const step = dim === 1 ? numbers(scope, x, weighted ? weights : new Float32Array(n).fill(1)) : points(scope, x, n, dim, clusters);
    const shape = dim === 1 ? [1, clusters] : [1, clusters, dim];
    let present = scope.upload(init, shape);
    let [before, known]: [Data | undefined, Data] = [undefined, init];
    for (let i = 0; ; i++) {
      const { labels: assigned, next } = step(present);
      const [found, moved] = await scope.readAll([assigned, next]);
      const repeats = before?.every((label, j) => label === found[j]) ?? false;
      // The labels are those of the centroids given back, also where the steps ran out.
      if (i < most) history.push(inertiaOf(x, weights, found, known, dim));
      if (repeats || i === most) return { labels: found, centroids: known };
      [before, known, present] = [found, moved, next];
    }
  });
  const rises = history.filter((v, i) => i > 0 && v > history[i - 1] * (1 + 1e-6)).length; // by more than rounding
  return {
    arrays: { labels, centroids, inertia_history: history },
    scalars: { inertia: inertiaOf(x, weights, labels, centroids, dim), sklearn_n_iter: history.length },
    checks: [{ quantity: 'inertia never rises', deviation: rises, bound: 0, ok: rises === 0 }],
  };
}

export const oracleKmeans: GoldenAdapter = {
  algorithm: 'oracle_kmeans_given_init',
  run,
  rules: {
    labels: { kind: 'codes', equal: 0.999 },
    centroids: { kind: 'frobenius', bound: 1e-4 },
    inertia_history: { kind: 'relative', bound: 1e-5 },
    inertia: { kind: 'relative', bound: 1e-5 },
    sklearn_n_iter: { kind: 'exact' },
  },
};
