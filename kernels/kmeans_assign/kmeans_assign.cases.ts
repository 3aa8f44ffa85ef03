import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Small whole numbers, so that every sum is exact, with every centroid there twice: all points lie on ties. */
const ties = (rng: Rng, { H, N, C, D }: Dims) => {
  const c = new Float32Array(H * C * D);
  for (let i = 0; i < c.length; i++) c[i] = Math.floor(i / D) % C % 2 ? c[i - D] : rng.below(5) - 2;
  return { c, x: Float32Array.from({ length: H * N * D }, () => rng.below(7) - 3) };
};

export const kmeansAssignCases = [
  { name: '1 point, 1 centroid', dims: { H: 1, N: 1, C: 1, D: 4 } },
  { name: '2x13 points to 3 of 20', dims: { H: 2, N: 13, C: 3, D: 20 } },
  { name: '3x70 points to 17 of 16', dims: { H: 3, N: 70, C: 17, D: 16 } },
  { name: '41 points to 7 of 32', dims: { H: 1, N: 41, C: 7, D: 32 } },
  { name: '130 points to 33 of 36', dims: { H: 1, N: 130, C: 33, D: 36 } },
  { name: '2x67 points to 10 of 8, ties', dims: { H: 2, N: 67, C: 10, D: 8 }, inputs: ties },
  { name: '65 points to 20 of 128', dims: { H: 1, N: 65, C: 20, D: 128 } },
];
