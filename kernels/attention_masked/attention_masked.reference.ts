import type { Dims, Scalars } from '../define';
import { keeps, maskOf, placesOf } from '../formats/video-mask';
import { RowPair } from '../softmax';

interface Inputs {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
  readonly tiles: Uint32Array;
}

/** q, k, v: [H,N,D], tiles: [ceil(N/B),ceil(N/B)]. Gives o: [H,N,D] and lse: [H,N], with float64 sums. */
export function attentionMaskedReference({ q, k, v, tiles }: Inputs, dims: Dims, scalars: Scalars): { o: Float32Array; lse: Float32Array } {
  const { H, N, D, B } = dims;
  const mask = maskOf(dims, scalars);
  const places = placesOf(mask);
  const side = Math.ceil(N / B);
  const [o, lse] = [new Float32Array(H * N * D), new Float32Array(H * N)];
  const pair = new RowPair(q, k, v, { M: N, D, scale: scalars.scale });
  const [keys, seen] = [new Uint32Array(N), new Uint8Array(N)];
  const sees = (state: number, query: number, key: number): boolean => state === 1 || (state === 2 && keeps(mask.band, places[query], places[key]));
  for (let n = 0; n < N; n += 2) {
    const other = Math.min(n + 1, N - 1);
    // The keys that either of the two rows sees; bit 0 for the first, bit 1 for the second.
    let count = 0;
    for (let t = 0; t < side; t++) {
      const [mine, theirs] = [tiles[Math.floor(n / B) * side + t], tiles[Math.floor(other / B) * side + t]];
      if (mine === 0 && theirs === 0) continue;
      for (let key = t * B; key < Math.min((t + 1) * B, N); key++) {
        const bits = (sees(mine, n, key) ? 1 : 0) | (sees(theirs, other, key) ? 2 : 0);
        if (bits === 0) continue;
        keys[count] = key;
        seen[count++] = bits;
      }
    }
    for (let h = 0; h < H; h++) {
      const [a, b] = [h * N + n, h * N + other];
      pair.score(a, b, h * N, keys, count);
      lse[a] = pair.softmax(0, count, seen);
      lse[b] = pair.softmax(1, count, seen);
      pair.mix(o, a, b);
    }
  }
  return { o, lse };
}
