/**
 * Randomized truncated SVD (Halko, Martinsson and Tropp, SIAM Review 53, 2011, algorithms 4.4 and 5.1): block power
 * iteration. The large products run on the engine; the thin factors are orthonormalised on the host in float64.
 */

import { matmul } from '../../kernels/matmul/matmul';
import { createRng } from '../../kernels/rng';
import { transpose } from '../../kernels/transpose/transpose';
import type { Scope, Tensor } from '../engine/engine';
import { jacobiSvd, type Svd } from './jacobi';
import { householderQr, thinQ } from './qr';

export interface RandomizedOptions {
  /** Columns beyond the rank in the test block. */
  readonly oversample?: number;
  /** Passes over A and Aᵀ. */
  readonly iterations?: number;
  readonly seed?: number;
}

/**
 * Float32 products hide a residual below about 1e-7 ‖A‖. Up to this many multiplications per product the last
 * pass is therefore taken in float64 on the host; larger matrices stay on the engine.
 */
const HOST_PRODUCT = 1 << 22;

/** Row-major [m,n] to column-major and back. */
function flip(a: ArrayLike<number>, m: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j];
  return out;
}

/** Orthonormal basis of the columns of a row-major [m,n], m ≥ n, row-major. */
function orthonormal(a: ArrayLike<number>, m: number, n: number): Float64Array {
  return flip(thinQ(householderQr(flip(a, m, n), m, n)), n, m);
}

/**
 * The leading `rank` singular triplets of `a`, f32 [rows,cols]. Values and residual are near-optimal, not exact:
 * with the defaults the residual stays within 1 % of the best of that rank on spectra of layers.
 */
export async function randomizedSvd(
  scope: Scope,
  a: Tensor,
  rank: number,
  { oversample = 10, iterations = 4, seed = 0 }: RandomizedOptions = {},
): Promise<Svd> {
  const [rows, cols] = a.shape;
  const kept = Math.min(rank, rows, cols);
  const width = Math.min(kept + oversample, rows, cols);
  const rng = createRng(seed);
  const at = scope.run(transpose, { a }).b;
  const product = async (left: Tensor, right: ArrayLike<number>, inner: number): Promise<Float32Array> => {
    const b = scope.upload(Float32Array.from(right), [inner, width]);
    const { c } = scope.run(matmul, { a: left, b });
    const out = await scope.readF32(c);
    scope.free(b);
    scope.free(c);
    return out;
  };

  let q = orthonormal(await product(a, Float64Array.from({ length: cols * width }, () => rng.normal()), cols), rows, width);
  const host = rows * cols * width <= HOST_PRODUCT ? await scope.readF32(a) : undefined;
  for (let i = 0; i < iterations; i++) {
    const z = orthonormal(await product(at, q, rows), cols, width);
    const last = i === iterations - 1;
    q = orthonormal(host && last ? times(host, z, rows, cols, width) : await product(a, z, cols), rows, width);
  }
  // Aᵀ Q = (Qᵀ A)ᵀ: [cols, width], small enough for the exact method.
  const small = jacobiSvd(host ? transposedTimes(host, q, rows, cols, width) : await product(at, q, rows), cols, width);
  return { rows, cols, rank: kept, u: times(q, leading(small.v, width, width, kept), rows, width, kept), s: small.s.slice(0, kept), v: leading(small.u, cols, width, kept) };
}

/** A [m,l] times b [l,n], float64, row-major. */
function times(a: ArrayLike<number>, b: Float64Array, m: number, l: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < l; k++) {
      const aik = a[i * l + k];
      for (let j = 0; j < n; j++) out[i * n + j] += aik * b[k * n + j];
    }
  }
  return out;
}

/** Aᵀ b: a [m,l], b [m,n] to [l,n], float64, row-major. */
function transposedTimes(a: ArrayLike<number>, b: Float64Array, m: number, l: number, n: number): Float64Array {
  const out = new Float64Array(l * n);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < l; k++) {
      const aik = a[i * l + k];
      for (let j = 0; j < n; j++) out[k * n + j] += aik * b[i * n + j];
    }
  }
  return out;
}

/** The first r of w columns, row-major. */
function leading(a: Float64Array, m: number, w: number, r: number): Float64Array {
  const out = new Float64Array(m * r);
  for (let i = 0; i < m; i++) out.set(a.subarray(i * w, i * w + r), i * r);
  return out;
}
