import { packBits } from '../formats/bits';
import { randomBook, randomCodebook } from '../random-codebook';
import type { Rng } from '../rng';

/** In 32 codes of 3 bits, the 11th and the 22nd lie across two words. */
const straddling = (rng: Rng) => ({
  codes: packBits(Array.from({ length: 32 }, (_, k) => (k === 10 ? 5 : k === 21 ? 6 : 0)), 1, 32, 3),
  book: randomBook(rng, 1, 8),
});

export const decodeCodebookCases = [
  { name: '1x1, 2 bits', dims: { N: 1, K: 1, B: 2 }, inputs: randomCodebook },
  { name: '5x37, 3 bits', dims: { N: 5, K: 37, B: 3 }, inputs: randomCodebook },
  { name: '1x32, 3 bits, codes across words', dims: { N: 1, K: 32, B: 3 }, inputs: straddling },
  { name: '33x96, 4 bits', dims: { N: 33, K: 96, B: 4 }, inputs: randomCodebook },
  { name: '3x44, 5 bits', dims: { N: 3, K: 44, B: 5 }, inputs: randomCodebook },
  { name: '3x70, 5 bits', dims: { N: 3, K: 70, B: 5 }, inputs: randomCodebook },
  { name: '2x31, 7 bits', dims: { N: 2, K: 31, B: 7 }, inputs: randomCodebook },
  { name: '7x65, 8 bits', dims: { N: 7, K: 65, B: 8 }, inputs: randomCodebook },
];
