import type { Dims } from '../define';

/** delta: [T,N], x: [T,K]. Gives f: [N,K], the mean over t of delta² x². */
export function fisherDiagonalReference({ delta, x }: { delta: Float32Array; x: Float32Array }, { T, N, K }: Dims): { f: Float32Array } {
  const sums = new Float64Array(N * K);
  const squares = new Float64Array(K);
  for (let t = 0; t < T; t++) {
    for (let k = 0; k < K; k++) squares[k] = x[t * K + k] ** 2;
    for (let n = 0; n < N; n++) {
      const d = delta[t * N + n] ** 2;
      if (d === 0) continue;
      for (let k = 0; k < K; k++) sums[n * K + k] += d * squares[k];
    }
  }
  return { f: Float32Array.from(sums, (sum) => sum / T) };
}
