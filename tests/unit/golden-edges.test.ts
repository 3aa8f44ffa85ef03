/** Parameters and sizes that golden cases may have and the shared ones lack. */

import { describe, expect, test } from 'vitest';
import { ReferenceEngine } from '../../src/engine/reference';
import type { GoldenArray, GoldenCase, Json } from '../../src/golden/case';
import { adapters, evaluate, type Verdict } from '../../src/golden/evaluate';
import { createRng } from '../../kernels/rng';

const array = (shape: readonly number[], data: readonly number[]): GoldenArray => ({ dtype: '<f4', shape, data: Float32Array.from(data) });
const random = (rows: number, cols: number, seed: number): GoldenArray => {
  const rng = createRng(seed);
  return array([rows, cols], Array.from({ length: rows * cols }, () => rng.normal()));
};

function run(algorithm: string, parts: { params?: Record<string, Json>; inputs?: Record<string, GoldenArray>; expected?: Record<string, GoldenArray>; scalars?: Record<string, Json> }): Promise<Verdict> {
  const golden: GoldenCase = { name: 'edge', algorithm, params: {}, inputs: {}, expected: {}, scalars: {}, ...parts };
  const adapter = adapters.get(algorithm);
  if (!adapter) throw new Error(`no adapter ${algorithm}`);
  return evaluate(golden, adapter, new ReferenceEngine());
}
const failures = (verdict: Verdict): string[] => verdict.checks.filter((c) => !c.ok).map((c) => c.quantity);

describe('int4_symmetric_rtn', () => {
  test('groups of 5 in rows of 7: the last group is short', async () => {
    const x = array([2, 7], [7, -3.5, 0.5, 1.5, 0, 14, -3, 0, 0, 0, 0, 0, 0.5, -2]);
    const verdict = await run('int4_symmetric_rtn', {
      params: { group_size: 5 }, inputs: { x },
      expected: { codes: array([2, 7], [7, -4, 0, 2, 0, 7, -2, 0, 0, 0, 0, 0, 2, -7]), scales: array([2, 2], [1, 2, 1, Math.fround(2 / 7)]) },
    });
    expect(failures(verdict)).toEqual([]);
    expect(verdict.checks).toHaveLength(2);
  });
  test.each([['qmin', -8], ['qmax', 8], ['bits', 3], ['group_size', 0]])('%s %d is refused, not ignored', async (name, value) => {
    await expect(run('int4_symmetric_rtn', { params: { [name]: value }, inputs: { x: random(2, 8, 1) } })).rejects.toThrow(`params.${name}`);
  });
});

test('float_codebook_rounding: the float32 neighbours of every E4M3 boundary fall on their own side', async () => {
  const next = (v: number, up: boolean): number => {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, v);
    view.setUint32(0, view.getUint32(0) + (up ? 1 : -1));
    return view.getFloat32(0);
  };
  const [inputs, outputs]: number[][] = [[], []];
  for (let exponent = -6; exponent < 8; exponent++) {
    for (let m = 0; m < 8; m++) {
      const [low, high] = [(1 + m / 8) * 2 ** exponent, (1 + (m + 1) / 8) * 2 ** exponent];
      const middle = (low + high) / 2;
      inputs.push(next(middle, false), middle, next(middle, true), -middle);
      outputs.push(low, high, high, -low);
    }
  }
  expect(failures(await run('float_codebook_rounding', { inputs: { fp8_in: array([inputs.length], inputs) }, expected: { fp8_out: array([outputs.length], outputs) } }))).toEqual([]);
});

test('gptq_fixed_group_scales: another column order is refused', async () => {
  const inputs = { W: random(4, 16, 1), X: random(20, 16, 2) };
  await expect(run('gptq_fixed_group_scales', { params: { group_size: 8, order: 'as stored' }, inputs })).rejects.toThrow('as stored');
});

test('oracle_svd: the residual at full rank is rounding, and only that', async () => {
  const A = random(5, 7, 3);
  expect(failures(await run('oracle_svd', { inputs: { A }, scalars: { rank5_residual_fro: 3e-15 } }))).toEqual([]);
  expect(failures(await run('oracle_svd', { inputs: { A }, scalars: { rank5_residual_fro: 1e-3 } }))).toEqual(['rank5_residual_fro']);
});

