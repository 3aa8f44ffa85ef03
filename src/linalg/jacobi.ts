/**
 * Singular value decomposition by one-sided Jacobi rotations in float64, after a pivoted QR (Drmač and Veselić,
 * "New fast and accurate Jacobi SVD algorithm I", SIAM J. Matrix Anal. 29, 2008): the rotations then work on a
 * small, nearly diagonal triangle, and converge in a few sweeps.
 */

import { applyQ, householderQr, pivotedQr, thinQ, type Qr } from './qr';

/** A = U diag(s) Vᵀ. Factors are row-major; s descends. */
export interface Svd {
  readonly rows: number;
  readonly cols: number;
  /** min(rows, cols): how many triplets there are, those of zero singular values among them. */
  readonly rank: number;
  /** [rows, rank] */
  readonly u: Float64Array;
  readonly s: Float64Array;
  /** [cols, rank] */
  readonly v: Float64Array;
}

const MAX_SWEEPS = 40;

function dot(a: Float64Array, p: number, q: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    s0 += a[p + i] * a[q + i];
    s1 += a[p + i + 1] * a[q + i + 1];
    s2 += a[p + i + 2] * a[q + i + 2];
    s3 += a[p + i + 3] * a[q + i + 3];
  }
  for (; i < length; i++) s0 += a[p + i] * a[q + i];
  return s0 + s1 + (s2 + s3);
}

/** (p, q) ← (c p − s q, s p + c q) */
function rotate(a: Float64Array, p: number, q: number, length: number, c: number, s: number): void {
  let i = 0;
  for (; i + 2 <= length; i += 2) {
    const x0 = a[p + i];
    const y0 = a[q + i];
    const x1 = a[p + i + 1];
    const y1 = a[q + i + 1];
    a[p + i] = c * x0 - s * y0;
    a[q + i] = s * x0 + c * y0;
    a[p + i + 1] = c * x1 - s * y1;
    a[q + i + 1] = s * x1 + c * y1;
  }
  if (i < length) {
    const x = a[p + i];
    const y = a[q + i];
    a[p + i] = c * x - s * y;
    a[q + i] = s * x + c * y;
  }
}

/**
 * Rotates the columns of x [n,k] until each pair is orthogonal to rounding, and w [k,k] along with them
 * (both column-major): on return x_before · w = x_after.
 */
function orthogonalise(x: Float64Array, n: number, w: Float64Array, k: number): number {
  const squares = new Float64Array(k);
  const tolerance = Number.EPSILON * Math.sqrt(n);
  for (let sweep = 1; sweep <= MAX_SWEEPS; sweep++) {
    for (let j = 0; j < k; j++) squares[j] = dot(x, j * n, j * n, n);
    let rotations = 0;
    for (let p = 0; p < k - 1; p++) {
      for (let q = p + 1; q < k; q++) {
        const product = dot(x, p * n, q * n, n);
        const a = squares[p];
        const b = squares[q];
        if (!(Math.abs(product) > tolerance * Math.sqrt(a * b))) continue;
        rotations++;
        const zeta = (b - a) / (2 * product);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + t * t);
        rotate(x, p * n, q * n, n, c, c * t);
        rotate(w, p * k, q * k, k, c, c * t);
        squares[p] = a - t * product;
        squares[q] = b + t * product;
      }
    }
    if (rotations === 0) return sweep;
  }
  return MAX_SWEEPS;
}

/** The triangle of an m-row QR, transposed: column j holds row j of R. Column-major [n, rank]. */
function transposedTriangle({ factors, m, n, rank }: Qr): Float64Array {
  const x = new Float64Array(n * rank);
  for (let column = 0; column < n; column++) {
    for (let row = 0; row <= Math.min(column, rank - 1); row++) x[row * n + column] = factors[column * m + row];
  }
  return x;
}

/**
 * Extends the first `have` orthonormal columns of c, column-major [length, want], to `want` of them:
 * Householder's Q is orthonormal whatever it factors, and its further columns span the rest.
 */
function complete(c: Float64Array, length: number, have: number, want: number): void {
  if (have === want) return;
  const q = thinQ(householderQr(c.slice(0, length * have), length, have), want);
  c.set(q.subarray(length * have), length * have);
}

/** SVD of a tall matrix, m ≥ n. @param a column-major [m,n], overwritten. Factors column-major. */
function tallSvd(a: Float64Array, m: number, n: number): { left: Float64Array; s: Float64Array; right: Float64Array } {
  const qr = pivotedQr(a, m, n);
  const k = qr.rank;
  const x = transposedTriangle(qr);
  const w = new Float64Array(k * k);
  for (let j = 0; j < k; j++) w[j * k + j] = 1;
  orthogonalise(x, n, w, k);

  // x = U Σ now, and A = Q (U Σ Wᵀ)ᵀ Pᵀ = (Q W) Σ (P U)ᵀ.
  const norms = Float64Array.from({ length: k }, (_, j) => Math.sqrt(dot(x, j * n, j * n, n)));
  const order = Array.from(norms.keys()).sort((i, j) => norms[j] - norms[i]);
  const s = new Float64Array(n);
  const left = new Float64Array(m * n);
  const right = new Float64Array(n * n);
  order.forEach((from, to) => {
    s[to] = norms[from];
    for (let i = 0; i < k; i++) left[to * m + i] = w[from * k + i];
    for (let i = 0; i < n; i++) right[to * n + qr.pivots[i]] = x[from * n + i] / norms[from];
  });
  applyQ(qr, left, k);
  complete(left, m, k, n);
  complete(right, n, k, n);
  return { left, s, right };
}

/** Column-major [m,n] to row-major, or the other way round for the transpose. */
function transposed(a: ArrayLike<number>, rows: number, cols: number): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let j = 0; j < cols; j++) for (let i = 0; i < rows; i++) out[j * rows + i] = a[i * cols + j];
  return out;
}

/**
 * The full thin SVD of a row-major matrix, float64. Singular vectors are orthonormal to rounding for every
 * input, zero and rank-deficient ones included; those of equal singular values are free up to a rotation.
 * @throws RangeError for a number that is not finite
 */
export function jacobiSvd(a: ArrayLike<number>, rows: number, cols: number): Svd {
  if (a.length !== rows * cols) throw new RangeError(`A ${rows} x ${cols} matrix has ${rows * cols} entries, not ${a.length}.`);
  for (let i = 0; i < a.length; i++) if (!Number.isFinite(a[i])) throw new RangeError(`Entry ${i} of the matrix is ${a[i]}; the SVD needs finite numbers.`);
  const rank = Math.min(rows, cols);
  const wide = rows < cols;
  // A row-major wide matrix is its transpose, tall and column-major, as it lies.
  const { left, s, right } = tallSvd(wide ? Float64Array.from(a) : transposed(a, rows, cols), Math.max(rows, cols), rank);
  const [u, v] = wide ? [right, left] : [left, right];
  return { rows, cols, rank, u: transposed(u, rank, rows), s, v: transposed(v, rank, cols) };
}

/** The best rank-r approximation as two float32 factors: L = up · down, up = U·diag(s) [rows,r], down = Vᵀ [r,cols]. */
export function lowRank({ rows, cols, rank, u, s, v }: Svd, r: number): { up: Float32Array; down: Float32Array } {
  const kept = Math.min(r, rank);
  const up = new Float32Array(rows * kept);
  const down = new Float32Array(kept * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < kept; j++) up[i * kept + j] = u[i * rank + j] * s[j];
  for (let j = 0; j < kept; j++) for (let k = 0; k < cols; k++) down[j * cols + k] = v[k * rank + j];
  return { up, down };
}
