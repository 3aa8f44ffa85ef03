import { randomCodebook } from '../random-codebook';

/** Every width that decodes differently: whole nibbles and bytes, codes across words, rows that end within a word. */
export const codebookMatvecCases = [
  { name: '1x1, 2 bits', dims: { N: 1, K: 1, B: 2 }, inputs: randomCodebook },
  { name: '5x7, 3 bits', dims: { N: 5, K: 7, B: 3 }, inputs: randomCodebook },
  { name: '9x32, 3 bits', dims: { N: 9, K: 32, B: 3 }, inputs: randomCodebook },
  { name: '66x130, 3 bits', dims: { N: 66, K: 130, B: 3 }, inputs: randomCodebook },
  { name: '33x97, 4 bits', dims: { N: 33, K: 97, B: 4 }, inputs: randomCodebook },
  { name: '1x300, 4 bits', dims: { N: 1, K: 300, B: 4 }, inputs: randomCodebook },
  { name: '130x70, 2 bits', dims: { N: 130, K: 70, B: 2 }, inputs: randomCodebook },
  { name: '6x45, 5 bits', dims: { N: 6, K: 45, B: 5 }, inputs: randomCodebook },
  { name: '4x77, 7 bits', dims: { N: 4, K: 77, B: 7 }, inputs: randomCodebook },
  { name: '11x66, 8 bits', dims: { N: 11, K: 66, B: 8 }, inputs: randomCodebook },
];
