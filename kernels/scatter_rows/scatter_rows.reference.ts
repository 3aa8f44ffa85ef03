import type { Dims } from '../define';

/** x: [H,N,D], order: [H,N], a permutation of each head's rows. Gives y: [H,N,D]. */
export function scatterRowsReference({ x, order }: { x: Float32Array; order: Uint32Array }, { H, N, D }: Dims): { y: Float32Array } {
  const y = new Float32Array(H * N * D);
  for (let row = 0; row < H * N; row++) y.set(x.subarray(row * D, (row + 1) * D), (Math.floor(row / N) * N + order[row]) * D);
  return { y };
}
