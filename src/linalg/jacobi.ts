/**
 * Singular value decomposition by one-sided Jacobi rotations in float64, prepared by a pivoted QR (Drmač and
 * Veselić, "New fast and accurate Jacobi SVD algorithm I", SIAM J. Matrix Anal. 29, 2008) and by approximate right
 * vectors from a bidiagonal form: two or three sweeps then suffice, most of them without a rotation.
 */

import { rightVectors, rotate } from './bidiagonal';
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

/**
 * Rotates the columns of x, column-major [n,k], until each pair is orthogonal to rounding, and those of w,
 * column-major [k,k], along with them. Each step takes the longest column left as its pivot (de Rijk 1989), which saves sweeps.
 * @returns the columns' places in x and w, longest first
 */
function orthogonalise(x: Float64Array, n: number, w: Float64Array, k: number): Int32Array {
  const at = Int32Array.from({ length: k }, (_, j) => j);
  const squares = new Float64Array(k);
  const tolerance = Number.EPSILON * Math.sqrt(n);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    for (let j = 0; j < k; j++) squares[j] = dot(x, at[j] * n, at[j] * n, n);
    let rotations = 0;
    for (let p = 0; p < k - 1; p++) {
      let longest = p;
      for (let j = p + 1; j < k; j++) if (squares[j] > squares[longest]) longest = j;
      if (longest !== p) {
        const [start, square] = [at[p], squares[p]];
        at[p] = at[longest];
        squares[p] = squares[longest];
        at[longest] = start;
        squares[longest] = square;
      }
      for (let q = p + 1; q < k; q++) {
        const product = dot(x, at[p] * n, at[q] * n, n);
        const a = squares[p];
        const b = squares[q];
        if (!(Math.abs(product) > tolerance * Math.sqrt(a * b))) continue;
        rotations++;
        const zeta = (b - a) / (2 * product);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + t * t);
        rotate(x, at[p] * n, at[q] * n, n, c, c * t);
        rotate(w, at[p] * k, at[q] * k, k, c, c * t);
        squares[p] = a - t * product;
        squares[q] = b + t * product;
      }
    }
    if (rotations === 0) break;
  }
  return at;
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
  const triangle = transposedTriangle(qr);
  const w = rightVectors(triangle, n, k);
  const x = times(triangle, w, n, k);
  const at = orthogonalise(x, n, w, k);

  // x = Rᵀ W = U Σ now, and A = Q R Pᵀ = (Q W) Σ (P U)ᵀ.
  const s = new Float64Array(n);
  const left = new Float64Array(m * n);
  const right = new Float64Array(n * n);
  let positive = 0;
  for (let j = 0; j < k; j++) {
    const from = at[j] * n;
    s[j] = Math.sqrt(dot(x, from, from, n));
    if (s[j] > 0) positive = j + 1; // s descends, so zeros are last
    for (let i = 0; i < n && s[j] > 0; i++) right[j * n + qr.pivots[i]] = x[from + i] / s[j];
    left.set(w.subarray(at[j] * k, (at[j] + 1) * k), j * m);
  }
  applyQ(qr, left, k);
  complete(left, m, k, n);
  complete(right, n, positive, n);
  return { left, s, right };
}

/** X V: x lower triangular, column-major [n,k]; v column-major [k,k]. Four columns of x share each pass over the result. */
function times(x: Float64Array, v: Float64Array, n: number, k: number): Float64Array {
  const out = new Float64Array(n * k);
  for (let j = 0; j < k; j++) {
    const o = j * n;
    let l = 0;
    for (; l + 4 <= k; l += 4) {
      const v0 = v[j * k + l];
      const v1 = v[j * k + l + 1];
      const v2 = v[j * k + l + 2];
      const v3 = v[j * k + l + 3];
      const at = l * n;
      for (let i = l; i < n; i++) out[o + i] += v0 * x[at + i] + v1 * x[at + n + i] + (v2 * x[at + 2 * n + i] + v3 * x[at + 3 * n + i]);
    }
    for (; l < k; l++) for (let i = l; i < n; i++) out[o + i] += v[j * k + l] * x[l * n + i];
  }
  return out;
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
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i])) throw new RangeError(`Entry ${i} of the matrix is ${a[i]}; the SVD needs finite numbers.`);
    largest = Math.max(largest, Math.abs(a[i]));
  }
  // A power of two near 1/largest: products of squared norms neither overflow nor vanish, and no digit changes.
  const scale = 2 ** -Math.max(-1000, Math.min(1000, Math.round(Math.log2(largest || 1))));
  const rank = Math.min(rows, cols);
  const wide = rows < cols;
  // A row-major wide matrix is its transpose, tall and column-major, as it lies.
  const tall = wide ? Float64Array.from(a) : transposed(a, rows, cols);
  for (let i = 0; i < tall.length; i++) tall[i] *= scale;
  const { left, s, right } = tallSvd(tall, Math.max(rows, cols), rank);
  for (let k = 0; k < rank; k++) s[k] /= scale;
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
