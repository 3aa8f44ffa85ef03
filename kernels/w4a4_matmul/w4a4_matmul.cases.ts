import type { Dims } from '../define';
import { randomCodes, randomScales } from '../random-codes';
import type { Rng } from '../rng';

interface Operands {
  readonly xCodes: Uint32Array;
  readonly xScales: Float32Array;
  readonly wCodes: Uint32Array;
  readonly wScales: Float32Array;
}

/** Seeded packed operands: random codes in [-7, 7] with positive scales. */
export const w4a4Operands = (rng: Rng, { T, N, K, G }: Dims): Operands => ({
  xCodes: randomCodes(rng, T, K),
  xScales: randomScales(rng, T, K, G),
  wCodes: randomCodes(rng, N, K),
  wScales: randomScales(rng, N, K, G),
});

/** All codes at their extremes: the largest integer sums. */
const saturated = (_: Rng, { T, N, K, G }: Dims): Operands => ({
  xCodes: new Uint32Array(T * Math.ceil(K / 8)).fill(0x77777777),
  xScales: new Float32Array(T * Math.ceil(K / G)).fill(0.5),
  wCodes: new Uint32Array(N * Math.ceil(K / 8)).fill(0x99999999),
  wScales: new Float32Array(N * Math.ceil(K / G)).fill(0.25),
});

export const w4a4MatmulCases = [
  { name: '1x1x1', dims: { T: 1, N: 1, K: 1, G: 1 }, inputs: w4a4Operands },
  { name: '3x5x13 per channel', dims: { T: 3, N: 5, K: 13, G: 13 }, inputs: w4a4Operands },
  { name: '7x9x20 by 16, a short group', dims: { T: 7, N: 9, K: 20, G: 16 }, inputs: w4a4Operands },
  { name: '33x35x128 by 64', dims: { T: 33, N: 35, K: 128, G: 64 }, inputs: w4a4Operands },
  { name: '5x6x144 by 72, a group of two tiles', dims: { T: 5, N: 6, K: 144, G: 72 }, inputs: w4a4Operands },
  { name: '70x66x48 by 8', dims: { T: 70, N: 66, K: 48, G: 8 }, inputs: w4a4Operands },
  { name: '4x4x256 per channel, extreme codes', dims: { T: 4, N: 4, K: 256, G: 256 }, inputs: saturated },
] as const;
