/**
 * The right factor of the best low-rank part of a tensor that may be too large to hold: the leading right singular
 * vectors V of W, from passes over its rows. Up = W V then, so that up · Vᵀ is the projection of W, the truncated SVD.
 */

import { matmul } from '../../kernels/matmul/matmul';
import { createRng } from '../../kernels/rng';
import { transpose } from '../../kernels/transpose/transpose';
import { withScope, type Engine } from '../engine/engine';
import { jacobiSvd } from '../linalg/jacobi';
import { householderQr, thinQ } from '../linalg/qr';
import type { Rows } from './rows';

/** Up to this smaller side and this many numbers the decomposition is exact (Jacobi, float64). */
const EXACT_SIDE = 512;
const EXACT_NUMBERS = 2 ** 18;
const OVERSAMPLE = 10;
/** Each pass multiplies by WᵀW, which does what two passes over W and Wᵀ do. */
const POWER_PASSES = 2;

/** Passes over the rows that `rightFactor` takes. */
export const factorPasses = (rows: number, cols: number): number => (isExact(rows, cols) ? 1 : POWER_PASSES + 1);
const isExact = (rows: number, cols: number): boolean => Math.min(rows, cols) <= EXACT_SIDE && rows * cols <= EXACT_NUMBERS;

/**
 * Vᵀ [rank, cols] with orthonormal rows, float64, row-major; yields the numbers of each block it has been through.
 * Beyond the exact size: block power iteration (Halko, Martinsson and Tropp, SIAM Review 53, 2011) on the engine.
 * @param rank at most min(rows, cols)
 */
export async function* rightFactor(engine: Engine, source: Rows, rank: number): AsyncGenerator<number, Float64Array> {
  const { rows, cols } = source;
  if (isExact(rows, cols)) {
    const whole = new Float32Array(rows * cols);
    for await (const { first, data } of source.blocks()) {
      whole.set(data, first * cols);
      yield data.length;
    }
    const { v, rank: all } = jacobiSvd(whole, rows, cols);
    return Float64Array.from({ length: rank * cols }, (_, i) => v[(i % cols) * all + Math.floor(i / cols)]);
  }
  const width = Math.min(rank + OVERSAMPLE, rows, cols);
  const rng = createRng(1);
  let q = orthonormal(Float64Array.from({ length: cols * width }, () => rng.normal()), cols, width);
  for (let pass = 0; pass < POWER_PASSES; pass++) {
    const sum = new Float64Array(width * cols);
    const basis = rowMajor(q, cols, width);
    for await (const { rows: m, data } of source.blocks()) {
      const part = await withScope(engine, (scope) => {
        const a = scope.upload(data, [m, cols]);
        const y = scope.run(matmul, { a, b: scope.upload(basis, [cols, width]) }).c;
        return scope.readF32(scope.run(matmul, { a: scope.run(transpose, { a: y }).b, b: a }).c);
      });
      for (let i = 0; i < sum.length; i++) sum[i] += part[i];
      yield data.length;
    }
    q = orthonormal(sum, cols, width); // [width, cols] row-major is [cols, width] column-major
  }
  // Rotate the basis to the singular vectors of W Q: the eigenvectors of its Gram matrix.
  const gram = new Float64Array(width * width);
  const basis = rowMajor(q, cols, width);
  for await (const { rows: m, data } of source.blocks()) {
    const y = await withScope(engine, (scope) =>
      scope.readF32(scope.run(matmul, { a: scope.upload(data, [m, cols]), b: scope.upload(basis, [cols, width]) }).c));
    for (let n = 0; n < m; n++) {
      for (let i = 0; i < width; i++) {
        const yi = y[n * width + i];
        for (let j = 0; j < width; j++) gram[i * width + j] += yi * y[n * width + j];
      }
    }
    yield data.length;
  }
  const { v } = jacobiSvd(gram, width, width);
  const factor = new Float64Array(rank * cols);
  for (let r = 0; r < rank; r++) {
    for (let j = 0; j < width; j++) {
      const weight = v[j * width + r];
      for (let k = 0; k < cols; k++) factor[r * cols + k] += weight * q[j * cols + k];
    }
  }
  return factor;
}

/** An orthonormal basis of the columns of a column-major [m, n], m ≥ n, column-major. */
const orthonormal = (a: Float64Array, m: number, n: number): Float64Array => thinQ(householderQr(a, m, n));

function rowMajor(a: Float64Array, m: number, n: number): Float32Array {
  const out = new Float32Array(a.length);
  for (let j = 0; j < n; j++) for (let i = 0; i < m; i++) out[i * n + j] = a[j * m + i];
  return out;
}
