/** Cholesky factors and the inverse of a symmetric positive definite matrix, float64, row-major. */

/** A pivot was not positive: the matrix is not positive definite to rounding. */
export class NotPositiveDefinite extends Error {
  override readonly name = 'NotPositiveDefinite';
  constructor(readonly column: number) {
    super(`The matrix is not positive definite (pivot ${column}).`);
  }
}

/** Lower L [n,n] with A = L Lᵀ; reads the lower triangle. @throws NotPositiveDefinite */
export function choleskyLower(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i > j) l[i * n + j] = sum / l[j * n + j];
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else throw new NotPositiveDefinite(i);
    }
  }
  return l;
}

/** Upper U with A = Uᵀ U (torch.linalg.cholesky(A, upper=True)). @throws NotPositiveDefinite */
export function choleskyUpper(a: Float64Array, n: number): Float64Array {
  const l = choleskyLower(a, n);
  const u = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) u[i * n + j] = l[j * n + i];
  return u;
}

/** A⁻¹ = L⁻ᵀ L⁻¹ (torch.cholesky_inverse). @throws NotPositiveDefinite */
export function inversePositiveDefinite(a: Float64Array, n: number): Float64Array {
  const l = choleskyLower(a, n);
  // Rows of m are columns of L⁻¹, so that the products below run along rows.
  const m = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    m[column * n + column] = 1 / l[column * n + column];
    for (let i = column + 1; i < n; i++) {
      let sum = 0;
      for (let k = column; k < i; k++) sum -= l[i * n + k] * m[column * n + k];
      m[column * n + i] = sum / l[i * n + i];
    }
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += m[i * n + k] * m[j * n + k];
      inverse[i * n + j] = inverse[j * n + i] = sum;
    }
  }
  return inverse;
}
