/** Pictures of attention against sums written out pair by pair. */

import { expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import type { Clustering } from '../../src/papers/svg2/kmeans';
import { cellOf, placesOf, pooled, pooledKept, sizeOf } from '../../src/papers/svg2/weights';

const N = 261; // cells of three tokens
const rng = createRng(5);

function clustering(count: number): Clustering {
  const labels = Uint32Array.from({ length: N }, () => rng.below(count));
  const order = Uint32Array.from(Array.from({ length: N }, (_, i) => i).sort((a, b) => labels[a] - labels[b] || a - b));
  const offsets = Uint32Array.from({ length: count + 1 }, (_, c) => labels.reduce((n, label) => n + (label < c ? 1 : 0), 0));
  return { heads: 1, tokens: N, count, labels, order, offsets, centers: new Float32Array(0) };
}

const [queries, keys] = [clustering(7), clustering(11)];
const kept = Uint32Array.from({ length: 77 }, () => rng.below(2));
const weights = Float32Array.from({ length: N * N }, () => rng.uniform());
const map = { heads: 1, queryClusters: 7, keyClusters: 11, kept, probability: new Float32Array(77) };

test.each([['by place', undefined], ['by cluster', placesOf(queries, keys)]] as const)('%s', (_, places) => {
  const [cell, size] = [cellOf(N), sizeOf(N)];
  expect([cell, size]).toEqual([3, 87]);
  const [all, some, pairs, area] = [0, 1, 2, 3].map(() => new Float64Array(size * size));
  for (let a = 0; a < N; a++) {
    for (let b = 0; b < N; b++) {
      const [i, j] = places ? [queries.order[a], keys.order[b]] : [a, b];
      const at = Math.floor(a / cell) * size + Math.floor(b / cell);
      const one = kept[queries.labels[i] * 11 + keys.labels[j]];
      all[at] += weights[i * N + j];
      some[at] += one * weights[i * N + j];
      pairs[at] += one;
      area[at]++;
    }
  }
  const seen = pooledKept(weights, queries, keys, map, places);
  const same = (got: Float32Array, sums: Float64Array, unit: number): void => got.forEach((v, at) => { if (Math.abs(v - (sums[at] * unit) / area[at]) > 1e-4 * unit) throw new Error(`square ${at}: ${v}`); });
  same(pooled(weights, N, places), all, N);
  same(seen.kept, some, N);
  same(seen.share, pairs, 1);
  expect(seen.share.some((v) => v > 0 && v < 1)).toBe(true);
});
