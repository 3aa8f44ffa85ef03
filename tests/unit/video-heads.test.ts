/** Heads of real video: features of patches, and the laws that make a projected head spatial, temporal or semantic. */

import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernels/rng';
import { denseAttention } from '../../src/attention/dense';
import { executionMask } from '../../src/attention/masks';
import { profileHeads, sampleRows } from '../../src/attention/profile';
import { patchesOf, projectedHeads, type Patches } from '../../src/attention/projected';
import { withScope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { madeClip } from '../../src/inputs/video/clip';
import { CLIP_KINDS, drawnClip } from '../../src/inputs/video/drawn';
import { placeBlocks } from '../../src/papers/svg2/baselines';
import { atDensity, centroidMap } from '../../src/papers/svg2/map';
import { recallOf } from '../../src/papers/svg2/measure';
import { attend, semanticAttention } from '../../src/papers/svg2/method';

const engine = new ReferenceEngine();
const clip = (kind: (typeof CLIP_KINDS)[number]['value'], seed: number) => drawnClip({ kind, frames: 12, side: 48, speed: 0.6, cut: 0, seed });
const [SPATIAL, TEMPORAL, SEMANTIC] = [{ frame: 6, place: 0, content: 0 }, { frame: 0, place: 6, content: 0 }, { frame: 0, place: 0, content: 6 }];
const options = { D: 32, sharpness: 1, noise: 0.5, seed: 1 };

describe('patches', () => {
  test('features have mean 0 and variance 1, and what never differs is 0', () => {
    const { x, features, pixels } = patchesOf(clip('ball', 1), 12, 6);
    expect(x.length).toBe(12 * 36 * features);
    expect(pixels.length).toBe(12 * 48 * 48 * 3);
    for (let i = 0; i < features; i++) {
      const column = x.filter((_, at) => at % features === i);
      expect(Math.abs(column.reduce((a, b) => a + b, 0) / column.length)).toBeLessThan(1e-5);
      expect(column.reduce((a, b) => a + b * b, 0) / column.length).toBeCloseTo(1, 4);
    }
    const grey = patchesOf(madeClip(2, 8, new Float32Array(2 * 64 * 3).fill(0.4), 'grey'), 2, 4);
    expect(grey.x.every((v) => v === 0)).toBe(true);
  });

  test('a patch is told by its own pixels: colour and the direction of its edges', () => {
    // Two frames of four patches: grey, red, vertical stripes, horizontal stripes.
    const colour = (x: number, y: number): number[] =>
      (y < 8 ? (x < 8 ? [0.5, 0.5, 0.5] : [0.9, 0.2, 0.2]) : x < 8 ? Array(3).fill(x % 4 < 2 ? 0.2 : 0.8) : Array(3).fill(y % 4 < 2 ? 0.2 : 0.8)) as number[];
    const pixels = Float32Array.from({ length: 2 * 256 * 3 }, (_, at) => colour(Math.floor(at / 3) % 16, Math.floor(at / 48) % 16)[at % 3]);
    const { x, features } = patchesOf(madeClip(2, 16, pixels, 'four'), 2, 2);
    const of = (feature: number): number[] => [0, 1, 2, 3].map((p) => x[p * features + feature]);
    const largest = (values: number[]): number => values.indexOf(Math.max(...values));
    expect(largest(of(1))).toBe(1); // red less green
    expect(largest(of(6))).toBe(2); // change along x
    expect(largest(of(7))).toBe(3); // change along y
  });

  test('sides that no grid divides are scaled by the mean over areas', () => {
    const ramp = Float32Array.from({ length: 2 * 100 * 3 }, (_, at) => (Math.floor(at / 3) % 10) / 9);
    const { pixels, grid } = patchesOf(madeClip(2, 10, ramp, 'ramp'), 2, 4);
    const side = Math.sqrt(pixels.length / 6);
    expect(side % grid).toBe(0);
    expect(pixels.reduce((a, b) => a + b, 0) / pixels.length).toBeCloseTo(0.5, 5);
    expect(pixels[0]).toBeCloseTo((1 * 0 + 0.25 * (1 / 9)) / 1.25, 5);
    expect(patchesOf(madeClip(2, 4, new Float32Array(96).map((_, i) => i / 96), 'small'), 2, 8).pixels.length).toBe(2 * 64 * 3);
  });
});

describe('projected heads', () => {
  const profile = async (p: Patches, seed: number) => {
    const heads = projectedHeads(p, { ...options, seed, heads: [SPATIAL, TEMPORAL, { frame: 6, place: 0, content: 2 }, { frame: 0, place: 6, content: 2 }] });
    const mask = executionMask({ variant: 'wan', frames: p.frames, positions: p.grid ** 2, text: 0, prompt: 0 }, { keptFraction: 0.25, grain: 1, sink: 'places' });
    return profileHeads(engine, heads, sampleRows(createRng(seed), 24, heads.N), mask);
  };

  test.each(CLIP_KINDS)('$label: a head of frames is judged spatial, a head of places temporal, with content or without', async ({ value: kind }) => {
    for (const seed of [1, 2, 3]) {
      const { verdict, mass } = await profile(patchesOf(clip(kind, seed), 12, 8), seed);
      expect([...verdict]).toEqual([0, 1, 0, 1]);
      const kept = (mask: number, head: number): number => mass.subarray((mask * 4 + head) * 24, (mask * 4 + head + 1) * 24).reduce((a, b) => a + b, 0) / 24;
      expect(kept(0, 0)).toBeGreaterThan(0.85);
      expect(kept(1, 1)).toBeGreaterThan(0.7);
      expect(kept(0, 1)).toBeLessThan(0.5);
    }
  });

  test.each(CLIP_KINDS)('$label: a semantic head is caught by clusters of appearance, not by blocks of places', async ({ value: kind }) => {
    const heads = projectedHeads(patchesOf(clip(kind, 2), 12, 8), { ...options, heads: [SEMANTIC] });
    await withScope(engine, async (scope) => {
      const settings = { queryClusters: 24, keyClusters: 48, first: 12, later: 2, labels: 'independent', seed: 1, topP: 0.9, minKept: 0, sizeWeighted: true, compensated: false } as const;
      const dense = await denseAttention(engine, heads);
      const ours = await semanticAttention(scope, heads, settings);
      const blocks = await placeBlocks(scope, heads, 24, 48);
      const map = await centroidMap(scope, blocks.queries, blocks.keys, settings);
      const theirs = await attend(scope, heads, blocks, atDensity(map, blocks.queries, blocks.keys, ours.density[0]), false);
      expect(ours.density[0]).toBeLessThan(0.5);
      expect(recallOf(heads, ours.attention, dense)[0]).toBeGreaterThan(recallOf(heads, theirs.attention, dense)[0] + 0.15);
    });
  });

  test('logits are what the weights say, and one more head leaves the others as they are', () => {
    const p = patchesOf(clip('pan', 1), 12, 8);
    const { q, k, N, D } = projectedHeads(p, { ...options, sharpness: 2, noise: 0, heads: [SPATIAL, TEMPORAL, { frame: 1, place: 2, content: 0.5 }] });
    const logit = (h: number, i: number, j: number): number => {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += q[(h * N + i) * D + d] * k[(h * N + j) * D + d];
      return sum / Math.sqrt(D);
    };
    expect(logit(0, 70, 64)).toBeCloseTo(12, 4); // the same frame
    expect(logit(1, 70, 70 + 5 * 64)).toBeCloseTo(12, 4); // the same place
    expect(logit(2, 70, 70)).toBeGreaterThan(2 * 3);
    expect(logit(2, 70, 70)).toBeLessThan(2 * 3.5);
    expect(logit(0, 70, 70 + 64)).toBeLessThan(6); // the next frame
    const alone = projectedHeads(p, { ...options, heads: [SPATIAL] });
    expect(projectedHeads(p, { ...options, heads: [SPATIAL, SEMANTIC] }).q.subarray(0, alone.q.length)).toEqual(alone.q);
  });

  test('refuses head sizes that do not hold its parts', () => {
    const p = patchesOf(clip('ball', 1), 2, 2);
    expect(() => projectedHeads(p, { ...options, D: 30, heads: [SPATIAL] })).toThrow('divisible by 4');
    expect(() => projectedHeads(p, { ...options, D: 8, heads: [{ frame: 1, place: 1, content: 1 }] })).toThrow('needs 12 channels');
  });
});
