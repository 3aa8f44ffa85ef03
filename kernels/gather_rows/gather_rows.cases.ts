import type { Dims } from '../define';
import { randomOrder } from '../random-clusters';
import type { Rng } from '../rng';

const permuted = (rng: Rng, { H, N }: Dims) => ({ order: randomOrder(rng, H, N) });

/** Rows drawn with replacement, as the rows of online profiling are. */
const sampled = (rng: Rng, { H, N, M }: Dims) => ({ order: Uint32Array.from({ length: H * M }, () => rng.below(N)) });

export const gatherRowsCases = [
  { name: '1 row of 1', dims: { H: 1, N: 1, M: 1, D: 1 }, inputs: sampled },
  { name: '2x7 rows of 5, permuted', dims: { H: 2, N: 7, M: 7, D: 5 }, inputs: permuted },
  { name: '3x50 rows of 24, permuted', dims: { H: 3, N: 50, M: 50, D: 24 }, inputs: permuted },
  { name: '2x33 of 90 rows of 16, sampled', dims: { H: 2, N: 90, M: 33, D: 16 }, inputs: sampled },
];
