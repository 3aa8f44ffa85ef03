import type { Dims, Scalars } from '../define';
import { RowPair } from '../softmax';

interface Inputs {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
  readonly queries: Uint32Array;
  readonly keys: Uint32Array;
  readonly list: Uint32Array;
}

/** q: [H,N,D], k and v: [H,M,D], queries: [H,Cq+1], keys: [H,Ck+1], list: [H,Cq,Ck]. Gives o: [H,N,D] and lse: [H,N]. */
export function attentionBlocksReference({ q, k, v, queries, keys, list }: Inputs, { H, N, M, Cq, Ck, D }: Dims, { scale }: Scalars): { o: Float32Array; lse: Float32Array } {
  const [o, lse] = [new Float32Array(H * N * D), new Float32Array(H * N)];
  const [pair, seen] = [new RowPair(q, k, v, { M, D, scale }), new Uint32Array(M)];
  for (let h = 0; h < H; h++) {
    for (let i = 0; i < Cq; i++) {
      let count = 0;
      for (let e = (h * Cq + i) * Ck; e < (h * Cq + i + 1) * Ck && list[e] < Ck; e++) {
        const at = h * (Ck + 1) + list[e];
        for (let j = keys[at]; j < keys[at + 1]; j++) seen[count++] = j;
      }
      const from = h * (Cq + 1) + i;
      for (let n = queries[from]; n < queries[from + 1]; n += 2) {
        const [a, b] = [h * N + n, h * N + Math.min(n + 1, queries[from + 1] - 1)];
        pair.score(a, b, h * M, seen, count);
        lse[a] = pair.softmax(0, count);
        lse[b] = pair.softmax(1, count);
        pair.mix(o, a, b);
      }
    }
  }
  return { o, lse };
}
