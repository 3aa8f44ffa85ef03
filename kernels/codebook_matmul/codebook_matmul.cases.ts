import { randomCodebook } from '../random-codebook';

export const codebookMatmulCases = [
  { name: '1x1x1, 2 bits', dims: { T: 1, N: 1, K: 1, B: 2 }, inputs: randomCodebook },
  { name: '7x5x9, 3 bits', dims: { T: 7, N: 5, K: 9, B: 3 }, inputs: randomCodebook },
  { name: '1x66x70, 3 bits, one token', dims: { T: 1, N: 66, K: 70, B: 3 }, inputs: randomCodebook },
  { name: '9x33x32, 3 bits', dims: { T: 9, N: 33, K: 32, B: 3 }, inputs: randomCodebook },
  { name: '141x67x132, 4 bits', dims: { T: 141, N: 67, K: 132, B: 4 }, inputs: randomCodebook },
  { name: '7x1x100, 4 bits, one row', dims: { T: 7, N: 1, K: 100, B: 4 }, inputs: randomCodebook },
  { name: '30x6x100, 3 bits', dims: { T: 30, N: 6, K: 100, B: 3 }, inputs: randomCodebook },
  { name: '12x10x39, 5 bits', dims: { T: 12, N: 10, K: 39, B: 5 }, inputs: randomCodebook },
  { name: '3x9x52, 6 bits', dims: { T: 3, N: 9, K: 52, B: 6 }, inputs: randomCodebook },
  { name: '7x13x34, 8 bits', dims: { T: 7, N: 13, K: 34, B: 8 }, inputs: randomCodebook },
];
