import type { Dims, Scalars } from '../define';
import { attendRow, upTo } from '../softmax';

interface Inputs {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

/** q: [H,N,D], k and v: [H,M,D]. Gives o: [H,N,D] and lse: [H,N], with float64 sums. */
export function attentionReference({ q, k, v }: Inputs, { H, N, M, D }: Dims, { scale, causal }: Scalars): { o: Float32Array; lse: Float32Array } {
  const [o, lse] = [new Float32Array(H * N * D), new Float32Array(H * N)];
  const [keys, scores] = [upTo(M), new Float64Array(M)];
  for (let h = 0; h < H; h++) {
    for (let n = 0; n < N; n++) {
      const at = (h * N + n) * D;
      lse[h * N + n] = attendRow(q, k, v, o, at, at, keys, causal ? Math.min(M, n + 1) : M, scores, { first: h * M, D, scale });
    }
  }
  return { o, lse };
}
