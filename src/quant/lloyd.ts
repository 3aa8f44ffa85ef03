/** Lloyd's iteration of every row at once, on the engine. */

import type { Scope } from '../engine/engine';
import { lloydKmeans1d } from './kmeans1d';
import type { FitOptions } from './codebook';

export async function fitLloyd(_scope: Scope, { weights, sensitivity, rows, cols, bits, seed = 0 }: FitOptions, pause?: () => Promise<void>): Promise<Float32Array> {
  const book = new Float32Array(rows << bits);
  for (let n = 0; n < rows; n++) {
    const part = (data: Float32Array): Float32Array => data.subarray(n * cols, (n + 1) * cols);
    book.set(lloydKmeans1d(part(weights), sensitivity && part(sensitivity), 1 << bits, { seed: seed * 65537 + n }).centroids, n << bits);
    await pause?.();
  }
  return book;
}
