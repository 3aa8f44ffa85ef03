import type { Dims } from '../define';

/** x: [H,N,D], order: [H,M], below N. Gives y: [H,M,D]. */
export function gatherRowsReference({ x, order }: { x: Float32Array; order: Uint32Array }, { H, N, M, D }: Dims): { y: Float32Array } {
  const y = new Float32Array(H * M * D);
  for (let row = 0; row < H * M; row++) {
    const from = (Math.floor(row / M) * N + order[row]) * D;
    y.set(x.subarray(from, from + D), row * D);
  }
  return { y };
}
