import type { Dims } from '../define';
import { packInt4, turnWeights } from '../nibbles';
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
  ...turnWeights(randomCodes(rng, N, K), randomScales(rng, N, K, G), { N, K, G }),
});

/** Rows whose codes are all alike, at their extremes: the largest sums of integers, of every sign and side by side. */
const saturated = (_: Rng, { T, N, K, G }: Dims): Operands => {
  const row = (i: number): number => [-8, 7, -7, -8, 7][i % 5];
  const rows = (M: number): Uint32Array => packInt4(Array.from({ length: M * K }, (_x, i) => row(Math.floor(i / K))), M, K);
  const scales = (M: number, scale: number): Float32Array => new Float32Array(M * Math.ceil(K / G)).fill(scale);
  return { xCodes: rows(T), xScales: scales(T, 0.5), ...turnWeights(rows(N), scales(N, 0.25), { N, K, G }) };
};

export const w4a4MatmulCases = [
  { name: '1x1x1', dims: { T: 1, N: 1, K: 1, G: 1 }, inputs: w4a4Operands },
  { name: '3x5x13 per channel', dims: { T: 3, N: 5, K: 13, G: 13 }, inputs: w4a4Operands },
  { name: '7x9x20 by 16, a short group', dims: { T: 7, N: 9, K: 20, G: 16 }, inputs: w4a4Operands },
  { name: '33x35x128 by 64', dims: { T: 33, N: 35, K: 128, G: 64 }, inputs: w4a4Operands },
  { name: '5x6x144 by 72, a group of two tiles', dims: { T: 5, N: 6, K: 144, G: 72 }, inputs: w4a4Operands },
  { name: '70x66x48 by 8', dims: { T: 70, N: 66, K: 48, G: 8 }, inputs: w4a4Operands },
  { name: '9x11x232 per channel, extreme codes', dims: { T: 9, N: 11, K: 232, G: 232 }, inputs: saturated },
] as const;
