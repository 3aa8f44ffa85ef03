/** What Sparse VideoGen must do, over ten seeds each: layout, verdicts, errors, tiles, dense steps, counters. */

import { describe, expect, test } from 'vitest';
import { keep } from '../../kernels/formats/video-mask';
import { createRng } from '../../kernels/rng';
import { LOWEST } from '../../kernels/softmax';
import { ReferenceEngine } from '../../src/engine/reference';
import { randomBlocks, randomTiles, slidingWindow } from '../../src/papers/svg/baselines';
import { denseFlops, densityOf, layoutBytes, profilingFlops, sparseFlops, wholeSpeedup } from '../../src/attention/cost';
import { denseGate, isDense } from '../../src/attention/gate';
import { headsAt, type Heads } from '../../src/attention/heads';
import { massKept, psnr, relativeErrors } from '../../src/attention/measure';
import { destinations, placement, SPATIAL, TEMPORAL } from '../../src/attention/layout';
import { bandTokens, blockRows, executionMask, profilingMask, sparsityToWidth, tileEdge, type Video } from '../../src/attention/masks';
import { countTiles } from '../../src/attention/pairs';
import { attentionStep, launches, singleMask, sparseAttention } from '../../src/attention/band';
import { denseAttention } from '../../src/attention/dense';
import { agreement, meanErrors, profileAll, profileHeads, sampleRows, verdictOf } from '../../src/attention/profile';
import { makeVideoToy, noiseAt, type HeadKind, type VideoToyOptions } from '../../src/papers/svg/toy';

const engine = new ReferenceEngine();
const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

const toy = (kinds: readonly HeadKind[], seed: number, more: Partial<VideoToyOptions> = {}): Heads =>
  makeVideoToy({ kinds, frames: 8, height: 4, width: 8, headDim: 16, text: 0, textFirst: false, noise: 0.5, code: 'line', speed: 0, seed, ...more });

const small: Video = { variant: 'wan', frames: 8, positions: 32, text: 0, prompt: 0 };
const large: Video = { variant: 'wan', frames: 16, positions: 64, text: 0, prompt: 0 };
const options = { keptFraction: 0.3, grain: 1, sink: 'places', tile: 16, transform: true } as const;

