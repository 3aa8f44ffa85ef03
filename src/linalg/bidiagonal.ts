/**
 * Right singular vectors by bidiagonalisation and implicit QR steps (Golub and Reinsch 1970; Golub and Van Loan,
 * Matrix Computations, 5.4.8 and 8.6.2), float64. They start the Jacobi method, which then has little left to do
 * and vouches for the result: nothing here needs to be more than nearly right.
 */

import { makeReflector, reflect, thinQ } from './qr';

/** Steps per singular value before the rest is left to Jacobi; two are usual. */
const STEPS_PER_VALUE = 12;

interface Bidiagonal {
  /** Diagonal, and the one above it (its last entry is 0). */
  readonly d: Float64Array;
  readonly e: Float64Array;
  /** The right orthogonal factor, column-major [k,k]. */
  readonly v: Float64Array;
}

/** X = U B Vᵀ, without U. @param x column-major [n,k], n ≥ k, overwritten */
function bidiagonalise(x: Float64Array, n: number, k: number): Bidiagonal {
  const d = new Float64Array(k);
  const e = new Float64Array(k);
  const rows = new Float64Array(k * k); // the right reflectors, each a column from its diagonal on
  const tau = new Float64Array(k);
  const y = new Float64Array(n);
  for (let j = 0; j < k; j++) {
    reflect(x, j, n, makeReflector(x, j, n), x, j + 1, k);
    d[j] = x[j * n + j];
    if (j + 1 === k) break;
    for (let c = j + 1; c < k; c++) rows[(j + 1) * k + c] = x[c * n + j];
    tau[j + 1] = makeReflector(rows, j + 1, k);
    e[j] = rows[(j + 1) * k + j + 1];
    reflectRows(x, n, k, j + 1, rows, tau[j + 1], y);
  }
  return { d, e, v: thinQ({ m: k, n: k, rank: k, factors: rows, tau, pivots: new Int32Array(0) }) };
}

/** Rows ≥ j of X ← X (I − τ v vᵀ), v = column j of `f` from j on with v[j] = 1: two passes over contiguous columns. */
function reflectRows(x: Float64Array, n: number, k: number, j: number, f: Float64Array, tau: number, y: Float64Array): void {
  if (tau === 0) return;
  for (let i = j; i < n; i++) y[i] = x[j * n + i];
  let c = j + 1;
  for (; c + 4 <= k; c += 4) {
    const v0 = f[j * k + c];
    const v1 = f[j * k + c + 1];
    const v2 = f[j * k + c + 2];
    const v3 = f[j * k + c + 3];
    const at = c * n;
    for (let i = j; i < n; i++) y[i] += v0 * x[at + i] + v1 * x[at + n + i] + (v2 * x[at + 2 * n + i] + v3 * x[at + 3 * n + i]);
  }
  for (; c < k; c++) for (let i = j; i < n; i++) y[i] += f[j * k + c] * x[c * n + i];
  for (c = j; c < k; c++) {
    const scale = tau * (c === j ? 1 : f[j * k + c]);
    const at = c * n;
    for (let i = j; i < n; i++) x[at + i] -= scale * y[i];
  }
}

/** (p, q) ← (c p − s q, s p + c q) on `length` numbers each. */
export function rotate(a: Float64Array, p: number, q: number, length: number, c: number, s: number): void {
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const x0 = a[p + i];
    const x1 = a[p + i + 1];
    const x2 = a[p + i + 2];
    const x3 = a[p + i + 3];
    const y0 = a[q + i];
    const y1 = a[q + i + 1];
    const y2 = a[q + i + 2];
    const y3 = a[q + i + 3];
    a[p + i] = c * x0 - s * y0;
    a[p + i + 1] = c * x1 - s * y1;
    a[p + i + 2] = c * x2 - s * y2;
    a[p + i + 3] = c * x3 - s * y3;
    a[q + i] = s * x0 + c * y0;
    a[q + i + 1] = s * x1 + c * y1;
    a[q + i + 2] = s * x2 + c * y2;
    a[q + i + 3] = s * x3 + c * y3;
  }
  for (; i < length; i++) {
    const x = a[p + i];
    const y = a[q + i];
    a[p + i] = c * x - s * y;
    a[q + i] = s * x + c * y;
  }
}