describe('svdquant_linear', () => {
  const inputs = { W: random(12, 24, 4), X: random(6, 24, 5) };
  const params = { rank: 4, group_size: 8, alpha: 0.5, beta: 0.5 };

  test('rank 0 has no gap to compare; rank 4 has, and a wrong one fails', async () => {
    const scalars = { relative_gap_sigma_r_to_r_plus_1: 7 };
    expect(failures(await run('svdquant_linear', { params: { ...params, rank: 0 }, inputs, scalars }))).toEqual([]);
    expect(failures(await run('svdquant_linear', { params, inputs, scalars }))).toEqual(['relative_gap_sigma_r_to_r_plus_1']);
  });
  test('a rank beyond the smaller side is that side, in the search too', async () => {
    const whole = await run('svdquant_linear', { params: { ...params, rank: 12 }, inputs, scalars: { grid_search: { candidates: 39 } } });
    const beyond = await run('svdquant_linear', { params: { ...params, rank: 40 }, inputs, scalars: { grid_search: { candidates: 39 } } });
    expect(beyond.computed.arrays.grid_sse).toEqual(whole.computed.arrays.grid_sse);
  });
  test('group size -1 is one scale per row', async () => {
    const { computed } = await run('svdquant_linear', { params: { ...params, group_size: -1 }, inputs });
    expect(computed.arrays.residual_scales).toHaveLength(12);
    expect(computed.arrays.x_scales).toHaveLength(6);
  });
  test('a dead channel of X has λ = 1; a dead one of W makes every λ 1', async () => {
    const dead = (a: GoldenArray, cols: number): GoldenArray => array(a.shape, [...a.data].map((v, i) => (i % cols === 3 ? 0 : v)));
    const x = await run('svdquant_linear', { params, inputs: { ...inputs, X: dead(inputs.X, 24) } });
    expect(Array.from(x.computed.arrays.smooth_scale).map((v, k) => (v === 1 ? k : -1)).filter((k) => k >= 0)).toEqual([3]);
    const w = await run('svdquant_linear', { params, inputs: { ...inputs, W: dead(inputs.W, 24) } });
    expect(Array.from(w.computed.arrays.smooth_scale).every((v) => v === 1)).toBe(true);
  });
  test.each([['weight_bits', 8], ['activation_bits', 8], ['qmin', -8]])('%s %d is refused', async (name, value) => {
    await expect(run('svdquant_linear', { params: { ...params, [name]: value }, inputs })).rejects.toThrow(`params.${name}`);
  });
});

test('svdquant_nvfp4_linear: halfway values go where the case says', async () => {
  // X is its own code at scale 1 (a 6 in the row), and 2.5 lies halfway between 2 and 3.
  const inputs = { W: array([1, 4], [1, 1, 1, 1]), X: array([1, 4], [6, 2.5, 0.25, 1]) };
  const params = { rank: 0, alpha: 0, beta: 0 };
  const codes = async (rounding: string): Promise<number[]> => Array.from((await run('svdquant_nvfp4_linear', { params: { ...params, rounding }, inputs })).computed.arrays.x_codes);
  expect(await codes('nearest, ties to the LARGER value')).toEqual([6, 3, 0.5, 1]);
  expect(await codes('nearest, ties to even')).toEqual([6, 2, 0, 1]);
});

