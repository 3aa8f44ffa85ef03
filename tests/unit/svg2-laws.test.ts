/** The laws of attention over clusters that are safe to assert, over ten seeds, and the table of the toy. */

import { describe, expect, test } from 'vitest';
import { denseFlops, wholeSpeedup } from '../../src/attention/cost';
import type { Attention } from '../../src/attention/dense';
import { headsAt, type Heads } from '../../src/attention/heads';
import { withScope, type Scope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { blockAttention, denseOf } from '../../src/papers/svg2/attention';
import { atRandom, exactTop, placeBlocks, topMass, topShare } from '../../src/papers/svg2/baselines';
import { cluster, videoOf, type Cache, type ClusterSettings } from '../../src/papers/svg2/clusters';
import { clusterFlops, overhead, STAGES } from '../../src/papers/svg2/cost';
import type { VideoHeads } from '../../src/papers/svg2/heads';
import { clusteringOf, lloyd, randomCenters, sizesOf } from '../../src/papers/svg2/kmeans';
import { atDensity, centroidMap, densityOf, type CentroidMap, type MapSettings } from '../../src/papers/svg2/map';
import { activeTiles, agreementOf, errorOf, recallOf, tileWaste } from '../../src/papers/svg2/measure';
import { attend, semanticAttention } from '../../src/papers/svg2/method';
import { mapWithText, withText } from '../../src/papers/svg2/text';
import { makeToy, TOY, type ToyOptions } from '../../src/papers/svg2/toy';

const SEEDS = Array.from({ length: 10 }, (_, i) => i);
const SMALL: Partial<ToyOptions> = { frames: 8, side: 6 };
const CLUSTERS: ClusterSettings = { queryClusters: 16, keyClusters: 32, first: 50, later: 2, labels: 'independent', seed: 0 };
const MAP: MapSettings = { topP: 0.9, minKept: 0, sizeWeighted: true };

const toy = (over: Partial<ToyOptions> = {}): ReturnType<typeof makeToy> => makeToy({ ...TOY, ...SMALL, ...over });
const on = <T>(body: (scope: Scope) => Promise<T>): Promise<T> => withScope(new ReferenceEngine(), body);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
const all = (map: CentroidMap): CentroidMap => ({ ...map, kept: map.kept.map(() => 1) });

/** Attention of one head under a mask of tokens, in float64. */
function masked({ N: tokens, D: dim, q, k, v }: Heads, keep: (query: number, key: number) => boolean): Float64Array {
  const o = new Float64Array(tokens * dim);
  for (let i = 0; i < tokens; i++) {
    const weights = Array.from({ length: tokens }, (_, j) => {
      let score = 0;
      for (let d = 0; d < dim; d++) score += q[i * dim + d] * k[j * dim + d];
      return keep(i, j) ? Math.exp(score / Math.sqrt(dim)) : 0;
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    for (let j = 0; j < tokens; j++) for (let d = 0; d < dim; d++) o[i * dim + d] += (weights[j] / sum) * v[j * dim + d];
  }
  return o;
}

describe.each(SEEDS)('seed %i', (seed) => {
  test('what is permuted and put back is the dense output; a map is a mask of tokens', () => on(async (scope) => {
    const heads = toy({ seed, frames: 3 });
    const { queries, keys } = await cluster(scope, heads, { ...CLUSTERS, seed });
    const map = await centroidMap(scope, queries, keys, MAP);
    const dense = await denseOf(scope, heads);
    const whole = await blockAttention(scope, heads, queries, keys, all(map));
    expect(gap(whole.o, dense.o)).toBeLessThan(2e-5);
    expect(gap(recallOf(heads, whole, dense), [1])).toBeLessThan(1e-5);
    const sparse = await blockAttention(scope, heads, queries, keys, map);
    expect(gap(sparse.o, masked(heads, (i, j) => map.kept[queries.labels[i] * keys.count + keys.labels[j]] === 1))).toBeLessThan(2e-5);
  }));

  test('clusters by meaning hold more attention than blocks of places at the same density, and no more than the exact top', () => on(async (scope) => {
    const heads = toy({ seed });
    const { clusters, map, attention, density } = await semanticAttention(scope, heads, { ...CLUSTERS, ...MAP, seed, compensated: false });
    const dense = await denseOf(scope, heads);
    const [recall] = recallOf(heads, attention, dense);
    const blocks = await placeBlocks(scope, heads, 16, 32);
    const place = atDensity(await centroidMap(scope, blocks.queries, blocks.keys, MAP), blocks.queries, blocks.keys, density);
    expect(gap(densityOf(place, blocks.queries, blocks.keys), density)).toBeLessThan(0.005);
    expect(recall).toBeGreaterThan(recallOf(heads, await blockAttention(scope, heads, blocks.queries, blocks.keys, place), dense)[0] + 0.2);
    const oracle = await exactTop(heads, topShare(density[0]));
    expect(recall).toBeLessThan(recallOf(heads, oracle, dense)[0]);
    expect(recallOf(heads, oracle, dense)[0]).toBeCloseTo(oracle.curves[0][Math.round(density[0] * heads.N)], 4);
    for (const side of [8, 16, 32]) {
      const [before] = activeTiles(clusters.queries, clusters.keys, map, side, 'place');
      const [after] = activeTiles(clusters.queries, clusters.keys, map, side, 'cluster');
      expect(after).toBeLessThan(before);
      expect(after).toBeGreaterThan(density[0]);
    }
    for (const arranged of ['place', 'cluster'] as const) expect(activeTiles(clusters.queries, clusters.keys, map, 1, arranged)[0]).toBeCloseTo(density[0], 12);
  }));

  test('recall follows p, density rises with it, and p = 1 keeps every cluster', () => on(async (scope) => {
    const heads = toy({ seed, sharpness: 3 });
    const { queries, keys } = await cluster(scope, heads, { ...CLUSTERS, seed });
    const dense = await denseOf(scope, heads);
    const sizes = sizesOf(queries);
    let before = 0;
    for (const topP of [0.7, 0.8, 0.9, 0.95]) {
      const map = await centroidMap(scope, queries, keys, { ...MAP, topP });
      const [density] = densityOf(map, queries, keys);
      expect(density).toBeGreaterThan(before);
      before = density;
      const [recall] = recallOf(heads, await blockAttention(scope, heads, queries, keys, map), dense);
      // The map's own estimate passes p by part of a cluster; what is found agrees with it.
      const estimated = map.probability.reduce((sum, v, at) => sum + (map.kept[at] ? v * sizes[Math.floor(at / 32)] : 0), 0) / heads.N;
      expect(estimated).toBeGreaterThan(topP);
      expect(Math.abs(recall - estimated), `p ${topP}`).toBeLessThan(0.03);
      expect(Math.abs(recall - topP), `p ${topP}`).toBeLessThan(topP < 0.9 ? 0.09 : 0.03);
    }
    const least = await centroidMap(scope, queries, keys, { ...MAP, topP: 0, minKept: 0.25 });
    for (let i = 0; i < 16; i++) expect(least.kept.subarray(i * 32, (i + 1) * 32).reduce((a, b) => a + b, 0)).toBe(8);
    expect(densityOf(await centroidMap(scope, queries, keys, { ...MAP, topP: 1 }), queries, keys)).toEqual([1]);
  }));

  test('inertia never rises', () => on(async (scope) => {
    const { runs } = await cluster(scope, toy({ seed }), { ...CLUSTERS, seed });
    for (const { inertia, finalInertia, iterations } of [runs.queries!, runs.keys!]) {
      expect(inertia).toHaveLength(iterations);
      for (const [i, v] of inertia.entries()) expect(inertia[i + 1] ?? finalInertia).toBeLessThanOrEqual(v * (1 + 1e-6));
    }
  }));

  test('a cluster to every token is top-p token by token; one cluster is dense; dropped single tokens are made up for exactly', () => on(async (scope) => {
    const heads = toy({ seed, frames: 3 });
    const each = Uint32Array.from({ length: heads.N }, (_, i) => i);
    const own = { queries: await clusteringOf(scope, videoOf(heads, heads.q), each, heads.N), keys: await clusteringOf(scope, videoOf(heads, heads.k), each, heads.N) };
    const map = await centroidMap(scope, own.queries, own.keys, MAP);
    const oracle = await exactTop(heads, topMass(0.9));
    const sparse = await attend(scope, heads, own, map, false);
    expect(sparse.density[0]).toBeCloseTo(oracle.density[0], 4);
    expect(gap(sparse.attention.o, oracle.o)).toBeLessThan(2e-5);
    const dense = await denseOf(scope, heads);
    expect(gap((await attend(scope, heads, own, map, true)).attention.o, dense.o)).toBeLessThan(2e-5);
    const one = await semanticAttention(scope, heads, { ...CLUSTERS, ...MAP, queryClusters: 1, keyClusters: 1, compensated: false });
    expect(gap(one.attention.o, dense.o)).toBeLessThan(2e-5);
  }));
});

test('on average, two iterations from the centers of the step before do better than two from random ones, until the scene is cut', () => on(async (scope) => {
  const drifting = { heads: 10, drift: 0.1 };
  const first = await cluster(scope, toy(drifting), CLUSTERS);
  const two = async (over: Partial<ToyOptions>, cache?: Cache): Promise<number> => {
    const { runs } = await cluster(scope, toy({ ...drifting, step: 1, ...over }), { ...CLUSTERS, first: 2, seed: 100 }, cache);
    expect([runs.queries!.iterations, runs.keys!.iterations]).toEqual([2, 2]);
    return runs.keys!.finalInertia;
  };
  const warm = await two({}, first.cache);
  expect(warm).toBeLessThan(await two({}));
  expect(await two({ cut: 0.5 }, first.cache)).toBeGreaterThan(await two({ cut: 0.5 }));
}));

test('on average, a map that forgets sizes keeps less and errs more; making up for what is dropped errs less', () => on(async (scope) => {
  const heads = toy({ heads: 10, sharpness: 4 });
  const { queries, keys } = await cluster(scope, heads, CLUSTERS);
  const dense = await denseOf(scope, heads);
  const sized = await attend(scope, heads, { queries, keys }, await centroidMap(scope, queries, keys, MAP), false);
  const unsized = await attend(scope, heads, { queries, keys }, await centroidMap(scope, queries, keys, { ...MAP, sizeWeighted: false }), false);
  const error = (a: Attention): number => mean(errorOf(heads, a, dense));
  expect(mean(unsized.density)).toBeLessThan(mean(sized.density));
  expect(error(unsized.attention)).toBeGreaterThan(error(sized.attention));
  const compensated = await attend(scope, heads, { queries, keys }, sized.map, true);
  expect(error(compensated.attention)).toBeLessThan(error(sized.attention) / 2);
}));

test('an empty cluster keeps its center, has no probability and no part in the map without sizes', () => on(async (scope) => {
  const heads = toy({ frames: 2 });
  const points = videoOf(heads, heads.k);
  const start = randomCenters(points, 4, 1);
  start.set(start.subarray(0, heads.D), heads.D); // the second center is the first: ties go to the lower index
  const keys = await lloyd(scope, points, start, { iterations: 1 });
  expect(sizesOf(keys)[1]).toBe(0);
  expect(keys.centers.slice(heads.D, 2 * heads.D)).toEqual(start.slice(heads.D, 2 * heads.D));
  const queries = await lloyd(scope, videoOf(heads, heads.q), randomCenters(videoOf(heads, heads.q), 3, 2), { iterations: 5 });
  for (const sizeWeighted of [true, false]) {
    const { probability } = await centroidMap(scope, queries, keys, { ...MAP, sizeWeighted });
    for (let i = 0; i < 3; i++) {
      expect(probability[4 * i + 1]).toBe(0);
      expect(mean([...probability.subarray(4 * i, 4 * i + 4)])).toBeCloseTo(0.25, 6);
    }
  }
}));

test('k-means stops at rest with the centers that gave its labels, or runs out with the means of them; a pause can stop it', () => on(async (scope) => {
  const heads = toy({ heads: 2 });
  const points = videoOf(heads, heads.k);
  const start = randomCenters(points, 8, 3);
  const rest = await lloyd(scope, points, start, { iterations: 50 });
  expect(rest.iterations).toBeLessThan(50);
  const again = await lloyd(scope, points, rest.centers, { iterations: 3 });
  expect([again.iterations, again.centers, again.labels]).toEqual([1, rest.centers, rest.labels]);
  const short = await lloyd(scope, points, start, { iterations: 2 });
  expect(short.centers).toEqual((await clusteringOf(scope, points, short.labels, 8)).centers);
  const stop = (): Promise<void> => Promise.reject(new Error('stopped'));
  await expect(lloyd(scope, points, start, { iterations: 50 }, stop)).rejects.toThrow('stopped');
  await expect(lloyd(scope, points, start.subarray(1), { iterations: 2 })).rejects.toThrow(RangeError);
  await expect(lloyd(scope, points, start, { iterations: 0 })).rejects.toThrow(RangeError);
}));

test('points far from the origin are clustered as those around it', () => on(async (scope) => {
  const heads = toy({ heads: 2 });
  const points = videoOf(heads, heads.k);
  const far = { ...points, x: points.x.map((v, i) => v + 30 * ((i % heads.D) - 7)) };
  const near = await lloyd(scope, points, randomCenters(points, 8, 3), { iterations: 50 });
  const found = await lloyd(scope, far, randomCenters(far, 8, 3), { iterations: 50 });
  expect(found.labels).toEqual(near.labels);
  expect(found.finalInertia).toBeCloseTo(near.finalInertia, 4);
  expect(gap(found.centers, near.centers.map((v, i) => v + 30 * ((i % heads.D) - 7)))).toBeLessThan(1e-3);
}));

test('shared labels group queries and keys alike; independent ones do not', () => on(async (scope) => {
  const heads = toy({ heads: 2 });
  for (const labels of ['queries', 'keys'] as const) {
    const shared = await cluster(scope, heads, { ...CLUSTERS, labels });
    expect(shared.keys.labels).toEqual(shared.queries.labels);
    expect(Object.values(shared.runs).filter(Boolean)).toHaveLength(1);
    expect(agreementOf(shared.queries, shared.keys)).toEqual([1, 1]);
  }
  const { queries, keys } = await cluster(scope, heads, CLUSTERS);
  for (const index of agreementOf(queries, keys)) expect(Math.abs(index)).toBeLessThan(0.2);
}));

test('text: the prompt sees video and prompt, padding itself, and density counts both', () => on(async (scope) => {
  const video = toy({ frames: 2 });
  const heads: VideoHeads = { ...video, text: { tokens: 8, prompt: 5 } };
  const { queries, keys } = await cluster(scope, heads, { ...CLUSTERS, queryClusters: 3, keyClusters: 4 });
  const map = mapWithText(await centroidMap(scope, queries, keys, { ...MAP, topP: 0 }), heads);
  const [q, k] = [withText(queries, heads), withText(keys, heads)];
  expect([...map.kept.subarray(18)]).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
  for (let i = 0; i < 3; i++) expect([...map.kept.subarray(6 * i + 4, 6 * i + 6)]).toEqual([1, 0]);
  const token = (i: number, j: number): boolean => map.kept[q.labels[i] * 6 + k.labels[j]] === 1;
  const sparse = await blockAttention(scope, heads, q, k, map);
  expect(gap(sparse.o, masked(heads, token))).toBeLessThan(2e-5);
  let pairs = 0;
  for (let i = 0; i < 72; i++) for (let j = 0; j < 72; j++) if (token(i, j)) pairs++;
  expect(densityOf(map, q, k)[0]).toBeCloseTo(pairs / 72 ** 2, 12);
  const dense = await denseOf(scope, heads);
  expect(gap(dense.o, masked(heads, (i, j) => i < 69 === j < 69))).toBeLessThan(2e-5);
  const each = Uint32Array.from({ length: 64 }, (_, i) => i);
  const own = { queries: await clusteringOf(scope, videoOf(heads, heads.q), each, 64), keys: await clusteringOf(scope, videoOf(heads, heads.k), each, 64) };
  const made = await attend(scope, heads, own, await centroidMap(scope, own.queries, own.keys, MAP), true);
  expect(made.density[0]).toBeLessThan(0.6);
  expect(gap(made.attention.o, dense.o)).toBeLessThan(2e-5);
  expect(gap(recallOf(heads, made.attention, dense), [1])).toBeLessThan(1e-5);
}));

test('random maps come to the density asked for', () => on(async (scope) => {
  const heads = toy({ heads: 2 });
  const { queries, keys } = await cluster(scope, heads, CLUSTERS);
  const map = atRandom(await centroidMap(scope, queries, keys, MAP), 1);
  for (const target of [0.1, 0.37, 0.8, 1]) for (const found of densityOf(atDensity(map, queries, keys, target), queries, keys)) expect(Math.abs(found - target)).toBeLessThan(0.02);
}));

test('costs: a step costs 1.7 % of dense at the size of Wan, fifty 43 %; a block in a tile too large is mostly waste', () => {
  const wan = { heads: 1, tokens: 75600, headDim: 128, queryClusters: 300, keyClusters: 1000 };
  const each = (n: number) => ({ queries: n, keys: n });
  expect(clusterFlops(wan, each(2)) / denseFlops(wan)).toBeCloseTo(0.0172, 3);
  expect(clusterFlops(wan, each(50)) / denseFlops(wan)).toBeCloseTo(0.43, 2);
  expect(clusterFlops(wan, { queries: 3, keys: 0 })).toBe(2 * 3 * 75600 * 128 * 301);
  expect(overhead(wan, each(2))).toBeLessThan(0.018);
  expect(wholeSpeedup(0.8, 0.3)).toBeCloseTo(1 / 0.44, 12);
  expect(tileWaste(128, 32, 128)).toBe(0.75);
  expect(Object.keys(STAGES)).toContain('attention_blocks');
});

describe('toy', () => {
  test('sharpness scales queries alone; a cut changes only the frames after it; a step turns everything a little', () => {
    const [base, sharp, cut, later] = [toy(), toy({ sharpness: 3 }), toy({ cut: 0.25 }), toy({ drift: 0.1, step: 1 })];
    expect(sharp.k).toEqual(base.k);
    expect(gap(sharp.q.map((v) => 2 * v), base.q)).toBeLessThan(1e-5);
    const same = 6 * 36 * 32;
    expect(cut.k.subarray(0, same)).toEqual(base.k.subarray(0, same));
    expect(cut.keyClass.subarray(6 * 36).every((c) => c >= 16)).toBe(true);
    const turn = Math.hypot(...later.k.map((v, i) => v - base.k[i])) / Math.hypot(...base.k);
    expect(turn).toBeGreaterThan(0.05);
    expect(turn).toBeLessThan(0.15);
  });

  // Means of a prototype over three seeds: τ; attention of the top 10 %; density (with its bound), recall and error at
  // p = 0.9; density and recall with shared labels; the same and the error of blocks of places; recall and error of those at
  // equal density; active tiles of 16 before, and of 16 and 32 after the permutation. Density varies from head to head by
  // 0.046, 0.025 and 0.011: two means of three differ by less than three deviations of their difference. What blocks lose at
  // equal density is compared per density.
  test.each([
    [4, 0.714, [0.442, 0.113, 0.905, 0.114], [0.836, 0.906], [0.865, 0.906, 0.052], [0.537, 0.209], [1, 0.68, 0.84]],
    [6, 0.898, [0.155, 0.061, 0.913, 0.1], [0.752, 0.884], [0.839, 0.893, 0.034], [0.227, 0.387], [0.995, 0.31, 0.477]],
    [8, 0.964, [0.084, 0.027, 0.916, 0.116], [0.666, 0.85], [0.809, 0.873, 0.028], [0.136, 0.55], [0.957, 0.187, 0.309]],
  ])('1,024 tokens, τ %i', (sharpness, top, [density, spread, recall, error], shared, place, equal, tiles) => on(async (scope) => {
    const heads = makeToy({ ...TOY, sharpness, heads: 3 });
    const dense = await denseOf(scope, heads);
    const settings = { ...CLUSTERS, ...MAP, queryClusters: 32, keyClusters: 64, compensated: false };
    const found = await semanticAttention(scope, heads, settings);
    const { queries, keys } = found.clusters;
    const near = (name: string, value: number, told: number, bound: number): void => expect(Math.abs(value - told), `${name}: ${value} for ${told}`).toBeLessThan(bound);
    const recallAndError = (a: Attention): [number, number] => [mean(recallOf(heads, a, dense)), mean(errorOf(heads, a, dense))];
    near('density', mean(found.density), density, spread);
    const own = recallAndError(found.attention);
    near('recall', own[0], recall, 0.03);
    near('error', own[1], error, 0.03);
    near('top 10 %', (await exactTop(headsAt(heads, [0]), topShare(0.1))).curves[0][102], top, 0.06);
    const same = await cluster(scope, heads, { ...settings, labels: 'keys' });
    const both = await attend(scope, heads, same, await centroidMap(scope, same.queries, same.keys, MAP), false);
    near('density, shared labels', mean(both.density), shared[0], 0.08);
    near('recall, shared labels', recallAndError(both.attention)[0], shared[1], 0.03);
    const blocks = await placeBlocks(scope, heads, 32, 64);
    const map = await centroidMap(scope, blocks.queries, blocks.keys, MAP);
    const pooled = await attend(scope, heads, blocks, map, false);
    near('density, places', mean(pooled.density), place[0], 0.04);
    const ofPooled = recallAndError(pooled.attention);
    near('recall, places', ofPooled[0], place[1], 0.03);
    near('error, places', ofPooled[1], place[2], 0.02);
    const cut = await attend(scope, heads, blocks, atDensity(map, blocks.queries, blocks.keys, found.density), false);
    const ofCut = recallAndError(cut.attention);
    near('recall, places, equal density', ofCut[0] / mean(found.density) / (equal[0] / density), 1, 0.15);
    near('error, places, equal density', ofCut[1] / equal[1], 1, 0.25);
    const active = (side: number, arranged: 'place' | 'cluster'): number => mean(activeTiles(queries, keys, found.map, side, arranged));
    near('tiles of 16 before', active(16, 'place'), tiles[0], 0.03);
    near('tiles of 16', active(16, 'cluster') / tiles[1], 1, 0.2);
    near('tiles of 32', active(32, 'cluster') / tiles[2], 1, 0.2);
  }));
});