describe('masks', () => {
  test('the width that the official log prints, and bands rounded as each model rounds', () => {
    expect(sparsityToWidth(0.25, 0, 21, 3600)).toBeCloseTo(2.8135, 4);
    const width = sparsityToWidth(0.3, 0, 16, 64) * 64;
    expect(bandTokens(large, { ...options, grain: 128 })).toBe(Math.ceil(width / 128) * 128);
    expect(bandTokens({ ...large, variant: 'hunyuan' }, { ...options, grain: 128 })).toBe(Math.floor(width / 128) * 128);
    // Wan keeps the edge of the band, the others do not.
    const edges = (['wan', 'hunyuan'] as const).map((variant) => executionMask({ ...large, variant }, { ...options, sink: 'none' }));
    expect(edges.map((mask) => Array.from({ length: 400 }, (_, k) => (keep(mask, 0, k) ? k : 0)).reduce((a, b) => Math.max(a, b)))).toEqual([Math.ceil(width), Math.floor(width) - 1]);
    // Where text alone is over the budget the width is negative: no band is left.
    expect(sparsityToWidth(0.1, 20, 4, 6)).toBeLessThan(0);
    for (const variant of ['hunyuan', 'cog'] as const) expect(bandTokens({ variant, frames: 4, positions: 6, text: 20, prompt: 20 }, { ...options, keptFraction: 0.1 })).toBe(0);
  });

  test('a band of that width keeps the share it was made for, without sink and rounding', () => {
    for (const keptFraction of [0.1, 0.25, 0.5, 0.8, 1]) {
      const mask = executionMask({ ...large, variant: 'hunyuan' }, { ...options, keptFraction, sink: 'none' });
      expect(Math.abs(countTiles(mask, 16).density - keptFraction)).toBeLessThan(0.005);
    }
  });

  test('the sink of Wan is not charged to the budget: 0.25 asked is 0.30 kept', () => {
    expect(countTiles(executionMask(large, { ...options, keptFraction: 0.25 }), 16).density).toBeCloseTo(0.3, 2);
  });

  test('profiling as in the code: blocks of 128, whatever is to be kept; the temporal one is the same matrix re-indexed', () => {
    const official = { ...options, grain: 128 };
    const [space, time] = [profilingMask(large, official, 'code'), profilingMask(large, official, 'code', 'token')];
    expect(profilingMask(large, { ...official, keptFraction: 0.9 }, 'code')).toEqual(space);
    const to = destinations(space, 1024);
    for (const q of [0, 63, 64, 500, 1023]) {
      for (let k = 0; k < 1024; k++) {
        const near = (a: number, b: number): boolean => Math.abs(Math.floor(a / 128) - Math.floor(b / 128)) < 1 || b < 64;
        expect([keep(space, q, k), keep(time, q, k)]).toEqual([near(q, k), near(to[q], to[k])]);
      }
    }
    expect(countTiles(executionMask(large, official), 16).density).not.toBeCloseTo(countTiles(space, 16).density, 2);
    expect(profilingMask(large, official, 'consistent')).toEqual(executionMask(large, official));
    // HunyuanVideo profiles with all text, padding too; it runs with the real one.
    const hunyuan: Video = { variant: 'hunyuan', frames: 4, positions: 96, text: 8, prompt: 3 };
    expect([profilingMask(hunyuan, official, 'code').prompt, executionMask(hunyuan, official).prompt, profilingMask(hunyuan, official, 'code').band]).toEqual([8, 3, 1]);
  });

  test('tiles of a temporal head: nearly all are touched in frame-major order, its density in token-major', () => {
    const wanted = { 16: [0.625, 0.136], 32: [1, 0.15], 64: [1, 0.18] };
    const video: Video = { ...large, variant: 'hunyuan' };
    for (const [side, [before, after]] of Object.entries(wanted)) {
      const count = (mask: ReturnType<typeof executionMask>) => countTiles(mask, Number(side));
      const [left, moved] = [count(executionMask(video, { ...options, keptFraction: 0.1 }, 'frame', 'token')), count(executionMask(video, { ...options, keptFraction: 0.1 }, 'token'))];
      expect(left.active).toBeCloseTo(before, 3);
      expect(moved.active).toBeCloseTo(after, 3);
      expect(left.density).toBe(moved.density);
      expect(moved.waste).toBeCloseTo(1 - moved.density / moved.active, 12);
    }
  });

  test('frame 0 as sink cuts every tile of a temporal head; the first places cost few', () => {
    for (const side of [16, 32, 64]) {
      const active = (sink: 'frame' | 'places'): number => countTiles(executionMask(large, { ...options, keptFraction: 0.1, sink }, 'token'), side).active;
      expect(active('frame')).toBe(1);
      expect(active('places')).toBeLessThan(0.45);
    }
  });

  test('whole tiles by their centres', () => {
    expect([tileEdge(3600), tileEdge(256), tileEdge(257), tileEdge(48)]).toEqual([240, 128, 1, 48]);
    const { edge, indptr, indices } = blockRows({ frames: 4, positions: 10 }, 1);
    expect([edge, [...indptr], [...indices]]).toEqual([10, [0, 1, 3, 5, 7], [0, 0, 1, 0, 2, 0, 3]]);
  });
});

