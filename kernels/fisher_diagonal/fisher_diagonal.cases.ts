import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Half the samples leave a unit silent, and some units always are: their weights have no gradient at all. */
const dead = (rng: Rng, { T, N }: Dims) => ({
  delta: Float32Array.from({ length: T * N }, (_, i) => ((i % N) % 3 === 0 ? 0 : Math.max(0, rng.normal()))),
});

export const fisherDiagonalCases = [
  { name: '1 sample, 1x1', dims: { T: 1, N: 1, K: 1 } },
  { name: '7 samples, 5x13', dims: { T: 7, N: 5, K: 13 } },
  { name: '33 samples, 48x36', dims: { T: 33, N: 48, K: 36 } },
  { name: '100 samples, 16x65, silent units', dims: { T: 100, N: 16, K: 65 }, inputs: dead },
  { name: '1000 samples, 33x34', dims: { T: 1000, N: 33, K: 34 } },
];
