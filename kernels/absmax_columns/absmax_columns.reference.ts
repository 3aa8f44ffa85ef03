import type { Dims } from '../define';

/** Largest |x| of each column (channel). x: [M,N], m: [N]. */
export function absmaxColumnsReference({ x }: { x: Float32Array }, { M, N }: Dims): { m: Float32Array } {
  const m = new Float32Array(N);
  for (let i = 0; i < M; i++) {
    for (let j = 0; j < N; j++) {
      const v = Math.abs(x[i * N + j]);
      if (v > m[j]) m[j] = v;
    }
  }
  return { m };
}
