import type { Dims } from '../define';

/** C = A B with float64 sums. a: [M,K], b: [K,N], both row-major. */
export function matmulReference({ a, b }: { a: Float32Array; b: Float32Array }, { M, N, K }: Dims): { c: Float32Array } {
  const c = new Float32Array(M * N);
  const row = new Float64Array(N);
  for (let i = 0; i < M; i++) {
    row.fill(0);
    for (let k = 0; k < K; k++) {
      const aik = a[i * K + k];
      const offset = k * N;
      for (let j = 0; j < N; j++) row[j] += aik * b[offset + j];
    }
    c.set(row, i * N);
  }
  return { c };
}
