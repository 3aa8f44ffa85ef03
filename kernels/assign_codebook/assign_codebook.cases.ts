import type { Dims } from '../define';
import { randomBook } from '../random-codebook';
import type { Rng } from '../rng';

const sorted = (rng: Rng, { N, C }: Dims) => ({ book: randomBook(rng, N, C) });

/** Quarters against whole numbers: every other weight lies half way between two values, and some values are there twice. */
const ties = (_: Rng, { N, K, C }: Dims) => ({
  w: Float32Array.from({ length: N * K }, (_, i) => (i % (4 * C)) / 4),
  book: Float32Array.from({ length: N * C }, (_, i) => Math.floor((i % C) / 2)),
});

export const assignCodebookCases = [
  { name: '1x1, one value', dims: { N: 1, K: 1, C: 1 } },
  { name: '3x13 to 4, unsorted', dims: { N: 3, K: 13, C: 4 } },
  { name: '5x70 to 8', dims: { N: 5, K: 70, C: 8 }, inputs: sorted },
  { name: '1x64 to 8, ties', dims: { N: 1, K: 64, C: 8 }, inputs: ties },
  { name: '9x52 to 8', dims: { N: 9, K: 52, C: 8 }, inputs: sorted },
  { name: '33x37 to 16', dims: { N: 33, K: 37, C: 16 }, inputs: sorted },
  { name: '2x130 to 256', dims: { N: 2, K: 130, C: 256 }, inputs: sorted },
];
