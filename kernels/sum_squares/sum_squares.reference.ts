import type { Dims } from '../define';

/** Sum of squares of each row. x: [M,N], s: [M]. */
export function sumSquaresReference({ x }: { x: Float32Array }, { M, N }: Dims): { s: Float32Array } {
  const s = new Float32Array(M);
  for (let i = 0; i < M; i++) {
    let sum = 0;
    for (let j = i * N; j < (i + 1) * N; j++) sum += x[j] * x[j];
    s[i] = sum;
  }
  return { s };
}
