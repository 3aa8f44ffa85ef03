import type { Dims } from '../define';

/** Sum of squared differences of each row. a, b: [M,N], s: [M]. */
export function differenceSquaresReference({ a, b }: { a: Float32Array; b: Float32Array }, { M, N }: Dims): { s: Float32Array } {
  const s = new Float32Array(M);
  for (let i = 0; i < M; i++) {
    let sum = 0;
    for (let j = i * N; j < (i + 1) * N; j++) {
      const d = a[j] - b[j];
      sum += d * d;
    }
    s[i] = sum;
  }
  return { s };
}
