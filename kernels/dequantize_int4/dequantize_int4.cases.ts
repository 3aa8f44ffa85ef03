import type { Dims } from '../define';
import { randomCodes, randomScales } from '../random-codes';
import type { Rng } from '../rng';

const inputs = (rng: Rng, { M, K, G }: Dims): { codes: Uint32Array; scales: Float32Array } => ({
  codes: randomCodes(rng, M, K),
  scales: randomScales(rng, M, K, G),
});

export const dequantizeInt4Cases = [
  { name: '1x1', dims: { M: 1, K: 1, G: 1 }, inputs },
  { name: '3x13 per channel', dims: { M: 3, K: 13, G: 13 }, inputs },
  { name: '5x20 by 16, a short group', dims: { M: 5, K: 20, G: 16 }, inputs },
  { name: '33x128 by 64', dims: { M: 33, K: 128, G: 64 }, inputs },
] as const;
