/** The float64 products behind the references of every matrix kernel. */

/**
 * A Bᵀ with float64 sums. a: [M,K], b: [N,K], result: [M,N], all row-major.
 * Two rows of A meet four rows of B at a time, so that eight sums share six loads.
 */
export function productNT(a: Float64Array, b: Float64Array, M: number, N: number, K: number): Float64Array {
  const c = new Float64Array(M * N);
  const [evenM, fourN] = [M - (M % 2), N - (N % 4)];
  for (let i = 0; i < evenM; i += 2) {
    const a0 = i * K, a1 = a0 + K;
    for (let j = 0; j < fourN; j += 4) {
      const b0 = j * K, b1 = b0 + K, b2 = b1 + K, b3 = b2 + K;
      let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0;
      for (let k = 0; k < K; k++) {
        const x = a[a0 + k], y = a[a1 + k];
        const p = b[b0 + k], q = b[b1 + k], r = b[b2 + k], t = b[b3 + k];
        s00 += x * p; s01 += x * q; s02 += x * r; s03 += x * t;
        s10 += y * p; s11 += y * q; s12 += y * r; s13 += y * t;
      }
      const c0 = i * N + j, c1 = c0 + N;
      c[c0] = s00; c[c0 + 1] = s01; c[c0 + 2] = s02; c[c0 + 3] = s03;
      c[c1] = s10; c[c1 + 1] = s11; c[c1 + 2] = s12; c[c1 + 3] = s13;
    }
  }
  const one = (i: number, j: number): void => {
    let s = 0;
    for (let k = 0; k < K; k++) s += a[i * K + k] * b[j * K + k];
    c[i * N + j] = s;
  };
  for (let i = 0; i < evenM; i++) for (let j = fourN; j < N; j++) one(i, j);
  for (let i = evenM; i < M; i++) for (let j = 0; j < N; j++) one(i, j);
  return c;
}

/** A[M,N] -> Aᵀ[N,M], as float64. */
export function transposed(a: Float32Array | Float64Array, M: number, N: number): Float64Array {
  const b = new Float64Array(a.length);
  for (let i = 0; i < M; i++) for (let j = 0; j < N; j++) b[j * M + i] = a[i * N + j];
  return b;
}

/** A plain copy in float64: typed loads of one width keep the inner loop free of conversions. */
export const doubles = (x: Float32Array): Float64Array => new Float64Array(x);
