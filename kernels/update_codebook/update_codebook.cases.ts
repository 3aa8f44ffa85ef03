import type { Dims } from '../define';
import { randomBook } from '../random-codebook';
import type { Rng } from '../rng';

/** Codes below `used`, so that the clusters from there on are empty; f as `count` says. */
const clusters = (count: (rng: Rng, i: number, d: Dims) => number, used = (C: number) => C) => (rng: Rng, d: Dims) => {
  const { N, K, C } = d;
  return {
    f: Float32Array.from({ length: N * K }, (_, i) => count(rng, i, d)),
    codes: Uint32Array.from({ length: N * K }, () => rng.below(used(C))),
    book: randomBook(rng, N, C),
  };
};

const square = (rng: Rng): number => rng.normal() ** 2;

export const updateCodebookCases = [
  { name: '1x1, one value', dims: { N: 1, K: 1, C: 1 }, inputs: clusters(square) },
  { name: '3x13 in 4', dims: { N: 3, K: 13, C: 4 }, inputs: clusters(square) },
  { name: '5x70 in 8, half of them empty', dims: { N: 5, K: 70, C: 8 }, inputs: clusters(square, (C) => C / 2) },
  { name: '33x37 in 16, rows where nothing counts', dims: { N: 33, K: 37, C: 16 }, inputs: clusters((rng, i, { K }) => (Math.floor(i / K) % 2 ? square(rng) : 0)) },
  { name: '4x40 in 8, a third counts nothing', dims: { N: 4, K: 40, C: 8 }, inputs: clusters((rng, i) => (i % 3 ? square(rng) : 0)) },
  { name: '2x400 in 12', dims: { N: 2, K: 400, C: 12 }, inputs: clusters(square) },
  { name: '2x600 in 256', dims: { N: 2, K: 600, C: 256 }, inputs: clusters(square) },
];
