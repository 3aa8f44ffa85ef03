/** The report's methods against the kernels' references, and laws that hold for what is stored. */

import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import { dequantizeCodebookReference } from '../../kernels/dequantize_codebook/dequantize_codebook.reference';
import { E2M1, encodeNf4, NF4 } from '../../kernels/formats';
import { quantizeMxfp4Reference } from '../../kernels/quantize_mxfp4/quantize_mxfp4.reference';
import { quantizeNvfp4Reference } from '../../kernels/quantize_nvfp4/quantize_nvfp4.reference';
import { roundGroupsReference } from '../../kernels/round_groups/round_groups.reference';
import { decodeF16, encodeF16 } from '../../src/inputs/half';
import type { Model } from '../../src/inputs/model';
import { jacobiSvd } from '../../src/linalg/jacobi';
import { exactKmeans1d } from '../../src/quant/kmeans1d';
import { rightFactor } from '../../src/report/branch';
import type { ReportMethodId } from '../../src/report/contract';
import { squaredDifference } from '../../src/report/measure';
import { DEFAULT_OPTIONS } from '../../src/report/options';
import { prepareCoders } from '../../src/report/prepare';
import { bitsPerWeight, decode, roundF16, type Encoded, type Scheme } from '../../src/report/scheme';
import { rowsOf } from '../../src/report/rows';
import { control, engine, heavy } from './report-fixtures';

const memory = (w: Float32Array, cols: number): Model => ({ readRows: (_: string, a: number, b: number) => Promise.resolve(w.slice(a * cols, b * cols)) }) as unknown as Model;

interface Stored {
  readonly scheme: Scheme;
  readonly block: Encoded;
  readonly values: Float32Array;
}

async function store(id: ReportMethodId, bits: number, w: Float32Array, rows: number, cols: number, options = DEFAULT_OPTIONS): Promise<Stored> {
  const work = prepareCoders({ model: memory(w, cols), tensor: 'w', matrix: [rows, cols], engine, options, control: control() }, [{ id, bits, chosen: true }]);
  let step = await work.next();
  while (!step.done) step = await work.next();
  const { coders: [{ scheme, encode }] } = step.value;
  const block = await encode(w, undefined, () => Promise.resolve());
  return { scheme, block, values: decode(scheme, block) };
}

const close = (a: Float32Array, b: Float32Array): number => Math.sqrt(squaredDifference(a, b) / b.reduce((sum, v) => sum + v * v, 0));

describe('against the kernels', () => {
  const [rows, cols] = [9, 77];
  const w = heavy(rows, cols, 3);

  test.each([2, 3, 4, 8])('round to nearest, %i bits, where the scales are 16-bit numbers', async (bits) => {
    const qmax = 2 ** (bits - 1) - 1;
    // The largest weight of each group of 16 is qmax / 1024 times a power of two.
    const x = w.map((v, i) => ((i % cols) % 16 === 3 ? (qmax / 1024) * 2 ** (i % 4) : Math.max(-qmax / 1100, Math.min(qmax / 1100, v))));
    const { values, scheme } = await store('rtn', bits, x, rows, cols, { ...DEFAULT_OPTIONS, group: 16 });
    expect(scheme.floats).toBe('F16');
    expect(values).toEqual(roundGroupsReference({ x }, { M: rows, K: cols, G: 16 }, { qmax }).y);
  });

  test('NVFP4 and MXFP4 are the kernels’ own', async () => {
    const nv = await store('nvfp4', 4, w, rows, cols);
    const tensorScale = nv.scheme.scaled?.tensorScale ?? 0;
    const kernel = quantizeNvfp4Reference({ x: w }, { M: rows, K: cols }, { tensorScale, tieToEven: 0, divideByUnrounded: 0 });
    expect(nv.block.scales).toEqual(kernel.scales);
    expect(close(nv.values, dequantizeCodebookReference({ ...kernel, book: Float32Array.from(E2M1) }, { M: rows, K: cols, G: 16 }, { tensorScale }).x)).toBeLessThan(1e-7);
    const mx = await store('mxfp4', 4, w, rows, cols);
    const packed = quantizeMxfp4Reference({ x: w }, { M: rows, K: cols }, { tieToEven: 0 });
    expect(mx.values).toEqual(dequantizeCodebookReference({ ...packed, book: Float32Array.from(E2M1) }, { M: rows, K: cols, G: 32 }, { tensorScale: 1 }).x);
  });

  test('NF4 takes the nearest level of its stored scale', async () => {
    const { block, scheme } = await store('nf4', 4, w, rows, cols);
    const groups = Math.ceil(cols / 64);
    for (let i = 0; i < w.length; i++) {
      const scale = block.scales?.[Math.floor(i / cols) * groups + Math.floor((i % cols) / 64)] ?? 0;
      expect(scale).toBe(roundF16(scale));
      expect(block.codes[i]).toBe(encodeNf4(Math.fround(w[i] / scale)));
    }
    expect(scheme.scaled).toMatchObject({ group: 64, type: 'F16' });
    expect(NF4).toHaveLength(16);
  });

  test('k-means is the optimum of each row, but for the 16 bits of its codebook', async () => {
    const { values } = await store('kmeans', 3, w, rows, cols);
    for (let n = 0; n < rows; n++) {
      const row = w.subarray(n * cols, (n + 1) * cols);
      const best = exactKmeans1d(row, undefined, 8).cost;
      const cost = squaredDifference(values.subarray(n * cols, (n + 1) * cols), row);
      expect(cost).toBeGreaterThanOrEqual(best * (1 - 1e-6));
      expect(cost).toBeLessThan(best * 1.001);
    }
  });

  test('what is stored sparse comes back to 16 bits', async () => {
    const { values, block } = await store('dense-and-sparse', 3, w, rows, cols, { ...DEFAULT_OPTIONS, outlierPercent: 2 });
    const { sparse } = block;
    expect(sparse?.cols.length).toBe(Math.round(0.02 * rows * cols));
    for (let n = 0; n < rows; n++) {
      for (let at = sparse?.rowptr[n] ?? 0; at < (sparse?.rowptr[n + 1] ?? 0); at++) {
        const i = n * cols + (sparse?.cols[at] ?? 0);
        expect(Math.abs(values[i] - w[i])).toBeLessThan(2 ** -10 * Math.abs(w[i]));
      }
    }
  });
});

