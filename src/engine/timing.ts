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
    median: quantile(each, 0.5), low: quantile(each, 0.25), high: quantile(each, 0.75),
    samples: each.length, repeats, method, resolution: quantum / repeats,
  };
}

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