describe('layout', () => {
  const videos: readonly Video[] = [
    { variant: 'wan', frames: 5, positions: 8, text: 0, prompt: 0 },
    { variant: 'hunyuan', frames: 4, positions: 9, text: 7, prompt: 4 },
    { variant: 'cog', frames: 3, positions: 8, text: 6, prompt: 6 },
  ];

  test.each(videos)('$variant: the transform, the band and the inverse are the re-indexed mask in place', async (video) => {
    for (const seed of seeds) {
      const heads = toy(['spatial', 'temporal', 'mixed'], seed, { frames: video.frames, height: 1, width: video.positions, text: video.text, textFirst: video.variant === 'cog', headDim: 8 });
      const verdict = Uint8Array.from([SPATIAL, TEMPORAL, TEMPORAL]);
      for (const sink of ['places', 'frame'] as const) {
        const wide = { ...options, keptFraction: 0.7, sink };
        const [there, apart] = [await sparseAttention(engine, heads, verdict, video, wide), await sparseAttention(engine, heads, verdict, video, { ...wide, transform: false })];
        expect(mean(relativeErrors(there.o, apart.o, 3))).toBeLessThan(1e-6);
        expect(Math.max(...there.lse.map((v, i) => Math.abs(v - apart.lse[i])))).toBeLessThan(1e-5);
        const swapped = await sparseAttention(engine, heads, verdict.map((v) => 1 - v), video, wide);
        expect(Math.min(...relativeErrors(there.o, swapped.o, 3))).toBeGreaterThan(0.01);
      }
    }
  });

  test('token i goes to (i mod P) F + ⌊i / P⌋, text stays, and the placement is its inverse', () => {
    const mask = executionMask(videos[2], options);
    const to = destinations(mask, 30);
    expect([...to.subarray(0, 9)]).toEqual([0, 1, 2, 3, 4, 5, 6, 9, 12]);
    const order = placement(mask, Uint8Array.from([TEMPORAL, SPATIAL]), 30);
    expect(Array.from(to, (place) => order[place])).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(Array.from(order.subarray(30))).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  test('one launch serves both types; frame 0 as sink, or tokens left in place, take two', () => {
    const verdict = Uint8Array.from([0, 1, 0]);
    expect(launches(verdict, small, options).map(({ heads }) => heads)).toEqual([[0, 1, 2]]);
    expect(launches(verdict, small, { ...options, sink: 'frame' }).map(({ heads }) => heads)).toEqual([[0, 2], [1]]);
    expect(launches(verdict, small, { ...options, transform: false }).map(({ mask }) => mask.bandOrder)).toEqual(['frame', 'token']);
    expect(launches(new Uint8Array(3), small, { ...options, transform: false })).toHaveLength(1);
  });
});

describe('verdicts', () => {
  test('pure heads: one row in a hundred decides as all rows do, and rightly', async () => {
    const video: Video = { ...small, frames: 16 };
    const mask = profilingMask(video, { ...options, keptFraction: 0.25 }, 'consistent');
    for (const seed of seeds) {
      const heads = toy(['spatial', 'temporal'], seed, { frames: 16 });
      const all = await profileAll(engine, heads, mask);
      expect([...all.verdict]).toEqual([SPATIAL, TEMPORAL]);
      expect(Math.min(...agreement(all, 2, createRng(seed), 5, 200))).toBeGreaterThanOrEqual(0.99);
      // As in the code, rows of the earliest frames alone: enough for heads that do the same everywhere.
      expect(Math.min(...agreement(all, 2, createRng(seed), 5, 200, 128))).toBeGreaterThanOrEqual(0.99);
    }
  });

  test('mixed heads: 8 rows agree in 96 of 100 draws, 16 always, and more rows agree more', async () => {
    const mask = profilingMask({ ...large, frames: 12 }, { ...options, keptFraction: 0.25 }, 'consistent');
    const rates = [1, 2, 4, 8, 16].map(() => [] as number[]);
    for (const seed of seeds) {
      const all = await profileAll(engine, toy(['mixed'], seed, { frames: 12, height: 8, headDim: 32 }), mask);
      [1, 2, 4, 8, 16].forEach((rows, i) => rates[i].push(...agreement(all, 1, createRng(seed), rows, 300)));
    }
    const means = rates.map(mean);
    expect(means[0]).toBeGreaterThan(0.83);
    expect(Math.min(...rates[3])).toBeGreaterThanOrEqual(0.96);
    expect(Math.min(...rates[4])).toBe(1);
    for (let i = 1; i < means.length; i++) expect(means[i]).toBeGreaterThan(means[i - 1] - 0.01);
  });

  test('the toy table: attention kept and relative error of both masks, right and wrong', async () => {
    const sums = new Float64Array(8);
    for (const seed of seeds) {
      const heads = toy(['spatial', 'temporal'], seed, { frames: 16, height: 8, headDim: 32 });
      const { mass, relative, rows } = await profileHeads(engine, heads, sampleRows(createRng(seed), 48, 1024), profilingMask(large, { ...options, keptFraction: 0.25 }, 'consistent'));
      for (let at = 0; at < 4; at++) {
        sums[at] += mean(mass.subarray(at * rows.length, (at + 1) * rows.length)) / 10;
        sums[4 + at] += relative[at] / 10;
      }
    }
    // Mass of (spatial mask: spatial, temporal head), (temporal mask: the same); then errors.
    const wanted = [0.94, 0.33, 0.29, 0.76, 0.07, 1.46, 1.57, 0.34];
    const spread = [0.04, 0.02, 0.02, 0.04, 0.05, 0.06, 0.06, 0.06];
    for (const [i, value] of wanted.entries()) expect(Math.abs(sums[i] - value), `entry ${i}: ${sums[i].toFixed(3)} for ${value}`).toBeLessThan(spread[i]);
  });

  test('equal errors are spatial; rows are drawn from the part asked for; errors are means of the rows', () => {
    expect([...verdictOf(Float64Array.from([1, 2, 3, 1, 1, 4]))]).toEqual([0, 1, 0]);
    const rows = sampleRows(createRng(3), 4000, 7);
    expect(new Set(rows)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    expect([...meanErrors(Float64Array.from([1, 3, 5, 9]), 1)]).toEqual([2, 7]);
    expect([...meanErrors(Float64Array.from([1, 3, 5, 9]), 1, [1, 1, 0])]).toEqual([7 / 3, 23 / 3]);
  });
});

describe('errors', () => {
  test('a mixed layer: the mask of each head beats one mask for all, a window, and random tiles of equal density', async () => {
    for (const seed of seeds) {
      const heads = toy(['temporal', 'spatial'], seed);
      const dense = await denseAttention(engine, heads);
      const chosen = await attentionStep(engine, heads, small, { ...options, rows: sampleRows(createRng(seed), 8, heads.N), profiling: 'consistent', dense: false });
      expect(Array.from(chosen.profile?.verdict ?? [])).toEqual([TEMPORAL, SPATIAL]);
      const density = countTiles(executionMask(small, options), 16).density;
      const others = [
        await singleMask(engine, heads, SPATIAL, small, options), await singleMask(engine, heads, TEMPORAL, small, options),
        await slidingWindow(engine, heads, small, options), await randomBlocks(engine, heads, 16, density, seed),
      ];
      const best = relativeErrors(chosen.o, dense.o, 2);
      for (const { o } of others) {
        expect(mean(relativeErrors(o, dense.o, 2))).toBeGreaterThan(1.5 * mean(best));
        expect(psnr(o, dense.o)).toBeLessThan(psnr(chosen.o, dense.o));
      }
      expect(mean(massKept(chosen.lse, dense.lse, 2))).toBeGreaterThan(mean(massKept(others[0].lse, dense.lse, 2)));
    }
  });

  test('all kept is dense attention, and less kept is a larger error', async () => {
    for (const seed of seeds) {
      const heads = toy(['spatial', 'temporal'], seed);
      const dense = await denseAttention(engine, heads);
      const errors: number[] = [];
      for (const keptFraction of [0.1, 0.3, 0.6, 1]) {
        const { o } = await sparseAttention(engine, heads, Uint8Array.from([0, 1]), small, { ...options, keptFraction });
        errors.push(mean(relativeErrors(o, dense.o, 2)));
      }
      expect(errors[3]).toBeLessThan(1e-6);
      expect([...errors].sort((a, b) => b - a)).toEqual(errors);
    }
  });

  test('a step that the gate keeps dense is dense, and judges no head', async () => {
    const heads = toy(['spatial', 'temporal'], 1);
    const { o, profile } = await attentionStep(engine, heads, small, { ...options, rows: Uint32Array.from([1]), profiling: 'code', dense: true });
    expect([o, profile]).toEqual([(await denseAttention(engine, heads)).o, undefined]);
  });

  test('early, noisy steps lose more under the same masks: they stay dense', async () => {
    expect([noiseAt(0, 5), noiseAt(2, 5), noiseAt(4, 5)]).toEqual([2, 1, 0.5]);
    for (const seed of seeds) {
      const errorAt = async (noise: number): Promise<number> => {
        const heads = toy(['spatial', 'temporal'], seed, { noise });
        const { o } = await sparseAttention(engine, heads, Uint8Array.from([0, 1]), small, options);
        return mean(relativeErrors(o, (await denseAttention(engine, heads)).o, 2));
      };
      expect(await errorAt(noiseAt(0, 5))).toBeGreaterThan(1.5 * await errorAt(noiseAt(4, 5)));
    }
  });

  test('content that moves leaves the band of a temporal head and not that of a spatial one', async () => {
    for (const seed of seeds) {
      const massAt = async (speed: number): Promise<Float64Array> => {
        const heads = toy(['spatial', 'temporal'], seed, { speed });
        const { lse } = await sparseAttention(engine, heads, Uint8Array.from([0, 1]), small, options);
        return massKept(lse, (await denseAttention(engine, heads)).lse, 2);
      };
      const [still, moving] = [await massAt(0), await massAt(2)];
      expect(moving[0]).toBe(still[0]);
      expect(moving[1]).toBeLessThan(still[1] - 0.05);
    }
  });

  test('a row that keeps nothing gives zeros, not NaN', async () => {
    const video: Video = { variant: 'hunyuan', frames: 4, positions: 8, text: 0, prompt: 0 };
    const heads = toy(['spatial', 'temporal'], 1, { frames: 4, height: 1, headDim: 8 });
    const { o, lse } = await sparseAttention(engine, heads, Uint8Array.from([0, 1]), video, { ...options, keptFraction: 0.01 });
    expect([new Set(o), new Set(lse)]).toEqual([new Set([0]), new Set([Math.fround(LOWEST)])]);
    expect([...massKept(lse, (await denseAttention(engine, heads)).lse, 2)]).toEqual([0, 0]);
  });
});

describe('gate, counters, toy', () => {
  const timesteps = Float64Array.from({ length: 50 }, (_, i) => 1000 - 20 * i);

  test('the first steps and layers stay dense, counted as each model counts them', () => {
    const wan = denseGate('wan', { layers: 0.03, steps: 0.2 }, 40, timesteps);
    expect(wan).toEqual({ layers: 1, time: timesteps[9] - 1 });
    expect(Array.from(timesteps).filter((t) => isDense(wan, 5, t))).toHaveLength(10);
    expect([isDense(wan, 0, 0), isDense(wan, 1, 0)]).toEqual([true, false]);
    const never = denseGate('hunyuan', { layers: 0, steps: 0 }, 40, timesteps);
    expect(Array.from(timesteps).some((t) => isDense(never, 0, t))).toBe(false);
    const cog = denseGate('cog', { layers: 0.025, steps: 0.2 }, 30, timesteps);
    expect([cog.layers, cog.time, isDense(cog, 1, 0), isDense(cog, 2, 0), isDense(cog, 2, 801)]).toEqual([1.05, 800, true, false, true]);
  });

  test('operations and bytes', () => {
    const sizes = { heads: 3, tokens: 1000, headDim: 64 };
    expect(denseFlops(sizes)).toBe(4 * 3 * 1000 * 1000 * 64);
    expect(profilingFlops(sizes, 10) / denseFlops(sizes)).toBeCloseTo(0.02, 12);
    expect([sparseFlops(sizes, 0.25) / denseFlops(sizes), layoutBytes(sizes, 2), densityOf(3, 12)]).toEqual([0.25, 8 * 3 * 1000 * 64 * 2, 0.25]);
    expect([wholeSpeedup(0.8, 1), wholeSpeedup(0.5, 0)]).toEqual([1, 2]);
  });

  test('random tiles: as many in each row as asked, other ones in each head', () => {
    const kept = randomTiles(2, 16, 0.25, 9);
    for (let row = 0; row < 32; row++) expect(kept.subarray(row * 16, row * 16 + 16).reduce((a, b) => a + b, 0)).toBe(4);
    expect(kept.subarray(0, 256)).not.toEqual(kept.subarray(256));
  });

  test('a head is the same whatever stands beside it, text is noise alone, and head sizes are checked', () => {
    const [one, two] = [toy(['temporal'], 4), toy(['temporal', 'mixed'], 4)];
    expect(headsAt(two, [0]).q).toEqual(one.q);
    expect(toy(['temporal'], 5).q).not.toEqual(one.q);
    for (const textFirst of [false, true]) {
      const silent = toy(['mixed'], 4, { text: 5, textFirst, noise: 0 });
      const text = silent.q.filter((_, i) => (textFirst ? i < 5 * 16 : i >= 256 * 16));
      expect([text.length, new Set(text)]).toEqual([80, new Set([0])]);
      // A video token has the length d^¼ √(a + b).
      const token = silent.q.subarray(100 * 16, 101 * 16);
      expect(Math.hypot(...token)).toBeCloseTo(2 * Math.sqrt(6), 4);
    }
    expect(() => toy(['mixed'], 1, { headDim: 12 })).toThrow(RangeError);
  });

  test('on a grid, neighbours in both directions attend more than tokens far apart', () => {
    const width = 8;
    let [right, below, far] = [0, 0, 0];
    for (const seed of seeds) {
      const { q } = toy(['temporal'], seed, { height: 8, code: 'grid', noise: 0, headDim: 32 });
      const dot = (i: number, j: number): number => q.subarray(i * 32, i * 32 + 32).reduce((sum, v, d) => sum + v * q[j * 32 + d], 0) / 10;
      right += dot(9, 10);
      below += dot(9, 9 + width);
      far += dot(9, 9 + 4 * width + 4);
    }
    expect(Math.min(right, below)).toBeGreaterThan(far + 3);
  });
});
