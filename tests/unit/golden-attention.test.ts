/** Golden cases of attention that the shared ones lack: other models, other sizes, and what rounding leaves open. */

import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import { ReferenceEngine } from '../../src/engine/reference';
import type { GoldenArray, GoldenCase, Json } from '../../src/golden/case';
import { adapters, evaluate, type Verdict } from '../../src/golden/evaluate';

const array = (shape: readonly number[], data: ArrayLike<number>): GoldenArray => ({ dtype: '<f4', shape, data: Float32Array.from(data) });
const normal = (seed: number, ...shape: readonly number[]): GoldenArray => {
  const rng = createRng(seed);
  return array(shape, Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.normal()));
};

type Parts = { readonly params?: Record<string, Json>; readonly inputs?: Record<string, GoldenArray>; readonly expected?: Record<string, GoldenArray>; readonly scalars?: Record<string, Json> };

function run(algorithm: string, parts: Parts): Promise<Verdict> {
  const golden: GoldenCase = { name: 'edge', algorithm, params: {}, inputs: {}, expected: {}, scalars: {}, ...parts };
  const adapter = adapters.get(algorithm);
  if (!adapter) throw new Error(`no adapter ${algorithm}`);
  return evaluate(golden, adapter, new ReferenceEngine());
}

const failures = (verdict: Verdict): string[] => verdict.checks.filter((c) => !c.ok).map((c) => c.quantity);

/** What was computed, as a case would expect it. */
const told = ({ computed }: Verdict, shapes: Record<string, readonly number[]>): Required<Pick<Parts, 'expected' | 'scalars'>> => ({
  expected: Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, array(shape, computed.arrays[name])])),
  scalars: { ...computed.scalars },
});

const changed = (a: GoldenArray, at: number, value: number): GoldenArray => array(a.shape, Array.from(a.data).with(at, value));

describe('svg1_head_classification_and_layout', () => {
  const algorithm = 'svg1_head_classification_and_layout';
  const heads = (N: number) => ({ Q: normal(1, 2, N, 8), K: normal(2, 2, N, 8), V: normal(3, 2, N, 8) });
  const rowsAt = (...rows: readonly number[]) => ({ sampled_rows: array([rows.length], rows) });

  test('CogVideoX: spatial blocks from the first text token and not beyond the last whole one, text only spatial', async () => {
    // 2 frames of 128 after 40 of text: blocks of 128 end at 256, and the reach of ⌊192 / 128⌋ is a block to itself.
    const inputs = { ...heads(296), ...rowsAt(40, 130, 290) };
    const params = { variant: 'cog', frames: 2, tokens_per_frame: 128, text_tokens: 40, sparsity_kept_fraction: 0.5 };
    const { computed } = await run(algorithm, { params, inputs });
    const keys = (name: string, row: number): number[] => Array.from(computed.arrays[name]).slice(row * 296, (row + 1) * 296).flatMap((v, k) => (v ? [k] : []));
    const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
    expect(keys('profile_mask_rows_spatial', 0)).toEqual(span(0, 128));
    expect(keys('profile_mask_rows_spatial', 1)).toEqual([...span(0, 40), ...span(128, 256)]);
    expect(keys('profile_mask_rows_spatial', 2)).toEqual(span(0, 40));
    // Places 0 to 127 of token-major order are positions 0 to 63 of both frames.
    expect(keys('profile_mask_rows_temporal', 0)).toEqual([...span(40, 104), ...span(168, 232)]);
    expect(computed.scalars.band_tokens_exec).toBe(0);
  });

  test('CogVideoX: a sampled text row divides by zero under the temporal mask, and argmin takes that', async () => {
    const params = { variant: 'cog', frames: 2, tokens_per_frame: 128, text_tokens: 40, sparsity_kept_fraction: 0.5 };
    const { computed } = await run(algorithm, { params, inputs: { ...heads(296), ...rowsAt(3, 130) } });
    expect(Array.from(computed.arrays.sampled_mse).slice(2)).toEqual([Number.NaN, Number.NaN]);
    expect(Array.from(computed.arrays.best_mask)).toEqual([1, 1]);
  });

  test('text that takes more than the kept fraction: the width told is negative, and the band empty', async () => {
    const params = { variant: 'hy', frames: 2, tokens_per_frame: 20, text_tokens: 30, prompt_tokens: 10, sparsity_kept_fraction: 0.1 };
    const { computed } = await run(algorithm, { params, inputs: { ...heads(70), ...rowsAt(0, 69) } });
    expect(computed.scalars.band_tokens_exec).toBe(-128);
    expect(Array.from(computed.arrays.exec_mask_row_first_last).slice(0, 3)).toEqual([40, 49, 10]);
  });

  test('where the errors are the same the case’s verdict is followed; where they are not it must be met', async () => {
    const params = { variant: 'wan', frames: 3, tokens_per_frame: 70, sparsity_kept_fraction: 0.3 };
    const inputs = { ...heads(210), ...rowsAt(0, 50, 100, 150, 200) };
    const shapes = { sampled_mse: [2, 2], best_mask: [2], Q_after_placement: [2, 210, 4], output: [2, 210, 8] };
    const own = told(await run(algorithm, { params, inputs }), shapes);
    expect(failures(await run(algorithm, { params, inputs, ...own }))).toEqual([]);
    const other = { ...own.expected, best_mask: array([2], Array.from(own.expected.best_mask.data, (v) => 1 - v)) };
    expect(failures(await run(algorithm, { params, inputs, ...own, expected: other }))).toEqual(['verdicts with a margin']);
    expect(failures(await run(algorithm, { params, inputs, ...own, expected: { sampled_mse: changed(own.expected.sampled_mse, 3, 1) } }))).toEqual(['sampled_mse']);
    // Values that are all the same: every mask gives the dense output.
    const flat = { ...inputs, V: array([2, 210, 8], new Float32Array(2 * 210 * 8).fill(1)) };
    const even = told(await run(algorithm, { params, inputs: flat }), shapes);
    expect(failures(await run(algorithm, { params, inputs: flat, expected: { best_mask: array([2], [1, 0]) }, scalars: { ...even.scalars, mse_margin_ratio_worst_over_best: [3, 7] } }))).toEqual([]);
  });

  test.each([
    ['variant', { variant: 'cosmos' }, 'params.variant'], ['scale', { softmax_scale: '1/d' }, 'params.softmax_scale'],
    ['text in Wan', { text_tokens: 10 }, 'params.text_tokens'], ['size', { frames: 4 }, 'in_Q.npy has 210 tokens'],
  ])('%s: another one is refused, not ignored', async (_, more, sentence) => {
    const params = { variant: 'wan', frames: 3, tokens_per_frame: 70, sparsity_kept_fraction: 0.3, ...more };
    await expect(run(algorithm, { params, inputs: { ...heads(210), ...rowsAt(0) } })).rejects.toThrow(sentence);
  });
});

