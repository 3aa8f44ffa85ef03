/** The arithmetic of the timing contract, on made-up clocks: the adapter of the browser tests does not round its stamps. */

import { describe, expect, test } from 'vitest';
import { detectQuantum, positiveDeltas, quantile, summarize, targetLength, timeWall } from '../../src/engine/timing';

const QUANTUM = 65_536n; // what Chrome leaves of a timestamp: the low 16 bits are cleared

describe('the clock', () => {
  test('a step of 65 536 ns is found from stamps rounded to it', () => {
    const exact = [1_000_000n, 1_180_000n, 1_400_000n, 1_460_000n, 1_530_000n, 1_690_000n, 2_000_000n];
    const stamps = exact.map((ns) => 7_777n * QUANTUM + (ns / QUANTUM) * QUANTUM);
    expect(detectQuantum(stamps)).toBe(65_536);
  });
  test('stamps in nanoseconds have a step of one', () => expect(detectQuantum([10n, 17n, 27n, 58n])).toBe(1));
  test('a coarse tick is found whatever the order', () => expect(detectQuantum([800n, 80n, 240n, 1_360n])).toBe(80));
  test('a clock that stands still has no step', () => {
    expect(detectQuantum([5n, 5n, 5n])).toBe(0);
    expect(detectQuantum([])).toBe(0);
  });
  test('deltas that are zero or negative are dropped', () => {
    expect(positiveDeltas([100n, 100n, 500n, 400n, 1_000n, 1_065_536n])).toEqual([expect.closeTo(1_064_536e-9, 12)]);
  });
  test('a sample is at least 50 steps and 3 ms long', () => {
    expect(targetLength(65_536e-9)).toBeCloseTo(50 * 65_536e-9, 12);
    expect(targetLength(1e-9)).toBe(3e-3);
  });
});

describe('the summary', () => {
  test('median, quartiles and minimum of one launch', () => {
    const timing = summarize([4, 1, 3, 2, 5].map((ms) => ms / 1000), 10, 'timestamp', 65_536e-9);
    expect(timing).toMatchObject({ samples: 5, repeats: 10, method: 'timestamp' });
    expect(timing.median).toBeCloseTo(3e-4, 12);
    expect(timing.low).toBeCloseTo(2e-4, 12);
    expect(timing.high).toBeCloseTo(4e-4, 12);
    expect(timing.min).toBeCloseTo(1e-4, 12);
    expect(timing.resolution).toBeCloseTo(6.5536e-6, 12);
  });
  test('quantiles lie between samples', () => expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5));
  test('the wall clock repeats a short body until a sample is long enough', async () => {
    let calls = 0;
    const timing = await timeWall(() => { calls++; }, { budget: 0.05 });
    expect(timing.method).toBe('wall');
    expect(timing.repeats).toBeGreaterThan(100);
    expect(calls).toBeGreaterThan(timing.repeats * (timing.samples - 1));
    expect(timing.median).toBeGreaterThan(0);
  });
});
