import { describe, expect, test } from 'vitest';
import { E2M1 } from '../../kernels/formats';
import { encodeE2m1 } from '../../kernels/formats/e2m1';
import { createRng } from '../../kernels/rng';
import { gptq, INT4_ROUNDING, type GptqOptions } from '../../src/quant/gptq';

const [N, K, T, G] = [12, 40, 96, 16];

/** Correlated activations: a few shared directions, as in a real layer, with one dead channel on request. */
function problem(seed: number, dead?: number): GptqOptions {
  const rng = createRng(seed);
  const mix = Float64Array.from({ length: 6 * K }, () => rng.normal());
  const activations = new Float32Array(T * K);
  for (let t = 0; t < T; t++) {
    const z = Array.from({ length: 6 }, () => rng.normal());
    for (let k = 0; k < K; k++) activations[t * K + k] = k === dead ? 0 : 0.3 * rng.normal() + z.reduce((sum, v, i) => sum + v * mix[i * K + k], 0);
  }
  const weights = Float32Array.from({ length: N * K }, () => rng.normal());
  const groups = Math.ceil(K / G);
  const scales = new Float32Array(N * groups);
  for (let n = 0; n < N; n++) {
    for (let k = 0; k < K; k++) {
      const at = n * groups + Math.floor(k / G);
      scales[at] = Math.max(scales[at], Math.fround(Math.abs(weights[n * K + k]) / 7));
    }
  }
  return { weights, rows: N, cols: K, activations, tokens: T, groupSize: G, scales };
}

/** ‖X (Q − W)ᵀ‖² */
function outputError({ weights, activations }: GptqOptions, q: Float32Array): number {
  let sum = 0;
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      let e = 0;
      for (let k = 0; k < K; k++) e += activations[t * K + k] * (q[n * K + k] - weights[n * K + k]);
      sum += e * e;
    }
  }
  return sum;
}

/** Round to nearest with the same scales. */
function nearest({ weights, scales }: GptqOptions): Float32Array {
  const groups = Math.ceil(K / G);
  return weights.map((w, i) => {
    const s = scales[Math.floor(i / K) * groups + Math.floor((i % K) / G)];
    return INT4_ROUNDING.code(Math.fround(w / s)) * s;
  });
}

describe('gptq', () => {
  test('lowers the output error of rounding to nearest on correlated activations, for ten seeds', () => {
    for (let seed = 0; seed < 10; seed++) {
      const p = problem(seed);
      expect(outputError(p, gptq(p).dequantized)).toBeLessThan(0.7 * outputError(p, nearest(p)));
    }
  });

  test('values are code times the group scale, codes within −7 … 7', () => {
    const p = problem(3);
    const { codes, dequantized } = gptq(p);
    codes.forEach((code, i) => {
      expect(Math.abs(code)).toBeLessThanOrEqual(7);
      expect(dequantized[i]).toBe(Math.fround(code * p.scales[Math.floor(i / K) * 3 + Math.floor((i % K) / G)]));
    });
  });

  test('the block size changes the order of work, not the answer', () => {
    const p = problem(5);
    const whole = gptq({ ...p, blockSize: 128 }).codes;
    for (const blockSize of [1, 7, 16]) {
      const differ = gptq({ ...p, blockSize }).codes.filter((code, i) => code !== whole[i]).length;
      expect(differ).toBeLessThanOrEqual(1); // sums in another order may flip a tie
    }
  });

  test('with uncorrelated equal channels it is rounding to nearest', () => {
    const p = problem(6);
    const activations = new Float32Array(K * K);
    for (let k = 0; k < K; k++) activations[k * K + k] = 1;
    expect([...gptq({ ...p, activations, tokens: K }).dequantized]).toEqual([...nearest(p)]);
  });

  test('a channel without activations gets zero weights', () => {
    const { dequantized } = gptq(problem(7, 11));
    for (let n = 0; n < N; n++) expect(dequantized[n * K + 11]).toBe(0);
  });

  test('fewer tokens than channels: the damping makes the Hessian factor', () => {
    const p = problem(8);
    const few = { ...p, activations: p.activations.slice(0, 4 * K), tokens: 4 };
    expect(gptq(few).dequantized.every(Number.isFinite)).toBe(true);
  });

  test('another codebook: FP4 levels come out, by code', () => {
    const p = problem(9);
    const scales = p.scales.map((s) => (s * 7) / 6);
    const round = { code: (q: number) => encodeE2m1(q, 'larger'), level: (code: number) => E2M1[code] };
    const { codes, dequantized } = gptq({ ...p, scales, round });
    codes.forEach((code, i) => expect(dequantized[i]).toBe(Math.fround(E2M1[code] * scales[Math.floor(i / K) * 3 + Math.floor((i % K) / G)])));
  });
});
