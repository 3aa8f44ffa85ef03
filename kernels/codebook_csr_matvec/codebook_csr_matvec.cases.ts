import type { Dims } from '../define';
import { randomCodebook } from '../random-codebook';
import { innerRows, middleRow, randomCsr, type Layout } from '../random-csr';
import type { Rng } from '../rng';

const both = (layout?: Layout) => (rng: Rng, d: Dims) => ({ ...randomCodebook(rng, d), ...randomCsr(rng, d, layout) });

export const codebookCsrMatvecCases = [
  { name: '1x1, 2 bits, one nonzero', dims: { N: 1, K: 1, B: 2, Z: 1 }, inputs: both() },
  { name: '5x7, 3 bits, no nonzero at all', dims: { N: 5, K: 7, B: 3, Z: 0 }, inputs: both() },
  { name: '9x33, 3 bits, first and last row empty', dims: { N: 9, K: 33, B: 3, Z: 40 }, inputs: both(innerRows) },
  { name: '66x300, 4 bits, one dense row among empty ones', dims: { N: 66, K: 300, B: 4, Z: 290 }, inputs: both(middleRow) },
  { name: '130x97, 4 bits, 2000 nonzeros', dims: { N: 130, K: 97, B: 4, Z: 2000 }, inputs: both() },
  { name: '1x70, 5 bits, one row', dims: { N: 1, K: 70, B: 5, Z: 20 }, inputs: both() },
  { name: '11x66, 8 bits', dims: { N: 11, K: 66, B: 8, Z: 30 }, inputs: both() },
];
