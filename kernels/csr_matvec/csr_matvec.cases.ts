import { innerRows, middleRow, randomCsr } from '../random-csr';
import type { Dims } from '../define';
import type { Rng } from '../rng';

const spread = (rng: Rng, d: Dims) => randomCsr(rng, d);
const inner = (rng: Rng, d: Dims) => randomCsr(rng, d, innerRows);
const skewed = (rng: Rng, d: Dims) => randomCsr(rng, d, middleRow);

export const csrMatvecCases = [
  { name: '1x1, one nonzero', dims: { N: 1, K: 1, Z: 1 }, inputs: spread },
  { name: '7x13, 20 nonzeros', dims: { N: 7, K: 13, Z: 20 }, inputs: spread },
  { name: '5x9, no nonzero at all', dims: { N: 5, K: 9, Z: 0 }, inputs: spread },
  { name: '9x30, first and last row empty', dims: { N: 9, K: 30, Z: 100 }, inputs: inner },
  { name: '33x300, one dense row among empty ones', dims: { N: 33, K: 300, Z: 300 }, inputs: skewed },
  { name: '1x70, one row', dims: { N: 1, K: 70, Z: 40 }, inputs: spread },
  { name: '130x96, 2000 nonzeros', dims: { N: 130, K: 96, Z: 2000 }, inputs: spread },
];