describe('squeezellm_dense_and_sparse', () => {
  const [W, fisher] = [random(6, 40, 8), random(6, 40, 9)];
  const inputs = { W, fisher: array(fisher.shape, [...fisher.data].map((v) => v ** 4)) };
  const params = { bits: 3, threshold_range: 1, sensitivity_percent: 5 };
  const go = (more: object, parts: object = {}): Promise<Verdict> => run('squeezellm_dense_and_sparse', { params: { ...params, ...more }, inputs, ...parts });

  test('its own outputs pass, and each one disturbed fails', async () => {
    const { computed } = await go({});
    const expected = Object.fromEntries(Object.entries(computed.arrays).map(([name, data]) => [name, array([data.length], Array.from(data))]));
    expect(failures(await go({}, { expected, scalars: computed.scalars }))).toEqual([]);
    const disturb = async (name: string, f: (v: number, i: number) => number): Promise<string[]> =>
      failures(await go({}, { expected: { ...expected, [name]: array(expected[name].shape, Array.from(expected[name].data, f)) }, scalars: computed.scalars }));
    expect(await disturb('csr_col', (v, i) => (i === 0 ? v + 1 : v))).toContain('csr_col');
    expect(await disturb('csr_rowptr', (v, i) => (i === 1 ? v + 1 : v))).toContain('csr_rowptr');
    expect(await disturb('dense_part', (v, i) => (i === 3 ? v + 1 : v))).toContain('dense_part');
    expect(await disturb('csr_val', (v) => v + 1e-5)).toEqual(['csr_val of the official codebook']);
    expect(await disturb('reconstructed', (v) => v + 1e-5)).toEqual(['reconstructed of the official codebook']);
    expect(await disturb('zero_centroid', (v) => v + 1e-6)).toEqual(['zero_centroid of the official codebook']);
    expect(await disturb('row_error_exact_optimum', (v) => v * 1.001)).toEqual(['row_error_exact_optimum']);
    expect(await disturb('row_error_dense_part', (v, i) => (i === 2 ? v * 0.9 : v))).toEqual(['row_error_dense_part above the official one']);
    expect(await disturb('row_error_dense_only', (v, i) => (i === 2 ? v * 0.9 : v))).toEqual(['row_error_dense_only above the official one']);
    for (const name of ['nnz', 'threshold', 'dense_max', 'original_min', 'total_weighted_error_minmax_uniform_dense_part']) {
      expect(failures(await go({}, { expected, scalars: { ...computed.scalars, [name]: Number(computed.scalars[name]) * 1.001 } }))).toEqual([name]);
    }
  });
  test('nothing removed, everything removed, rows of one value, weights of 0 everywhere', async () => {
    for (const more of [{ threshold_range: 99, sensitivity_percent: 0 }, { threshold_range: null }, { threshold_range: -1 }, { bits: 8 }, { bits: 2 }]) {
      expect(failures(await go(more))).toEqual([]);
    }
    const zeros = array(W.shape, [...W.data].map((v, i) => (i < 40 ? 0.5 : i < 80 ? 0 : i % 5 === 0 ? 0 : v)));
    const flat = array(W.shape, [...inputs.fisher.data].map((v, i) => (i >= 120 && i < 160 ? 0 : v)));
    expect(failures(await go({}, { inputs: { W: zeros, fisher: flat } }))).toEqual([]);
  });
  test('a row that its book holds whole: official costs and errors of 0 are met', async () => {
    const parts = { inputs: { W: random(5, 6, 8), fisher: random(5, 6, 9) } };
    parts.inputs.fisher = array([5, 6], [...parts.inputs.fisher.data].map((v) => v ** 2));
    const { computed } = await go({}, parts);
    expect(computed.scalars.total_weighted_error_dense_only).toBe(0);
    const expected = Object.fromEntries(Object.entries(computed.arrays).map(([name, data]) => [name, array([data.length], Array.from(data))]));
    const scalars = { ...computed.scalars, unweighted_rel_fro_dense_and_sparse: 0 };
    expect(failures(await go({}, { ...parts, expected, scalars }))).toEqual([]);
    expect(failures(await go({}, { ...parts, expected, scalars: { ...scalars, unweighted_rel_fro_dense_and_sparse: 0.1 } }))).toEqual(['relative error of the official codebook']);
  });
  test('8-bit codes are written in the case’s own integers', async () => {
    const parts = { inputs: { W: random(1, 400, 8), fisher: array([1, 400], Array.from({ length: 400 }, () => 1)) } };
    const plain = (await go({ bits: 8 }, parts)).computed.arrays.codes;
    const expected = { codes: { dtype: '|i1', shape: [1, 400], data: new Int8Array(400) } };
    const wrapped = (await go({ bits: 8 }, { ...parts, expected })).computed.arrays.codes;
    expect(Math.max(...Array.from(plain))).toBeGreaterThan(127);
    expect(Array.from(wrapped, (c) => c & 255)).toEqual(Array.from(plain));
    expect(Math.min(...Array.from(wrapped))).toBeLessThan(0);
  });
  test('with activations the outputs are compared too', async () => {
    const { computed } = await go({}, { inputs: { ...inputs, X: random(7, 40, 10) } });
    expect(computed.scalars.output_rel_fro_dense_and_sparse).toBeGreaterThan(0);
    expect(Number(computed.scalars.output_rel_fro_dense_and_sparse)).toBeLessThan(Number(computed.scalars.output_rel_fro_dense_only));
  });
});
