/**
 * k-means of queries and of keys, each head by itself, in one loop over all heads (svg/kmeans_utils.py,
 * batch_kmeans_Euclid): squared Euclidean distance, ties to the lower index, an empty cluster stays where it was.
 */

import { createRng } from '../../../kernels/rng';
import { kmeansAssign } from '../../../kernels/kmeans_assign/kmeans_assign';
import { segmentMean } from '../../../kernels/segment_mean/segment_mean';
import { sortByLabel } from '../../../kernels/sort_by_label/sort_by_label';
import type { Scope, Tensor } from '../../engine/engine';
import { originOf, shifted } from './origin';

/** N points of D numbers in each of H heads. */
export interface Points {
  readonly heads: number;
  readonly tokens: number;
  readonly dim: number;
  /** [H,N,D] */
  readonly x: Float32Array;
}

/** Which cluster each token is in, and the order that brings clusters together. */
export interface Clustering {
  readonly heads: number;
  readonly tokens: number;
  /** C */
  readonly count: number;
  /** [H,N], below C */
  readonly labels: Uint32Array;
  /** [H,N]: the token at each place of the order by cluster; ascending within a cluster. */
  readonly order: Uint32Array;
  /** [H,C+1]: where each cluster begins in that order. */
  readonly offsets: Uint32Array;
  /** [H,C,D] */
  readonly centers: Float32Array;
}

export interface Lloyd extends Clustering {
  readonly iterations: number;
  /** Mean over tokens of |x − c(label)|², at each iteration's labels, with the centers that gave them. */
  readonly inertia: readonly number[];
  /** The same for what is given back. */
  readonly finalInertia: number;
}

export interface LloydOptions {
  /** At least 1 */
  readonly iterations: number;
  /** Stop when no center of any head moves as far. */
  readonly tolerance?: number;
}

/** Official: 1e-4. */
export const TOLERANCE = 1e-4;

/** Iterations recorded between two looks at the shifts, so that a device is not awaited at each. */
const LOOK = 4;

/** C random tokens of each head, with replacement, as at the first call for a layer. [H,C,D] */
export function randomCenters({ heads, tokens, dim, x }: Points, count: number, seed: number): Float32Array {
  const rng = createRng(seed);
  const centers = new Float32Array(heads * count * dim);
  for (let c = 0; c < heads * count; c++) {
    const token = Math.floor(c / count) * tokens + rng.below(tokens);
    centers.set(x.subarray(token * dim, (token + 1) * dim), c * dim);
  }
  return centers;
}

interface Step { readonly labels: Tensor; readonly order: Tensor; readonly offsets: Tensor; readonly centers: Tensor; readonly next: Tensor; readonly shift: Tensor }

function step(scope: Scope, x: Tensor, centers: Tensor): Step {
  const { labels } = scope.run(kmeansAssign, { x, c: centers });
  const { order, offsets } = scope.run(sortByLabel, { labels }, { dims: { C: centers.shape[1] } });
  return { labels, order, offsets, centers, ...scope.run(segmentMean, { x, order, offsets, centers }) };
}

/**
 * Lloyd's algorithm from given centers [H,C,D]: random ones at the first call, those of the denoising step before at
 * later ones. Where the centers come to rest, those that gave the labels are returned; where the iterations run out,
 * the means of the labels.
 * @param pause awaited now and then, so that a waiting message can be heard; it may throw to stop
 * @throws RangeError when sizes do not agree
 */
export async function lloyd(scope: Scope, points: Points, start: Float32Array, o: LloydOptions, pause?: () => Promise<void>): Promise<Lloyd> {
  const { heads, tokens, dim } = points;
  const count = start.length / (heads * dim);
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`${start.length} numbers are not centers of ${heads} heads with ${dim} channels.`);
  if (!Number.isInteger(o.iterations) || o.iterations < 1) throw new RangeError(`iterations is ${o.iterations}, but it must be a whole number from 1.`);
  const origin = originOf(points);
  const moved = origin ? { ...points, x: shifted(points.x, origin, points, -1) } : points;
  const shape = [heads, tokens, dim];
  const x = origin ? scope.upload(moved.x, shape) : scope.hold(moved.x, shape);
  const inertia: number[] = [];
  let present = scope.upload(origin ? shifted(start, origin, points, -1) : start, [heads, count, dim]);
  for (;;) {
    await pause?.();
    const steps: Step[] = [];
    for (let left = Math.min(LOOK, o.iterations - inertia.length); left > 0; left--) {
      const taken = step(scope, x, present);
      steps.push(taken);
      present = taken.next;
    }
    const read = await scope.readAll(steps.flatMap((s) => [s.shift, s.labels, s.centers]));
    for (const [i, s] of steps.entries()) {
      const [shift, labels, centers] = [read[3 * i] as Float32Array, read[3 * i + 1] as Uint32Array, read[3 * i + 2] as Float32Array];
      inertia.push(inertiaOf(moved, labels, centers));
      const rests = Math.sqrt(shift.reduce((a, b) => Math.max(a, b), 0)) < (o.tolerance ?? TOLERANCE);
      if (!rests && inertia.length < o.iterations) continue;
      const [order, offsets, next] = await scope.readAll([s.order, s.offsets, s.next]);
      const given = rests ? centers : next as Float32Array;
      return {
        heads, tokens, count, labels, order: order as Uint32Array, offsets: offsets as Uint32Array, centers: origin ? shifted(given, origin, points, 1) : given,
        iterations: inertia.length, inertia, finalInertia: inertiaOf(moved, labels, given),
      };
    }
  }
}

/** Mean over the tokens of all heads of |x − c(label)|², in float64. */
export function inertiaOf({ heads, tokens, dim, x }: Points, labels: Uint32Array, centers: Float32Array): number {
  const count = centers.length / (heads * dim);
  let sum = 0;
  for (let i = 0; i < heads * tokens; i++) {
    const c = (Math.floor(i / tokens) * count + labels[i]) * dim;
    for (let d = 0; d < dim; d++) sum += (x[i * dim + d] - centers[c + d]) ** 2;
  }
  return sum / (heads * tokens);
}

/** Clusters as given by their labels [H,N], with the means of their points as centers; a cluster without any gets 0. */
export async function clusteringOf(scope: Scope, { heads, tokens, dim, x }: Points, labels: Uint32Array, count: number): Promise<Clustering> {
  const { order, offsets } = scope.run(sortByLabel, { labels: scope.upload(labels, [heads, tokens]) }, { dims: { C: count } });
  const centers = scope.upload(new Float32Array(heads * count * dim), [heads, count, dim]);
  const { next } = scope.run(segmentMean, { x: scope.hold(x, [heads, tokens, dim]), order, offsets, centers });
  const [o, at, means] = await scope.readAll([order, offsets, next]);
  return { heads, tokens, count, labels, order: o as Uint32Array, offsets: at as Uint32Array, centers: means as Float32Array };
}

/** Tokens per cluster, [H,C]. */
export function sizesOf({ heads, count, offsets }: Pick<Clustering, 'heads' | 'count' | 'offsets'>): Uint32Array {
  return Uint32Array.from({ length: heads * count }, (_, i) => {
    const at = i + Math.floor(i / count);
    return offsets[at + 1] - offsets[at];
  });
}
