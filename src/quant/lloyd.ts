/**
 * Lloyd's iteration of every row at once, on the engine. Iterations are encoded ten at a time and read together: each
 * row keeps the book of the iteration at which it would have stopped by itself, so batching changes no result.
 */

import { assignCodebook } from '../../kernels/assign_codebook/assign_codebook';
import { updateCodebook } from '../../kernels/update_codebook/update_codebook';
import { createRng } from '../../kernels/rng';
import { withScope, type Scope } from '../engine/engine';
import { seedCentroids, stopBelow } from './kmeans1d';

const ITERATIONS = 50;
const TOLERANCE = 1e-4;
const BATCH = 10;

export interface LloydOptions {
  /** [N,K] */
  readonly weights: Float32Array;
  /** F [N,K]; without it every weight counts 1. */
  readonly sensitivity?: Float32Array;
  /** N */
  readonly rows: number;
  /** K */
  readonly cols: number;
  readonly bits: number;
  readonly seed?: number;
}

/** Books [N, 2^b], ascending; seeding and stop as lloydKmeans1d, sums in the engine's precision. */
export async function fitLloyd(scope: Scope, o: LloydOptions, pause?: () => Promise<void>): Promise<Float32Array> {
  const { weights, sensitivity, rows, cols, bits, seed = 0 } = o;
  const size = 1 << bits;
  const book = new Float32Array(rows * size);
  if (book.length === 0 || cols === 0) return book;
  const enough = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    const rng = createRng(Math.imul(seed + 1, 0x9e3779b1) ^ n);
    book.set(seedCentroids(weights, sensitivity, size, rng, n * cols, cols), n * size);
    enough[n] = stopBelow(weights, TOLERANCE, n * cols, cols);
    if (n % 16 === 15) await pause?.();
  }
  await withScope(scope.engine, async (inner) => {
    const shape = [rows, cols];
    const w = inner.hold(weights, shape);
    const f = inner.upload(sensitivity ?? new Float32Array(weights.length).fill(1), shape);
    let current = inner.upload(book, [rows, size]);
    const going = new Set(Array.from({ length: rows }, (_, n) => n));
    for (let done = 0; done < ITERATIONS && going.size > 0; done += BATCH) {
      const steps = Array.from({ length: BATCH }, () => {
        const { codes } = inner.run(assignCodebook, { w, book: current });
        const step = inner.run(updateCodebook, { w, f, codes, book: current });
        inner.free(codes);
        current = step.next;
        return step;
      });
      const read = await inner.readAll(steps.flatMap(({ next, shift }) => [next, shift])) as Float32Array[];
      for (const n of going) {
        const stop = steps.findIndex((_, i) => read[2 * i + 1][n] <= enough[n]);
        book.set(read[2 * (stop < 0 ? BATCH - 1 : stop)].subarray(n * size, (n + 1) * size), n * size);
        if (stop >= 0) going.delete(n);
      }
      for (const { next, shift } of steps) {
        if (next !== current) inner.free(next);
        inner.free(shift);
      }
      await pause?.();
    }
  });
  for (let n = 0; n < rows; n++) book.subarray(n * size, (n + 1) * size).sort();
  return book;
}
