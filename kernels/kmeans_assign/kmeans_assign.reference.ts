import type { Dims } from '../define';
import { doubles } from '../product';

/** x: [H,N,D], c: [H,C,D]. Gives labels: [H,N], by float64 squared distances, ties to the lower index. */
export function kmeansAssignReference({ x, c }: { x: Float32Array; c: Float32Array }, { H, N, C, D }: Dims): { labels: Uint32Array } {
  const labels = new Uint32Array(H * N);
  const [points, centers] = [doubles(x), doubles(c)];
  for (let h = 0; h < H; h++) {
    for (let i = h * N; i < (h + 1) * N; i++) {
      let nearest = Infinity;
      for (let j = 0; j < C; j++) {
        const [a, b] = [i * D, (h * C + j) * D];
        let distance = 0;
        for (let d = 0; d < D; d++) {
          const step = points[a + d] - centers[b + d];
          distance += step * step;
        }
        if (distance < nearest) {
          nearest = distance;
          labels[i] = j;
        }
      }
    }
  }
  return { labels };
}
