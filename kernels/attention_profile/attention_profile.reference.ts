import type { Dims, Scalars } from '../define';
import { keeps, maskOf, placesOf } from '../formats/video-mask';
import { LOWEST, RowPair, upTo } from '../softmax';

interface Inputs {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
  readonly rows: Uint32Array;
}

/** q, k, v: [H,N,D], rows: [R]. Gives o: [3,H,R,D] (dense, spatial, temporal) and mass: [2,H,R], with float64 sums. */
export function attentionProfileReference({ q, k, v, rows }: Inputs, dims: Dims, scalars: Scalars): { o: Float32Array; mass: Float32Array } {
  const { H, N, D, R } = dims;
  const [o, mass] = [new Float32Array(3 * H * R * D), new Float32Array(2 * H * R)];
  const [pair, keys] = [new RowPair(q, k, v, { M: N, D, scale: scalars.scale }), upTo(N)];
  const masks = [0, 1].map((bandOrder) => ({ places: placesOf(maskOf(dims, { ...scalars, bandOrder })), seen: new Uint8Array(N) }));
  const share = (lse: number, whole: number): number => (lse === LOWEST ? 0 : Math.exp(lse - whole));
  for (let r = 0; r < R; r += 2) {
    const other = Math.min(r + 1, R - 1);
    for (const { places, seen } of masks) {
      const [mine, theirs] = [places[rows[r]], places[rows[other]]];
      for (let j = 0; j < N; j++) seen[j] = (keeps(scalars.band, mine, places[j]) ? 1 : 0) | (keeps(scalars.band, theirs, places[j]) ? 2 : 0);
    }
    for (let h = 0; h < H; h++) {
      const [a, b] = [h * R + r, h * R + other];
      pair.score(h * N + rows[r], h * N + rows[other], h * N, keys, N);
      const whole = [pair.softmax(0, N), pair.softmax(1, N)];
      pair.mix(o, a, b);
      for (const [m, { seen }] of masks.entries()) {
        mass[m * H * R + a] = share(pair.softmax(0, N, seen), whole[0]);
        mass[m * H * R + b] = share(pair.softmax(1, N, seen), whole[1]);
        pair.mix(o, (m + 1) * H * R + a, (m + 1) * H * R + b);
      }
    }
  }
  return { o, mass };
}