/** The eigenvalue of the last 2 x 2 block of BᵀB nearer to its corner (Wilkinson's shift). */
function shiftOf(d: Float64Array, e: Float64Array, low: number, high: number): number {
  const above = high - 1 > low ? e[high - 2] : 0;
  const t11 = d[high - 1] ** 2 + above ** 2;
  const t22 = d[high] ** 2 + e[high - 1] ** 2;
  const t12 = d[high - 1] * e[high - 1];
  const half = (t11 - t22) / 2;
  const root = Math.sqrt(half * half + t12 * t12);
  return root === 0 ? t22 : t22 - (t12 * t12) / (half + (half < 0 ? -root : root));
}

/** One implicit QR step on the block low … high; its right rotations go into v. */
function step({ d, e, v }: Bidiagonal, k: number, low: number, high: number): void {
  let y = d[low] ** 2 - shiftOf(d, e, low, high);
  let z = d[low] * e[low];
  for (let i = low; i < high; i++) {
    let r = Math.sqrt(y * y + z * z); // the matrix is scaled to about 1: no overflow
    let c = r === 0 ? 1 : y / r;
    let s = r === 0 ? 0 : z / r;
    if (i > low) e[i - 1] = r;
    rotate(v, i * k, (i + 1) * k, k, c, -s);
    y = c * d[i] + s * e[i];
    e[i] = c * e[i] - s * d[i];
    z = s * d[i + 1];
    d[i + 1] *= c;
    r = Math.sqrt(y * y + z * z);
    c = r === 0 ? 1 : y / r;
    s = r === 0 ? 0 : z / r;
    d[i] = r;
    y = c * e[i] + s * d[i + 1];
    d[i + 1] = c * d[i + 1] - s * e[i];
    e[i] = y;
    if (i + 1 < high) {
      z = s * e[i + 1];
      e[i + 1] *= c;
    }
  }
}

/** Row rotations that clear e[i] where d[i] is negligible. They do not touch v. */
function clearRow({ d, e }: Bidiagonal, i: number, high: number): void {
  let f = e[i];
  e[i] = 0;
  for (let j = i + 1; j <= high && f !== 0; j++) {
    const r = Math.sqrt(d[j] * d[j] + f * f);
    if (r === 0) return;
    const c = d[j] / r;
    const s = f / r;
    d[j] = r;
    f = -s * e[j];
    e[j] *= c;
  }
}

/**
 * V, column-major [k,k], such that the columns of X V are orthogonal or nearly so.
 * @param x column-major [n,k], n ≥ k; not changed
 */
export function rightVectors(x: Float64Array, n: number, k: number): Float64Array {
  const b = bidiagonalise(x.slice(), n, k);
  const { d, e } = b;
  let norm = 0;
  for (let i = 0; i < k; i++) norm = Math.max(norm, Math.abs(d[i]) + Math.abs(e[i]));
  const negligible = Number.EPSILON * norm;
  let high = k - 1;
  for (let budget = STEPS_PER_VALUE * k; high > 0 && budget > 0; budget--) {
    let low = high;
    while (low > 0 && Math.abs(e[low - 1]) > negligible) {
      low--;
      if (Math.abs(d[low]) <= negligible) clearRow(b, low, high);
    }
    // clearRow may have split the block: take its last part.
    let begin = high;
    while (begin > low && Math.abs(e[begin - 1]) > negligible) begin--;
    if (begin === high) high--;
    else step(b, k, begin, high);
  }
  return b.v;
}
