import type { Dims, Scalars } from '../define';
import { keeps, maskOf, placesOf } from '../formats/video-mask';
import { attendRow } from '../softmax';

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
  const [seen, scores] = [new Uint32Array(N), new Float64Array(N)];
  for (let n = 0; n < N; n++) {
    let count = 0;
    for (let j = 0; j < N; j++) {
      const state = tiles[Math.floor(n / B) * side + Math.floor(j / B)];
      if (state === 1 || (state === 2 && keeps(mask.band, places[n], places[j]))) seen[count++] = j;
    }
    for (let h = 0; h < H; h++) {
      const at = (h * N + n) * D;
      lse[h * N + n] = attendRow(q, k, v, o, at, at, seen, count, scores, { first: h * N, D, scale: scalars.scale });
    }
  }
  return { o, lse };
}
