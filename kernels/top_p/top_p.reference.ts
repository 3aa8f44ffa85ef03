import type { Dims, Scalars } from '../define';

/** probability: [H,Cq,Ck]. Gives kept: [H,Cq,Ck], 0 or 1, by float64 sums in descending order. */
export function topPReference({ probability }: { probability: Float32Array }, { H, Cq, Ck }: Dims, { share, least }: Scalars): { kept: Uint32Array } {
  const kept = new Uint32Array(H * Cq * Ck);
  const limit = Math.fround(share);
  const order = Array.from({ length: Ck }, (_, j) => j);
  for (let first = 0; first < kept.length; first += Ck) {
    order.sort((a, b) => probability[first + b] - probability[first + a] || a - b);
    let before = 0;
    for (const [rank, j] of order.entries()) {
      if (before <= limit || rank < least) kept[first + j] = 1;
      before += probability[first + j];
    }
  }
  return { kept };
}
