import type { Dims } from '../define';
import { randomOrder } from '../random-clusters';
import type { Rng } from '../rng';

const permuted = (rng: Rng, { H, N }: Dims) => ({ order: randomOrder(rng, H, N) });

export const scatterRowsCases = [
  { name: '1 row of 1', dims: { H: 1, N: 1, D: 1 }, inputs: permuted },
  { name: '2x7 rows of 5', dims: { H: 2, N: 7, D: 5 }, inputs: permuted },
  { name: '3x50 rows of 24', dims: { H: 3, N: 50, D: 24 }, inputs: permuted },
];