describe('svg2', () => {
  const [Q, K, V] = [normal(4, 1, 60, 8), normal(5, 1, 60, 8), normal(6, 1, 60, 8)];
  const first = (a: GoldenArray, count: number): GoldenArray => array([1, count, 8], a.data.slice(0, count * 8));
  const inputs = { Q, K, V, q_init_centroids: first(Q, 3), k_init_centroids: first(K, 6) };

  test('the case’s choice is followed where rounding decides, and only there', async () => {
    const algorithm = 'svg2_semantic_permutation_sparse_attention';
    const params = { kmeans_max_iters: 9, top_p_settings: [{ top_p: 1 }] };
    const run1 = await run(algorithm, { params, inputs });
    const own = told(run1, { map_0: [1, 3, 6], output_0: [1, 60, 8] });
    expect(failures(await run(algorithm, { params, inputs, ...own }))).toEqual([]);
    const row = Array.from(run1.computed.arrays.centroid_probability).slice(0, 6);
    const drop = (j: number): Promise<Verdict> => run(algorithm, { params, inputs, expected: { map_0: changed(own.expected.map_0, j, 0) } });
    // The sum before the least likely cluster is 1 less its share: far from 1, unless that is rounding.
    expect(Math.min(...row)).toBeGreaterThan(1e-4);
    expect(failures(await drop(row.indexOf(Math.min(...row))))).toEqual(['map_0 where the rule leaves no choice']);
    // p within rounding of that sum: either way will do, and what is dropped is missing from the output too.
    const p = 1 - Math.min(...row);
    const near = { ...params, top_p_settings: [{ index: 0, top_p: p, min_kc_ratio: 0 }] };
    const nearly = (await run(algorithm, { params: near, inputs })).computed.arrays.map_0;
    const at = row.indexOf(Math.min(...row));
    const other = { map_0: array([1, 3, 6], Array.from(nearly).with(at, 1 - nearly[at])) };
    const followed = await run(algorithm, { params: near, inputs, expected: other });
    expect(failures(followed)).toEqual([]);
    const plain = await run(algorithm, { params: near, inputs });
    expect(followed.computed.arrays.map_0).toEqual(plain.computed.arrays.map_0);
    expect(followed.computed.arrays.output_0).not.toEqual(plain.computed.arrays.output_0);
  });

  test('with text: centroids, iterations and probabilities are there to be compared too', async () => {
    const { computed } = await run('svg2_semantic_permutation_with_text', { params: { video_tokens: 50, prompt_tokens: 4, kmeans_max_iters: 5, top_p: 0.9 }, inputs });
    expect(computed.arrays.q_centroids).toHaveLength(3 * 8);
    expect(computed.arrays.centroid_probability).toHaveLength(3 * 6);
    expect(computed.arrays.map).toHaveLength(5 * 8);
    expect(computed.scalars.q_iterations).toBeGreaterThan(0);
  });

  test('settings that are none are named', async () => {
    const algorithm = 'svg2_semantic_permutation_sparse_attention';
    await expect(run(algorithm, { params: { kmeans_max_iters: 2 }, inputs })).rejects.toThrow('params.top_p_settings must be a list');
    await expect(run(algorithm, { params: { kmeans_max_iters: 2, top_p_settings: [{ top_p: '0.9' }] }, inputs })).rejects.toThrow('needs the numbers');
  });
});

