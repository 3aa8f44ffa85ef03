import type { Dims } from '../define';
import { doubles } from '../product';

/**
 * x: [H,N,D], c: [H,C,D]. Gives labels: [H,N], by float64 squared distances, ties to the lower index. Two points meet two
 * centroids at a time, so that four sums share four loads; the last repeats where there is none left, and being no nearer
 * than itself never wins.
 */
export function kmeansAssignReference({ x, c }: { x: Float32Array; c: Float32Array }, { H, N, C, D }: Dims): { labels: Uint32Array } {
  const labels = new Uint32Array(H * N);
  const [points, centers] = [doubles(x), doubles(c)];
  for (let h = 0; h < H; h++) {
    for (let i = 0; i < N; i += 2) {
      const a = h * N + i, b = h * N + Math.min(i + 1, N - 1);
      const a0 = a * D, b0 = b * D;
      let nearestA = Infinity, nearestB = Infinity, labelA = 0, labelB = 0;
      for (let j = 0; j < C; j += 2) {
        const c0 = (h * C + j) * D, c1 = (h * C + Math.min(j + 1, C - 1)) * D;
        let s00 = 0, s01 = 0, s10 = 0, s11 = 0;
        for (let d = 0; d < D; d++) {
          const p = points[a0 + d], q = points[b0 + d], r = centers[c0 + d], t = centers[c1 + d];
          const d00 = p - r, d01 = p - t, d10 = q - r, d11 = q - t;
          s00 += d00 * d00; s01 += d01 * d01; s10 += d10 * d10; s11 += d11 * d11;
        }
        if (s00 < nearestA) { nearestA = s00; labelA = j; }
        if (s01 < nearestA) { nearestA = s01; labelA = j + 1; }
        if (s10 < nearestB) { nearestB = s10; labelB = j; }
        if (s11 < nearestB) { nearestB = s11; labelB = j + 1; }
      }
      labels[b] = labelB;
      labels[a] = labelA;
    }
  }
  return { labels };
}
