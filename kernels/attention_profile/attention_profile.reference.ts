import type { Dims, Scalars } from '../define';
import { keeps, maskOf, placesOf, type Place } from '../formats/video-mask';
import { attendRow, LOWEST } from '../softmax';

interface Inputs {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
  readonly rows: Uint32Array;
}

/** q, k, v: [H,N,D], rows: [R]. Gives o: [3,H,R,D] (dense, spatial, temporal) and mass: [2,H,R], with float64 sums. */
export function attentionProfileReference({ q, k, v, rows }: Inputs, dims: Dims, scalars: Scalars): { o: Float32Array; mass: Float32Array } {
  const { H, N, D, R } = dims;
  const places: readonly (readonly Place[] | undefined)[] = [undefined, 0, 1].map((bandOrder) => (bandOrder === undefined ? undefined : placesOf(maskOf(dims, { ...scalars, bandOrder }))));
  const [o, mass] = [new Float32Array(3 * H * R * D), new Float32Array(2 * H * R)];
  const [seen, scores] = [new Uint32Array(N), new Float64Array(N)];
  for (let h = 0; h < H; h++) {
    for (let r = 0; r < R; r++) {
      let whole = 0;
      for (const [m, place] of places.entries()) {
        let count = 0;
        for (let j = 0; j < N; j++) if (!place || keeps(scalars.band, place[rows[r]], place[j])) seen[count++] = j;
        const lse = attendRow(q, k, v, o, (h * N + rows[r]) * D, ((m * H + h) * R + r) * D, seen, count, scores, { first: h * N, D, scale: scalars.scale });
        if (m === 0) whole = lse;
        else mass[((m - 1) * H + h) * R + r] = lse === LOWEST ? 0 : Math.exp(lse - whole);
      }
    }
  }
  return { o, mass };
}
