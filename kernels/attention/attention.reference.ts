import type { Dims, Scalars } from '../define';
import { RowPair, upTo } from '../softmax';

interface Inputs {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
}

/** q: [H,N,D], k and v: [H,M,D]. Gives o: [H,N,D] and lse: [H,N], with float64 sums. */
export function attentionReference({ q, k, v }: Inputs, { H, N, M, D }: Dims, { scale, causal }: Scalars): { o: Float32Array; lse: Float32Array } {
  const [o, lse] = [new Float32Array(H * N * D), new Float32Array(H * N)];
  const [pair, keys] = [new RowPair(q, k, v, { M, D, scale }), upTo(M)];
  const end = (n: number): number => (causal ? Math.min(M, n + 1) : M);
  for (let h = 0; h < H; h++) {
    for (let n = 0; n < N; n += 2) {
      const other = Math.min(n + 1, N - 1);
      const [a, b] = [h * N + n, h * N + other];
      pair.score(a, b, h * M, keys, end(other));
      lse[a] = pair.softmax(0, end(n));
      lse[b] = pair.softmax(1, end(other));
      pair.mix(o, a, b);
    }
  }
  return { o, lse };
}
