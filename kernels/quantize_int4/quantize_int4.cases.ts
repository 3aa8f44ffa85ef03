import type { Dims } from '../define';
import type { Rng } from '../rng';

/** One channel a hundred times the rest: its group's other codes collapse to 0. */
const outlier = (rng: Rng, { M, K }: Dims): { x: Float32Array } => ({
  x: Float32Array.from({ length: M * K }, (_, i) => rng.normal() * (i % K === 3 ? 100 : 1)),
});

export const quantizeInt4Cases = [
  { name: 'ties to even at scale 1', dims: { M: 1, K: 4, G: 4 }, inputs: () => ({ x: Float32Array.of(7, -3.5, 0.5, 1.5) }) },
  { name: 'ties to even at scale 2', dims: { M: 1, K: 4, G: 4 }, inputs: () => ({ x: Float32Array.of(1, -2, 3, -14) }) },
  {
    name: 'ties of every code at scale 1',
    dims: { M: 1, K: 16, G: 16 },
    inputs: () => ({ x: Float32Array.of(7, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 0, -0.5, -1.5, -2.5, -3.5, -4.5, -5.5, -6.5) }),
  },
  { name: 'zeros', dims: { M: 3, K: 16, G: 8 }, inputs: () => ({ x: new Float32Array(48) }) },
  { name: '1x1', dims: { M: 1, K: 1, G: 1 } },
  { name: '3x13 per channel', dims: { M: 3, K: 13, G: 13 } },
  { name: '5x20 by 16, a short group', dims: { M: 5, K: 20, G: 16 } },
  { name: '33x128 by 64', dims: { M: 33, K: 128, G: 64 } },
  { name: '9x64 by 32, an outlier', dims: { M: 9, K: 64, G: 32 }, inputs: outlier },
] as const;
