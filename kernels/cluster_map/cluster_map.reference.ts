import type { Dims, Scalars } from '../define';
import { doubles, productNT } from '../product';

interface Inputs {
  readonly queries: Float32Array;
  readonly keys: Float32Array;
  readonly offsets: Uint32Array;
}

/** queries: [H,Cq,D], keys: [H,Ck,D], offsets: [H,Ck+1]. Gives probability: [H,Cq,Ck], with float64 sums. */
export function clusterMapReference({ queries, keys, offsets }: Inputs, { H, Cq, Ck, D }: Dims, { scale }: Scalars): { probability: Float32Array } {
  const probability = new Float32Array(H * Cq * Ck);
  for (let h = 0; h < H; h++) {
    const [q, k] = [queries.subarray(h * Cq * D, (h + 1) * Cq * D), keys.subarray(h * Ck * D, (h + 1) * Ck * D)];
    const scores = productNT(doubles(q), doubles(k), Cq, Ck, D);
    for (let i = 0; i < Cq; i++) {
      const row = scores.subarray(i * Ck, (i + 1) * Ck).map((s) => s * scale);
      const top = row.reduce((a, b) => Math.max(a, b));
      let sum = 0;
      for (let j = 0; j < Ck; j++) {
        const at = h * (Ck + 1) + j;
        row[j] = (offsets[at + 1] - offsets[at]) * Math.exp(row[j] - top);
        sum += row[j];
      }
      const divisor = Math.max(sum, 1e-12);
      for (let j = 0; j < Ck; j++) probability[(h * Cq + i) * Ck + j] = row[j] / divisor;
    }
  }
  return { probability };
}
