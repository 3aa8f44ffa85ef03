/** The timing contract: warm up, repeat until a sample is far longer than the clock's quantum, report median and spread. */

import type { MeasureOptions, Timing } from './engine';

export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

/** Samples in seconds of one sample of `repeats` launches, as the Timing of one launch. */
export function summarize(samples: readonly number[], repeats: number, method: Timing['method'], quantum: number): Timing {
  const each = samples.map((s) => s / repeats).sort((a, b) => a - b);
  return {
    median: quantile(each, 0.5), low: quantile(each, 0.25), high: quantile(each, 0.75), min: each[0],
    samples: each.length, repeats, method, resolution: quantum / repeats,
  };
}

/**
 * The step of a clock, from stamps it gave (ns): the greatest common divisor of their distances. Browsers clear the
 * low bits of GPU timestamps (65 536 ns in Chrome), some devices count in coarse ticks, others in nanoseconds.
 * @returns 0 while no two stamps differ
 */
export function detectQuantum(stamps: readonly bigint[]): number {
  let divisor = 0n;
  for (const stamp of stamps) {
    let [a, b] = [divisor, stamp > stamps[0] ? stamp - stamps[0] : stamps[0] - stamp];
    while (b) [a, b] = [b, a % b];
    divisor = a;
  }
  return Number(divisor);
}

/** Seconds between pairs of stamps (begin, end, begin, end, …; ns). Clocks may run backwards: what is not positive is dropped. */
export function positiveDeltas(stamps: readonly bigint[]): number[] {
  const deltas: number[] = [];
  for (let i = 0; i + 1 < stamps.length; i += 2) {
    const delta = Number(stamps[i + 1] - stamps[i]);
    if (delta > 0) deltas.push(delta * 1e-9);
  }
  return deltas;
}

/** The least length of a sample, seconds: 50 quanta, so that rounding is at most 2 %, and at least 3 ms. */
export const targetLength = (quantum: number): number => Math.max(50 * quantum, 3e-3);

let wallQuantum: number | undefined;

/** The smallest step of `performance.now()` seen here, in seconds. */
export function wallClockQuantum(): number {
  if (wallQuantum !== undefined) return wallQuantum;
  let smallest = Infinity;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    smallest = Math.min(smallest, now - start);
  }
  return (wallQuantum = smallest / 1000);
}

/** Times a synchronous body by the wall clock. */
export async function timeWall(body: () => void, { budget = 0.3, signal }: MeasureOptions = {}): Promise<Timing> {
  const quantum = wallClockQuantum();
  body();
  let repeats = 1;
  let elapsed = 0;
  for (;;) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) body();
    elapsed = (performance.now() - start) / 1000;
    if (elapsed >= Math.min(50 * quantum, budget) || repeats >= 1 << 20) break;
    repeats *= 2;
  }
  const samples = [elapsed];
  const rounds = Math.max(2, Math.min(20, Math.floor(budget / Math.max(elapsed, 1e-9)) - 1));
  for (let i = 0; i < rounds && !signal?.aborted; i++) {
    const start = performance.now();
    for (let j = 0; j < repeats; j++) body();
    samples.push((performance.now() - start) / 1000);
  }
  return summarize(samples, repeats, 'wall', quantum);
}
