/** Contenders take turns, so that a machine that slows down slows all of them down. */

import { quantile } from '../engine/timing';
import type { Spread } from './report';

export interface Racer {
  /** Seconds of one operation. */
  readonly sample: () => Promise<number>;
}

/** One untimed turn each, then `rounds` timed ones. Racers whose turn fails are left out, with the reason. */
export async function race(racers: readonly Racer[], rounds: number): Promise<(Spread | Error)[]> {
  const samples = racers.map((): number[] | Error => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, racer] of racers.entries()) {
      const mine = samples[i];
      if (mine instanceof Error) continue;
      try {
        const seconds = await racer.sample();
        if (round >= 0) mine.push(seconds);
      } catch (error) {
        samples[i] = error instanceof Error ? error : new Error(String(error));
      }
    }
  }
  return samples.map((mine) => (mine instanceof Error ? mine : spreadOf(mine)));
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75), rounds: sorted.length };
}

/**
 * Seconds of one operation by the wall clock, `inner` of them together.
 * @param batch enqueues that many and resolves when the device has done them all
 */
export function wallSampler(batch: (inner: number) => Promise<void>, target: number): () => Promise<number> {
  let inner = 1;
  let calibrated = false;
  const timed = async (): Promise<number> => {
    const start = performance.now();
    await batch(inner);
    return (performance.now() - start) / 1000;
  };
  return async () => {
    if (!calibrated) {
      await batch(1); // compiles
      for (let took = await timed(); took < target && inner < 512; took = await timed()) {
        inner = Math.min(512, Math.max(2 * inner, Math.ceil((inner * target) / Math.max(took, 1e-4))));
      }
      calibrated = true;
    }
    return (await timed()) / inner;
  };
}
