import type { Dims } from '../define';
import { packInt4, turnWeights, type TurnedWeights } from '../nibbles';
import { randomScales } from '../random-codes';
import type { Rng } from '../rng';

/** Seeded weights with codes in the whole of [-8, 7], as formats with a zero point of 8 have them. */
const weights = (rng: Rng, { N, K, G }: Dims): TurnedWeights =>
  turnWeights(packInt4(Array.from({ length: N * K }, () => rng.below(16) - 8), N, K), randomScales(rng, N, K, G), { N, K, G });

export const w4a16MatmulCases = [
  { name: '1x1x1', dims: { T: 1, N: 1, K: 1, G: 1 }, inputs: weights },
  { name: '3x5x13 per channel', dims: { T: 3, N: 5, K: 13, G: 13 }, inputs: weights },
  { name: '7x9x20 by 16, a short group', dims: { T: 7, N: 9, K: 20, G: 16 }, inputs: weights },
  { name: '33x35x128 by 64', dims: { T: 33, N: 35, K: 128, G: 64 }, inputs: weights },
  { name: '66x67x44 by 8, half a word at the end', dims: { T: 66, N: 67, K: 44, G: 8 }, inputs: weights },
  { name: '9x10x45 by 16, odd K', dims: { T: 9, N: 10, K: 45, G: 16 }, inputs: weights },
  { name: '1x130x520 by 40, one token', dims: { T: 1, N: 130, K: 520, G: 40 }, inputs: weights },
] as const;
