/**
 * Householder QR in float64 (Golub and Van Loan, Matrix Computations, 5.2 and 5.4). Matrices are column-major here:
 * column j of an m-row matrix starts at j·m, so that every inner loop walks contiguous numbers.
 */

export interface Qr {
  readonly m: number;
  readonly n: number;
  /** Columns actually factored: min(m, n), or fewer where the rest is negligible (pivoted only). */
  readonly rank: number;
  /** R in the upper triangle; below it the Householder vectors, whose leading 1 is implied. */
  readonly factors: Float64Array;
  readonly tau: Float64Array;
  /** Column j of the factors is column pivots[j] of the matrix. */
  readonly pivots: Int32Array;
}

/** C ← (I − τ v vᵀ) C for columns from..to, with v = column j of `f` from row j on, v[j] = 1. Four columns share each load of v. */
export function reflect(f: Float64Array, j: number, m: number, tau: number, c: Float64Array, from: number, to: number): void {
  const v = j * m;
  let column = from;
  for (; column + 4 <= to; column += 4) {
    const [a, b, d, e] = [column * m, (column + 1) * m, (column + 2) * m, (column + 3) * m];
    let [sa, sb, sd, se] = [c[a + j], c[b + j], c[d + j], c[e + j]];
    for (let i = j + 1; i < m; i++) {
      const vi = f[v + i];
      sa += vi * c[a + i];
      sb += vi * c[b + i];
      sd += vi * c[d + i];
      se += vi * c[e + i];
    }
    sa *= tau; sb *= tau; sd *= tau; se *= tau;
    c[a + j] -= sa; c[b + j] -= sb; c[d + j] -= sd; c[e + j] -= se;
    for (let i = j + 1; i < m; i++) {
      const vi = f[v + i];
      c[a + i] -= sa * vi;
      c[b + i] -= sb * vi;
      c[d + i] -= sd * vi;
      c[e + i] -= se * vi;
    }
  }
  for (; column < to; column++) {
    const a = column * m;
    let s = c[a + j];
    for (let i = j + 1; i < m; i++) s += f[v + i] * c[a + i];
    s *= tau;
    c[a + j] -= s;
    for (let i = j + 1; i < m; i++) c[a + i] -= s * f[v + i];
  }
}

const tailNorm = (f: Float64Array, begin: number, end: number): number => {
  let sum = 0;
  for (let i = begin; i < end; i++) sum += f[i] * f[i];
  return Math.sqrt(sum);
};

/** Turns column j from row j on into (β, v) with H·x = β e₁; returns τ, 0 for a column of zeros. */
export function makeReflector(f: Float64Array, j: number, m: number): number {
  const at = j * m + j;
  const norm = tailNorm(f, at, j * m + m);
  if (norm === 0) return 0;
  const head = f[at];
  const beta = head > 0 ? -norm : norm;
  const scale = 1 / (head - beta);
  for (let i = at + 1; i < j * m + m; i++) f[i] *= scale;
  f[at] = beta;
  return (beta - head) / beta;
}

function swapColumns(f: Float64Array, m: number, i: number, j: number): void {
  for (let k = 0; k < m; k++) {
    const held = f[i * m + k];
    f[i * m + k] = f[j * m + k];
    f[j * m + k] = held;
  }
}

/**
 * A P = Q R with column pivoting; stops where the rest of the matrix is below rounding.
 * @param a column-major [m,n], overwritten
 */
export function pivotedQr(a: Float64Array, m: number, n: number): Qr {
  const steps = Math.min(m, n);
  const tau = new Float64Array(steps);
  const pivots = Int32Array.from({ length: n }, (_, j) => j);
  const norms = Float64Array.from({ length: n }, (_, j) => tailNorm(a, j * m, j * m + m));
  const exact = norms.slice(); // each norm when it was last computed in full
  const negligible = Number.EPSILON * Math.sqrt(m) * norms.reduce((x, y) => Math.max(x, y), 0);
  for (let j = 0; j < steps; j++) {
    let best = j;
    for (let k = j + 1; k < n; k++) if (norms[k] > norms[best]) best = k;
    if (norms[best] <= negligible) return { m, n, rank: j, factors: a, tau, pivots };
    if (best !== j) {
      swapColumns(a, m, j, best);
      [pivots[j], pivots[best]] = [pivots[best], pivots[j]];
      norms[best] = norms[j];
      exact[best] = exact[j];
    }
    tau[j] = makeReflector(a, j, m);
    reflect(a, j, m, tau[j], a, j + 1, n);
    for (let k = j + 1; k < n; k++) {
      if (norms[k] === 0) continue;
      const left = Math.max(0, 1 - (a[k * m + j] / norms[k]) ** 2);
      // Downdating loses digits; below sqrt(ε) of the last full norm it must be computed anew (LAPACK xGEQPF).
      if (left * (norms[k] / exact[k]) ** 2 <= 1e-8) norms[k] = exact[k] = tailNorm(a, k * m + j + 1, k * m + m);
      else norms[k] *= Math.sqrt(left);
    }
  }
  return { m, n, rank: steps, factors: a, tau, pivots };
}

/** A = Q R without pivoting. @param a column-major [m,n], overwritten */
export function householderQr(a: Float64Array, m: number, n: number): Qr {
  const steps = Math.min(m, n);
  const tau = new Float64Array(steps);
  for (let j = 0; j < steps; j++) {
    tau[j] = makeReflector(a, j, m);
    if (tau[j] !== 0) reflect(a, j, m, tau[j], a, j + 1, n);
  }
  return { m, n, rank: steps, factors: a, tau, pivots: Int32Array.from({ length: n }, (_, j) => j) };
}

/** C ← Q C in place. @param c column-major [m,columns] */
export function applyQ(qr: Qr, c: Float64Array, columns: number): void {
  for (let j = qr.rank - 1; j >= 0; j--) if (qr.tau[j] !== 0) reflect(qr.factors, j, qr.m, qr.tau[j], c, 0, columns);
}

/** The first `columns` columns of Q, column-major [m,columns]: orthonormal also where the matrix has lost rank. */
export function thinQ(qr: Qr, columns = Math.min(qr.m, qr.n)): Float64Array {
  const q = new Float64Array(qr.m * columns);
  for (let j = 0; j < columns; j++) q[j * qr.m + j] = 1;
  // Reflector j leaves the columns before it as they are: zero from row j on.
  for (let j = qr.rank - 1; j >= 0; j--) if (qr.tau[j] !== 0) reflect(qr.factors, j, qr.m, qr.tau[j], q, j, columns);
  return q;
}
