import type { Dims } from '../define';

/** B = Aᵀ. a: [M,N], b: [N,M]. */
export function transposeReference({ a }: { a: Float32Array }, { M, N }: Dims): { b: Float32Array } {
  const b = new Float32Array(M * N);
  for (let i = 0; i < M; i++) for (let j = 0; j < N; j++) b[j * M + i] = a[i * N + j];
  return { b };
}
