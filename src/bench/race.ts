/** Contenders take turns, so that a machine that slows down slows all of them down. */

import { quantile } from '../engine/timing';
import type { Ratio, Spread } from './report';

export interface Racer {
  /** Seconds of one operation. */
  readonly sample: () => Promise<number>;
}

export interface RaceOptions {
  readonly signal?: AbortSignal;
  /** Who takes longer than this for a turn takes part in the first three rounds only. Seconds (default 1). */
  readonly slow?: number;
  /** After each turn: the share of the race that is over, 0 to 1. */
  readonly onTurn?: (share: number) => void;
}

const ROUNDS_OF_SLOW = 3;

/** One untimed turn each, then `rounds` timed ones. Racers whose turn fails are left out, with the reason. */
export async function race(racers: readonly Racer[], rounds: number, { signal, slow = 1, onTurn }: RaceOptions = {}): Promise<(Spread | Error)[]> {
  const samples = racers.map((): number[] | Error => []);
  const quickest = racers.map(() => Infinity);
  for (let round = -1; round < rounds; round++) {
    for (const [i, racer] of racers.entries()) {
      const mine = samples[i];
      if (mine instanceof Error || (mine.length >= ROUNDS_OF_SLOW && quickest[i] > slow)) continue;
      signal?.throwIfAborted();
      const start = performance.now();
      try {
        const seconds = await racer.sample();
        if (round >= 0) mine.push(seconds);
        quickest[i] = Math.min(quickest[i], (performance.now() - start) / 1000);
      } catch (error) {
        signal?.throwIfAborted();
        samples[i] = error instanceof Error ? error : new Error(String(error));
      }
      await breath();
      onTurn?.(((round + 1) * racers.length + i + 1) / ((rounds + 1) * racers.length));
    }
  }
  return samples.map((mine) => (mine instanceof Error ? mine : spreadOf(mine)));
}

/** Lets waiting messages in, such as the one that stops the race. */
const breath = (): Promise<void> => new Promise((resume) => { setTimeout(resume); });

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75), min: sorted[0], rounds: sorted.length, samples: [...samples] };
}

/** `a` over `b`, both of one race. */
export function ratioOf(a: Spread, b: Spread): Ratio {
  const pairs = a.samples.slice(0, b.samples.length).map((seconds, round) => seconds / b.samples[round]).sort((x, y) => x - y);
  return { ofMedians: a.median / b.median, ofLeast: a.min / b.min, median: quantile(pairs, 0.5), low: quantile(pairs, 0.25), high: quantile(pairs, 0.75) };
}

/**
 * Seconds of one operation by the wall clock, `inner` of them together. The first call finds `inner`.
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
      let took = await timed();
      for (; took < target && inner < 512; took = await timed()) {
        inner = Math.min(512, Math.max(2 * inner, Math.ceil((inner * target) / Math.max(took, 1e-4))));
      }
      calibrated = true;
      return took / inner;
    }
    return (await timed()) / inner;
  };
}