describe('oracles', () => {
  test('attention of heads of one channel, and with a scale of its own', async () => {
    const inputs = { Q: array([1, 1, 1], [2]), K: array([1, 2, 1], [0, Math.log(3)]), V: array([1, 2, 1], [4, 8]) };
    const go = async (params: Record<string, Json>): Promise<number[][]> => {
      const { output, logsumexp } = (await run('oracle_softmax_attention', { params, inputs })).computed.arrays;
      return [Array.from(output), Array.from(logsumexp)];
    };
    // Weights 1 and 9, or 1 and 3.
    const [[o], [lse]] = await go({ scale: '1/sqrt(d)' });
    expect(o).toBeCloseTo(7.6, 5);
    expect(lse).toBeCloseTo(Math.log(10), 5);
    expect((await go({ scale: 0.5 }))[0][0]).toBeCloseTo(7, 5);
    await expect(go({ scale: '1/d' })).rejects.toThrow('params.scale');
    await expect(go({ mask: 'band' })).rejects.toThrow('params.mask');
  });

  test('k-means: a weight of 3 is three points, in three dimensions too', async () => {
    const X = normal(7, 40, 3);
    const init = array([4, 3], X.data.slice(0, 12));
    const weights = Array.from({ length: 40 }, (_, i) => 1 + (i % 3));
    const go = async (x: GoldenArray, more: object): Promise<ArrayLike<number>> =>
      (await run('oracle_kmeans_given_init', { params: { n: x.shape[0], dim: 3, clusters: 4, max_iter: 50, ...more }, inputs: { X: x, init, weights: array([40], weights) } })).computed.arrays.centroids;
    const repeated = weights.flatMap((w, i) => Array.from({ length: w }, () => Array.from(X.data.slice(3 * i, 3 * i + 3)))).flat();
    const [once, often, plain] = [await go(X, { weighted: true }), await go(array([repeated.length / 3, 3], repeated), {}), await go(X, {})];
    Array.from(once).forEach((v, i) => expect(v).toBeCloseTo(often[i], 5));
    expect(Array.from(once).some((v, i) => Math.abs(v - plain[i]) > 0.01)).toBe(true);
  });

  test.each([1, 2])('k-means, dimension %d: a cluster without points moves to the farthest one', async (dim) => {
    const wide = (values: readonly number[]): GoldenArray => array([values.length, dim], values.flatMap((v) => [v, 0].slice(0, dim)));
    const { arrays, scalars } = (await run('oracle_kmeans_given_init', { params: { n: 4, dim, clusters: 2, max_iter: 20 }, inputs: { X: wide([0, 1, 10, 11]), init: wide([0, 100]) } })).computed;
    expect(Array.from(arrays.centroids)).toEqual(Array.from(wide([0.5, 10.5]).data));
    expect(scalars.inertia).toBeCloseTo(1, 6);
  });

  test('k-means far from the origin: the common part of the points is taken out', async () => {
    const X = normal(8, 60, 4);
    const far = array([60, 4], Array.from(X.data, (v) => v + 4096));
    const go = async (x: GoldenArray): Promise<ArrayLike<number>> =>
      (await run('oracle_kmeans_given_init', { params: { n: 60, dim: 4, clusters: 5, max_iter: 50 }, inputs: { X: x, init: array([5, 4], x.data.slice(0, 20)) } })).computed.arrays.labels;
    expect(Array.from(await go(far))).toEqual(Array.from(await go(X)));
  });
});