describe('SVDQuant, weights only', () => {
  test('a matrix of low rank is its branch', async () => {
    const [rows, cols, rank] = [40, 30, 3];
    const rng = createRng(4);
    const [a, b] = [rows, cols].map((n) => Float64Array.from({ length: n * rank }, () => rng.normal()));
    const w = Float32Array.from({ length: rows * cols }, (_, i) => {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += a[Math.floor(i / cols) * rank + r] * b[(i % cols) * rank + r];
      return sum;
    });
    const { values, scheme } = await store('svdquant', 4, w, rows, cols, { ...DEFAULT_OPTIONS, rank });
    expect(scheme.rank).toBe(rank);
    expect(close(values, w)).toBeLessThan(2e-4);
  });

  test('the factor from passes leaves nearly as little as the exact one', async () => {
    const [rows, cols, rank] = [300, 900, 8];
    const rng = createRng(5);
    const w = Float32Array.from({ length: rows * cols }, () => rng.normal());
    for (let r = 0; r < 24; r++) {
      const [u, v] = [rows, cols].map((n) => Float64Array.from({ length: n }, () => rng.normal()));
      for (let i = 0; i < w.length; i++) w[i] += 3 * (r + 1) ** -0.8 * u[Math.floor(i / cols)] * v[i % cols];
    }
    const work = rightFactor(engine, rowsOf(memory(w, cols), 'w', [rows, cols], 0, control()), rank);
    let step = await work.next();
    while (!step.done) step = await work.next();
    const v = step.value;
    let kept = 0;
    for (let n = 0; n < rows; n++) {
      for (let r = 0; r < rank; r++) {
        let dot = 0;
        for (let k = 0; k < cols; k++) dot += w[n * cols + k] * v[r * cols + k];
        kept += dot * dot;
      }
    }
    const { s } = jacobiSvd(w, rows, cols);
    const best = s.subarray(0, rank).reduce((sum, x) => sum + x * x, 0);
    const all = s.reduce((sum, x) => sum + x * x, 0);
    expect(kept).toBeLessThanOrEqual(best * (1 + 1e-6));
    expect((all - kept) / (all - best)).toBeLessThan(1.01);
    for (let r = 0; r < rank; r++) expect(v.subarray(r * cols, (r + 1) * cols).reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 6);
  });
});

describe('stored precision', () => {
  test('numbers that 16 bits would lose are stored, and counted, in 32', async () => {
    const w = heavy(8, 64, 6);
    for (const id of ['rtn', 'nf4', 'kmeans', 'dense-and-sparse', 'svdquant'] as const) {
      const usual = await store(id, 4, w, 8, 64);
      for (const factor of [2 ** -40, 2 ** 40]) {
        const far = await store(id, 4, w.map((v) => v * factor), 8, 64);
        expect(far.scheme.floats, id).toBe('F32');
        const [error, wanted] = [close(far.values, w.map((v) => v * factor)), close(usual.values, w)];
        expect(error / wanted, `${id} × ${factor}`).toBeLessThan(1.02);
        expect(bitsPerWeight(far.scheme, 2)).toBeGreaterThan(bitsPerWeight(usual.scheme, 2));
      }
    }
  });

  test('binary16 rounding is that of the file', () => {
    const rng = createRng(7);
    const numbers = Array.from({ length: 3000 }, () => Math.fround(rng.normal() * 2 ** (rng.below(40) - 26))).filter((x) => Math.abs(x) < 65504);
    expect(numbers.map((x) => roundF16(x) + 0)).toEqual(numbers.map((x) => decodeF16(encodeF16(x)) + 0)); // −0 and 0 are the same number
  });

  test('bits per weight are those of the formulas', async () => {
    const [rows, cols] = [16, 128];
    const w = heavy(rows, cols, 8);
    const bits = async (id: ReportMethodId, b: number): Promise<number> => bitsPerWeight((await store(id, b, w, rows, cols)).scheme, 10);
    expect(await bits('rtn', 3)).toBe(3 + 16 / 64);
    expect(await bits('nf4', 4)).toBe(4 + 16 / 64);
    expect(await bits('mxfp4', 4)).toBe(4 + 8 / 32);
    expect(await bits('nvfp4', 4)).toBe(4 + 8 / 16 + 32 / (rows * cols));
    expect(await bits('kmeans', 3)).toBe(3 + (16 * 8) / cols);
    expect(await bits('dense-and-sparse', 4)).toBe(4 + (16 * 16) / cols + (10 * 48 + 32 * (rows + 1)) / (rows * cols));
    expect(await bits('svdquant', 4)).toBe(4 + 16 / 64 + (16 * 16 * (rows + cols)) / (rows * cols));
  });
});
