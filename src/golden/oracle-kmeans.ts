/**
 * Lloyd's algorithm from given centroids until the labels repeat, as scikit-learn's KMeans has it. Points of several
 * dimensions go through the kernels of Sparse VideoGen 2 (assign, sort, segmented mean), numbers through those of
 * SqueezeLLM's codebooks.
 */

import { withScope, type Engine, type Scope } from '../engine/engine';
import type { Data } from '../../kernels/define';
import { assignCodebook } from '../../kernels/assign_codebook/assign_codebook';
import { kmeansAssign } from '../../kernels/kmeans_assign/kmeans_assign';
import { segmentMean } from '../../kernels/segment_mean/segment_mean';
import { sortByLabel } from '../../kernels/sort_by_label/sort_by_label';
import { updateCodebook } from '../../kernels/update_codebook/update_codebook';
import { floats, param, widened, type Computed, type GoldenAdapter, type GoldenCase } from './case';

/** n points of `dim` numbers, each counted `weights` times. */
interface Weighted {
  readonly x: Float32Array;
  readonly weights: Float32Array;
  readonly dim: number;
}

/** One step of Lloyd's algorithm: labels of the present centroids, and the centroids that follow from them. */
type Step = (centroids: Float32Array) => Promise<{ readonly labels: Data; readonly next: Float32Array }>;

/**
 * What scikit-learn subtracts from all points first, so that squares do not lose the digits that matter: the mean of each
 * channel, here to the nearest multiple of a power of two, so that whole numbers and their ties stay what they are.
 */
function offsets(x: Float32Array, dim: number): Float32Array {
  const n = x.length / dim;
  return Float32Array.from({ length: dim }, (_, d) => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < n; i++) sum += x[i * dim + d];
    for (let i = 0; i < n; i++) squares += (x[i * dim + d] - sum / n) ** 2;
    const unit = 2 ** Math.floor(Math.log2(Math.sqrt(squares / n)));
    return unit > 0 ? Math.round(sum / n / unit) * unit : 0;
  });
}

/** The kernels want a multiple of four channels. One more holds the weight, so that means of w x and of w come together. */
const points = (scope: Scope, given: Weighted, clusters: number): Step => {
  const { weights, dim } = given;
  const origin = offsets(given.x, dim);
  const x = given.x.map((v, at) => v - origin[at % dim]);
  const [n, width, wide] = [weights.length, 4 * Math.ceil(dim / 4), 4 * Math.ceil((dim + 1) / 4)];
  const data = scope.upload(widened(x, dim, width), [1, n, width]);
  const counted = widened(x, dim, wide).map((v, at) => (at % wide === dim ? 1 : v) * weights[Math.floor(at / wide)]);
  const sums = scope.upload(counted, [1, n, wide]);
  const none = scope.upload(new Float32Array(clusters * wide), [1, clusters, wide]);
  return async (present) => {
    const centroids = present.map((v, at) => v - origin[at % dim]);
    const { labels } = scope.run(kmeansAssign, { x: data, c: scope.upload(widened(centroids, dim, width), [1, clusters, width]) });
    const { order, offsets } = scope.run(sortByLabel, { labels }, { dims: { C: clusters } });
    const [found, means] = await scope.readAll([labels, scope.run(segmentMean, { x: sums, order, offsets, centers: none }).next]);
    const next = centroids.map((known, at) => {
      const row = Math.floor(at / dim) * wide;
      return (means[row + dim] > 0 ? means[row + (at % dim)] / means[row + dim] : known) + origin[at % dim];
    });
    return { labels: found, next };
  };
};

const numbers = (scope: Scope, { x, weights }: Weighted): Step => {
  const [w, f] = [scope.upload(x, [1, x.length]), scope.upload(weights, [1, x.length])];
  return async (centroids) => {
    const book = scope.upload(centroids, [1, centroids.length]);
    const { codes } = scope.run(assignCodebook, { w, book });
    const [labels, next] = await scope.readAll([codes, scope.run(updateCodebook, { w, f, codes, book }).next]);
    return { labels, next: next as Float32Array };
  };
};

/**
 * Clusters without weight move to the points farthest from their centroids, which leave the clusters they were in
 * (_relocate_empty_clusters_dense). @param known the centroids that gave the labels
 */
function relocated({ x, weights, dim }: Weighted, labels: Data, known: Float32Array, next: Float32Array): Float32Array {
  const totals = new Float64Array(next.length / dim);
  for (let i = 0; i < weights.length; i++) totals[labels[i]] += weights[i];
  const empty = Array.from(totals.keys()).filter((c) => totals[c] === 0);
  if (empty.length === 0) return next;
  const distance = Float64Array.from(weights, (_, i) => {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += (x[i * dim + d] - known[labels[i] * dim + d]) ** 2;
    return sum;
  });
  const far = Array.from(distance.keys()).sort((a, b) => distance[b] - distance[a]);
  if (distance[far[0]] === 0) return next;
  const sums = Float64Array.from(next, (v, at) => v * totals[Math.floor(at / dim)]);
  for (const [i, c] of empty.entries()) {
    const [point, from] = [far[i], labels[far[i]]];
    for (let d = 0; d < dim; d++) {
      const moved = weights[point] * x[point * dim + d];
      sums[from * dim + d] -= moved;
      sums[c * dim + d] = moved;
    }
    totals[from] -= weights[point];
    totals[c] = weights[point];
  }
  return next.map((v, at) => (totals[Math.floor(at / dim)] > 0 ? sums[at] / totals[Math.floor(at / dim)] : v));
}

/** Σ weight |x − c(label)|², float64. */
function inertiaOf(x: Float32Array, weights: Float32Array, labels: Data, centroids: Data, dim: number): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    for (let d = 0; d < dim; d++) sum += weights[i] * (x[i * dim + d] - centroids[labels[i] * dim + d]) ** 2;
  }
  return sum;
}

/** A centroid that moves by no more than this share of itself is where it was, but for float32. */
const REST = 1e-6;

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const [x, init] = [floats(golden, 'X'), floats(golden, 'init')];
  const [n, dim, clusters, most] = ['n', 'dim', 'clusters', 'max_iter'].map((name) => param(golden, name));
  const weights = golden.params.weighted === true ? floats(golden, 'weights') : new Float32Array(n).fill(1);
  const data = { x, weights, dim };
  const history: number[] = [];
  const { labels, centroids } = await withScope(engine, async (scope) => {
    const step = dim === 1 ? numbers(scope, data) : points(scope, data, clusters);
    let [before, known]: [Data | undefined, Float32Array] = [undefined, init];
    for (let i = 0; ; i++) {
      const { labels: found, next } = await step(known);
      // The labels are those of the centroids given back, also where the steps ran out.
      if (i < most) history.push(inertiaOf(x, weights, found, known, dim));
      if (i === most || before?.every((label, j) => label === found[j])) return { labels: found, centroids: known };
      const moved = relocated(data, found, known, next);
      if (moved.every((v, at) => Math.abs(v - known[at]) <= REST * Math.abs(known[at]))) return { labels: found, centroids: known };
      [before, known] = [found, moved];
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
    inertia_history: { kind: 'relative', bound: 1e-5, floor: 1e-6 }, // of clusters of one point each nothing is left but rounding
    inertia: { kind: 'relative', bound: 1e-5, floor: 1e-6 },
    sklearn_n_iter: { kind: 'exact' },
  },
};
