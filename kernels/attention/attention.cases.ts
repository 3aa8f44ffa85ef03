import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Scores far from zero, in the hundreds: a softmax without its maximum would overflow. */
const steep = (rng: Rng, { H, N, D }: Dims) => ({ q: Float32Array.from({ length: H * N * D }, () => 30 * rng.normal()) });

const scale = (D: number): number => 1 / Math.sqrt(D);

export const attentionCases = [
  { name: '1 row, 1 key', dims: { H: 1, N: 1, M: 1, D: 4 }, scalars: { scale: scale(4), causal: 0 } },
  { name: '2x5 rows, 7 keys of 20', dims: { H: 2, N: 5, M: 7, D: 20 }, scalars: { scale: scale(20), causal: 0 } },
  { name: '3x37 rows, 50 keys of 24', dims: { H: 3, N: 37, M: 50, D: 24 }, scalars: { scale: scale(24), causal: 0 } },
  { name: '2x65 rows, causal', dims: { H: 2, N: 65, M: 65, D: 16 }, scalars: { scale: scale(16), causal: 1 } },
  { name: '38 rows, 20 keys, causal', dims: { H: 1, N: 38, M: 20, D: 32 }, scalars: { scale: scale(32), causal: 1 } },
  { name: '33 rows, 66 keys of 128', dims: { H: 1, N: 33, M: 66, D: 128 }, scalars: { scale: scale(128), causal: 0 } },
  { name: '34 rows, 34 keys, steep', dims: { H: 1, N: 34, M: 34, D: 32 }, scalars: { scale: scale(32), causal: 0 }, inputs: steep },
];
