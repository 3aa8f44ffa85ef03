import type { Dims } from '../define';
import type { Rng } from '../rng';

/** One side of zero only: the range still reaches zero. */
const positive = (rng: Rng, { M, K }: Dims) => ({ x: Float32Array.from({ length: M * K }, () => 3 + rng.uniform()) });
const negative = (rng: Rng, { M, K }: Dims) => ({ x: Float32Array.from({ length: M * K }, () => -2 - rng.uniform()) });

export const roundAffineCases = [
  { name: '1x1, 4 bits', dims: { M: 1, K: 1, G: 1 }, scalars: { bits: 4 } },
  { name: 'zeros', dims: { M: 2, K: 16, G: 8 }, scalars: { bits: 3 }, inputs: () => ({ x: new Float32Array(32) }) },
  { name: '3x13 per row, 3 bits', dims: { M: 3, K: 13, G: 13 }, scalars: { bits: 3 } },
  { name: '5x20 by 16, 8 bits', dims: { M: 5, K: 20, G: 16 }, scalars: { bits: 8 } },
  { name: '33x128 by 64, 2 bits', dims: { M: 33, K: 128, G: 64 }, scalars: { bits: 2 } },
  { name: '4x30 positive, 4 bits', dims: { M: 4, K: 30, G: 30 }, scalars: { bits: 4 }, inputs: positive },
  { name: '4x30 negative, 4 bits', dims: { M: 4, K: 30, G: 10 }, scalars: { bits: 4 }, inputs: negative },
];
