import type { Dims } from '../define';
import { randomCodes, randomScales } from '../random-codes';
import type { Rng } from '../rng';

const inputs = (rng: Rng, { N, K, G }: Dims): { codes: Uint32Array; scales: Float32Array } => ({
  codes: randomCodes(rng, N, K),
  scales: randomScales(rng, N, K, G),
});

export const transposeInt4Cases = [
  { name: '1x1', dims: { N: 1, K: 1, G: 1 }, inputs },
  { name: '3x13 per channel', dims: { N: 3, K: 13, G: 13 }, inputs },
  { name: '34x20 by 16, a short group', dims: { N: 34, K: 20, G: 16 }, inputs },
  { name: '5x48 by 8, as many scales as words', dims: { N: 5, K: 48, G: 8 }, inputs },
] as const;
