import type { Dims } from '../define';
import { everyRow, innerRows, middleRow, randomCsr, type Layout } from '../random-csr';
import type { Rng } from '../rng';
import { balancedStarts } from './schedule';

const scheduled = (layout: Layout) => (rng: Rng, d: Dims) => {
  const csr = randomCsr(rng, d, layout);
  return { ...csr, starts: balancedStarts(csr.rowptr, d.S) };
};

export const csrMatvecBalancedCases = [
  { name: '1x1, one nonzero', dims: { N: 1, K: 1, Z: 1, S: 128 }, inputs: scheduled(everyRow) },
  { name: '7x13, 20 nonzeros, 4 threads', dims: { N: 7, K: 13, Z: 20, S: 4 }, inputs: scheduled(everyRow) },
  { name: '5x9, no nonzero at all', dims: { N: 5, K: 9, Z: 0, S: 128 }, inputs: scheduled(everyRow) },
  { name: '9x30, first and last row empty', dims: { N: 9, K: 30, Z: 100, S: 128 }, inputs: scheduled(innerRows) },
  { name: '33x1300, one dense row among empty ones', dims: { N: 33, K: 1300, Z: 1290, S: 256 }, inputs: scheduled(middleRow) },
  { name: '1x700, one row', dims: { N: 1, K: 700, Z: 640, S: 64 }, inputs: scheduled(everyRow) },
  { name: '130x96, 1000 nonzeros, 8 to a thread', dims: { N: 130, K: 96, Z: 1000, S: 128 }, inputs: scheduled(everyRow) },
  { name: '900x40, more rows than nonzeros', dims: { N: 900, K: 40, Z: 300, S: 128 }, inputs: scheduled(everyRow) },
];
