import type { Dims } from '../define';

interface Inputs {
  readonly x: Float32Array;
  readonly order: Uint32Array;
  readonly offsets: Uint32Array;
  readonly centers: Float32Array;
}

/** x: [H,N,D], order: [H,N], offsets: [H,C+1], centers: [H,C,D]. Gives next: [H,C,D] and shift: [H,C], with float64 sums. */
export function segmentMeanReference({ x, order, offsets, centers }: Inputs, { H, N, C, D }: Dims): { next: Float32Array; shift: Float32Array } {
  const [next, shift] = [Float32Array.from(centers), new Float32Array(H * C)];
  const sum = new Float64Array(D);
  for (let h = 0; h < H; h++) {
    for (let j = 0; j < C; j++) {
      const [begin, end] = [offsets[h * (C + 1) + j], offsets[h * (C + 1) + j + 1]];
      if (end <= begin) continue;
      sum.fill(0);
      for (let i = begin; i < end; i++) {
        const from = (h * N + order[h * N + i]) * D;
        for (let d = 0; d < D; d++) sum[d] += x[from + d];
      }
      let moved = 0;
      const to = (h * C + j) * D;
      for (let d = 0; d < D; d++) {
        const mean = sum[d] / (end - begin);
        moved += (mean - centers[to + d]) ** 2;
        next[to + d] = mean;
      }
      shift[h * C + j] = moved;
    }
  }
  return { next, shift };
}
