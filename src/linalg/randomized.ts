/**
 * Randomized truncated SVD (Halko, Martinsson and Tropp, SIAM Review 53, 2011, algorithms 4.4 and 5.1): block power
 * iteration. The large products run on the engine, A and Aᵀ in one submission; the thin blocks are orthonormalised on
 * the host in float64, once a pass and in the last pass twice.
 */

import { matmul } from '../../kernels/matmul/matmul';
import { doubles, productNT, transposed } from '../../kernels/product';
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

/** Orthonormal basis of the columns of a row-major [m,n], m ≥ n, row-major. */
function orthonormal(a: Float32Array | Float64Array, m: number, n: number): Float64Array {
  return transposed(thinQ(householderQr(transposed(a, m, n), m, n)), n, m);
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
  /** The product of the matrices given, the last one first, with a thin block: one upload, one submission, one readback. */
  const product = async (block: Float32Array | Float64Array, ...matrices: readonly Tensor[]): Promise<Float32Array> => {
    let b = scope.upload(new Float32Array(block), [matrices[matrices.length - 1].shape[1], width]);
    for (const matrix of matrices.toReversed()) {
      const { c } = scope.run(matmul, { a: matrix, b });
      scope.free(b);
      b = c;
    }
    const out = await scope.readF32(b);
    scope.free(b);
    return out;
  };

  let q = orthonormal(await product(Float32Array.from({ length: cols * width }, () => rng.normal()), a), rows, width);
  for (let i = 1; i < iterations; i++) q = orthonormal(await product(q, a, at), rows, width);
  const host = rows * cols * width <= HOST_PRODUCT ? doubles(await scope.readF32(a)) : undefined;
  if (iterations > 0) {
    // In the last pass both blocks are made orthonormal, so that no small singular value is squared into rounding.
    const z = orthonormal(await product(q, at), cols, width);
    q = orthonormal(host ? productNT(host, transposed(z, cols, width), rows, width, cols) : await product(z, a), rows, width);
  }
  // Aᵀ Q = (Qᵀ A)ᵀ: [cols, width], small enough for the exact method.
  const small = jacobiSvd(host ? productNT(transposed(host, rows, cols), transposed(q, rows, width), cols, width, rows) : await product(q, at), cols, width);
  const u = productNT(q, transposed(leading(small.v, width, width, kept), width, kept), rows, kept, width);
  return { rows, cols, rank: kept, u, s: small.s.slice(0, kept), v: leading(small.u, cols, width, kept) };
}

/** The first r of w columns, row-major. */
function leading(a: Float64Array, m: number, w: number, r: number): Float64Array {
  const out = new Float64Array(m * r);
  for (let i = 0; i < m; i++) out.set(a.subarray(i * w, i * w + r), i * r);
  return out;
}
