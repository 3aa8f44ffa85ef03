/** The comparison of the fused branch with the separate one: its bytes, and what it makes of times. */

import { expect, test } from 'vitest';
import type { AnyKernel, Dims } from '../../kernels/define';
import type { Engine, Timing } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { fusionBytes, fusionTimes } from '../../src/papers/svdquant/fusion';

const sizes = { T: 128, N: 256, K: 256, G: 64, R: 16 };

test('fused, the branch adds at most a fifth to the bytes; separate, it doubles them', () => {
  const { fusionBytesBase: base, fusionBytesFused: fused, fusionBytesSeparate: separate } = fusionBytes(sizes);
  // X, λ and the output once; codes, scales of both sides; codes and scales of X written before they are read.
  expect(base).toBe(4 * (128 * 256 + 256 + 2 * 128 * 36 + 256 * 36 + 128 * 256));
  expect(fused - base).toBe(4 * 16 * (256 + 2 * 128 + 256));
  expect(fused / base).toBeLessThan(1.2);
  expect(separate / base).toBeGreaterThan(2);
});

/** An engine on which every launch takes the time that `seconds` says. */
const paced = (seconds: (kernel: string, dims: Dims, call: number) => number): Engine => {
  let call = 0;
  const measure = (kernel: AnyKernel, _: unknown, dims: Dims): Promise<Timing> =>
    Promise.resolve({ median: seconds(kernel.name, dims, call++), low: 0, high: 0, samples: 1, repeats: 1, method: 'wall', resolution: 0 });
  return Object.assign(new ReferenceEngine(), { measure });
};

const go = (engine: Engine, signal = new AbortController().signal) => fusionTimes(engine, { down: new Float32Array(1) }, sizes, signal);

test('what the branch adds is the median over rounds of each round’s own ratio', async () => {
  const times: Record<string, number> = { w4a4_matmul: 8, lowrank_down: 2, lowrank_up: 4, w4a4_up: 9 };
  const slow = [1, 2, 1, 8, 1]; // the machine's pace in each round
  const engine = paced((kernel, { R }, call) => slow[Math.floor(call / 6)] * (kernel === 'quantize_down' ? (R === 0 ? 2 : 3) : times[kernel]));
  expect(await go(engine)).toEqual({
    fusionSecondsBase: 10, fusionSecondsSeparate: 16, fusionSecondsFused: 12,
    fusionOverSeparate: expect.closeTo(0.6), fusionOverSeparateLow: expect.closeTo(0.6), fusionOverSeparateHigh: expect.closeTo(0.6),
    fusionOverFused: expect.closeTo(0.2), fusionOverFusedLow: expect.closeTo(0.2), fusionOverFusedHigh: expect.closeTo(0.2),
  });
});

test('an uneven fused pair has its middle half told', async () => {
  const engine = paced((kernel, _, call) => (kernel === 'w4a4_up' ? 1 + Math.floor(call / 6) : 1));
  const { fusionOverFusedLow: low, fusionOverFused: median, fusionOverFusedHigh: high } = await go(engine);
  expect([low, median, high]).toEqual([0.5, 1, 1.5]); // of 0, ½, 1, 1½, 2
});

test('a stale comparison stops, and is not half told', async () => {
  const controller = new AbortController();
  const engine = paced((_kernel, _dims, call) => { if (call === 7) controller.abort(); return 1; });
  await expect(go(engine, controller.signal)).rejects.toThrow(/abort/i);
});
