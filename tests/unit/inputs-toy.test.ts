import { describe, expect, it } from 'vitest';
import { makeToy, type ToyOptions } from '../../src/inputs/toy';

const base: ToyOptions = { tokens: 96, inFeatures: 128, outFeatures: 64, outliers: 6, size: 40, spread: 0.3, tails: 0, planted: 0, seed: 0 };
const toy = (changed: Partial<ToyOptions> = {}): ReturnType<typeof makeToy> => makeToy({ ...base, ...changed });

const rms = (values: ArrayLike<number>): number => Math.sqrt(Array.from(values).reduce((s, v) => s + v * v, 0) / values.length);
const column = (data: Float32Array, cols: number, k: number): Float32Array => data.filter((_, i) => i % cols === k);
const kurtosis = (data: Float32Array): number => {
  const square = rms(data) ** 2;
  return data.reduce((s, v) => s + v ** 4, 0) / data.length / square ** 2;
};

describe('toy', () => {
  it('is the same for the same seed and another for another', () => {
    expect(toy()).toEqual(toy());
    expect(toy({ seed: 1 }).x).not.toEqual(toy().x);
    expect(toy({ seed: 1 }).w).not.toEqual(toy().w);
    expect(new Set(Array.from({ length: 50 }, (_, seed) => toy({ seed }).x[0])).size).toBe(50);
  });

  it('has the shapes [tokens, in] and [out, in]', () => {
    expect([toy().x.length, toy().w.length]).toEqual([96 * 128, 64 * 128]);
  });

  it('has outlier channels about `size` times the others', () => {
    const { x, outlierChannels } = toy();
    expect(outlierChannels).toHaveLength(6);
    const outliers = outlierChannels.map((k) => rms(column(x, 128, k)));
    for (const scale of outliers) expect(scale).toBeGreaterThan(40 * Math.exp(-4 * 0.3));
    for (const scale of outliers) expect(scale).toBeLessThan(40 * Math.exp(4 * 0.3));
    const ordinary = [...Array(128).keys()].filter((k) => !outlierChannels.includes(k)).map((k) => rms(column(x, 128, k)));
    const logs = ordinary.map(Math.log);
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    expect(Math.abs(mean)).toBeLessThan(0.2); // median scale 1
    expect(rms(logs.map((l) => l - mean))).toBeGreaterThan(0.4); // 0.5 nominally
    expect(rms(logs.map((l) => l - mean))).toBeLessThan(0.6);
  });

  it('nests the outlier sets and leaves everything else where it was', () => {
    const without = toy({ outliers: 0 });
    expect(without.outlierChannels).toEqual([]);
    let previous = without;
    for (const outliers of [1, 2, 6, 16, 128]) {
      const next = toy({ outliers });
      expect(next.outlierChannels).toHaveLength(outliers);
      expect(next.outlierChannels).toEqual([...next.outlierChannels].sort((a, b) => a - b));
      for (const k of previous.outlierChannels) {
        expect(next.outlierChannels).toContain(k);
        expect(column(next.x, 128, k)).toEqual(column(previous.x, 128, k));
      }
      for (const k of [...Array(128).keys()].filter((channel) => !next.outlierChannels.includes(channel))) {
        expect(column(next.x, 128, k)).toEqual(column(without.x, 128, k));
      }
      expect(next.w).toEqual(without.w);
      previous = next;
    }
    expect(toy({ outliers: 500 }).outlierChannels).toHaveLength(128);
  });

  it('keeps the first tokens and outputs as more are asked for', () => {
    expect(toy({ tokens: 200 }).x.slice(0, 96 * 128)).toEqual(toy().x);
    expect(toy({ outFeatures: 200 }).w.slice(0, 64 * 128)).toEqual(toy().w);
  });

  it('has weights of standard deviation 0.02', () => {
    expect(rms(toy().w)).toBeCloseTo(0.02, 3);
    expect(kurtosis(toy().w)).toBeGreaterThan(2.8);
    expect(kurtosis(toy().w)).toBeLessThan(3.2);
  });

  it.each([3, 5, 10])('has Student-t tails with %d degrees of freedom, at unit variance', (tails) => {
    const { w } = toy({ tails, inFeatures: 512, outFeatures: 512 });
    const gaussian = toy({ inFeatures: 512, outFeatures: 512 }).w;
    expect(rms(w) / 0.02).toBeGreaterThan(0.9);
    expect(rms(w) / 0.02).toBeLessThan(1.1);
    expect(kurtosis(w)).toBeGreaterThan(3.5); // 3 + 6/(dof-4) above dof 4: 9 at 5, 4 at 10; unbounded at 3
    expect(w.every((value, i) => Math.sign(value) === Math.sign(gaussian[i]))).toBe(true);
    // P(|t| > 3 sd): compare with the normal's 0.0027
    expect(w.filter((v) => Math.abs(v) > 0.06).length / w.length).toBeGreaterThan(0.004);
  });

  it('draws degrees of freedom below 2 without normalising', () => {
    const { w } = toy({ tails: 1 }); // Cauchy: the median of |t| is 1
    const sorted = [...w].map((v) => Math.abs(v) / 0.02).sort((a, b) => a - b);
    expect(sorted[sorted.length / 2]).toBeGreaterThan(0.9);
    expect(sorted[sorted.length / 2]).toBeLessThan(1.1);
    expect(w.every(Number.isFinite)).toBe(true);
  });

  it('adds a planted part of exactly the rank asked for, nested', () => {
    const noise = toy().w;
    const parts = [0, 1, 2, 3].map((planted) => toy({ planted }).w.map((v, i) => v - noise[i]));
    expect(parts[0].every((v) => v === 0)).toBe(true);
    // Every 2×2 minor of the step from one rank to the next is zero: the step has rank one.
    for (let r = 1; r < parts.length; r++) {
      const step = parts[r].map((v, i) => v - parts[r - 1][i]);
      const strength = Math.sqrt(step.reduce((s, v) => s + v * v, 0));
      expect(strength).toBeCloseTo(6 * 0.02 * (8 + Math.sqrt(128)) * r ** -0.7, 3);
      const at = step.reduce((best, v, i) => (Math.abs(v) > Math.abs(step[best]) ? i : best), 0);
      const [row, col] = [Math.floor(at / 128), at % 128];
      const worst = step.reduce((m, v, i) => Math.max(m, Math.abs(v - (step[row * 128 + (i % 128)] * step[Math.floor(i / 128) * 128 + col]) / step[at])), 0);
      expect(worst).toBeLessThan(1e-6);
    }
  });

  it.each([{ tokens: -1 }, { outliers: 1.5 }, { inFeatures: Number.NaN }])('refuses %o', (changed) => {
    expect(() => toy(changed)).toThrow(RangeError);
  });

  it('serves empty sizes', () => {
    expect(toy({ tokens: 0 }).x.length).toBe(0);
    expect(toy({ inFeatures: 0, planted: 2 }).w.length).toBe(0);
  });
});
