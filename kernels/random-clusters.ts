/** Seeded clusters for the case tables of kernels that work on sorted tokens. */

import type { Rng } from './rng';

/** Borders of C runs that fill 0 … N: u32[H,C+1], ascending; every fourth run is empty. */
export function randomOffsets(rng: Rng, H: number, N: number, C: number): Uint32Array {
  const offsets = new Uint32Array(H * (C + 1));
  for (let h = 0; h < H; h++) {
    const cuts = Array.from({ length: C - 1 }, () => rng.below(N + 1)).sort((a, b) => a - b);
    for (let j = 3; j < cuts.length; j += 4) cuts[j] = cuts[j - 1];
    offsets.set(cuts, h * (C + 1) + 1);
    offsets[h * (C + 1) + C] = N;
  }
  return offsets;
}

/** A permutation of 0 … N − 1 for each head: u32[H,N]. */
export function randomOrder(rng: Rng, H: number, N: number): Uint32Array {
  const order = new Uint32Array(H * N);
  for (let h = 0; h < H; h++) {
    const mine = order.subarray(h * N, (h + 1) * N);
    for (let i = 0; i < N; i++) {
      const j = rng.below(i + 1);
      mine[i] = mine[j];
      mine[j] = i;
    }
  }
  return order;
}
