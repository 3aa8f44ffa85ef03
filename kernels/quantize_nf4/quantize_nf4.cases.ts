import { NF4, NF4_MIDPOINTS } from '../formats';
import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Every level and every midpoint at scale 1, 2, 1/2 …, and rows of zeros. */
function levelInputs(_: Rng, { M, K }: Dims): { x: Float32Array } {
  const points = [1, ...NF4, ...NF4_MIDPOINTS];
  return { x: Float32Array.from({ length: M * K }, (_, i) => (Math.floor(i / K) % 4 === 3 ? 0 : points[(i % K) % points.length] * 2 ** (Math.floor(i / K) - 2))) };
}

/** Groups within a row, a short last group, one group per row of any length. */
export const quantizeNf4Cases = [
  { name: '1x1 g8', dims: { M: 1, K: 1, G: 8 } },
  { name: '3x64 g64', dims: { M: 3, K: 64, G: 64 } },
  { name: '5x100 g64', dims: { M: 5, K: 100, G: 64 } },
  { name: '4x37 per row', dims: { M: 4, K: 37, G: 37 } },
  { name: 'levels and midpoints 6x32 g32', dims: { M: 6, K: 32, G: 32 }, inputs: levelInputs },
];
