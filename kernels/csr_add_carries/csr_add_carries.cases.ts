import type { Dims } from '../define';
import { innerRows, middleRow, randomCsr, type Layout } from '../random-csr';
import type { Rng } from '../rng';

/** Partial sums and carries are any numbers here: only their places matter. */
const rows = (layout?: Layout) => (rng: Rng, { N, Z, S }: Dims) => ({
  rowptr: randomCsr(rng, { N, Z, K: Math.max(1, Z) }, layout).rowptr,
  partial: Float32Array.from({ length: N }, () => rng.normal()),
  carries: Float32Array.from({ length: S }, () => rng.normal()),
});

export const csrAddCarriesCases = [
  { name: '7 rows, 20 nonzeros, 4 threads', dims: { N: 7, Z: 20, S: 4 }, inputs: rows() },
  { name: 'one row, one nonzero', dims: { N: 1, Z: 1, S: 128 }, inputs: rows() },
  { name: 'no nonzero at all', dims: { N: 5, Z: 0, S: 128 }, inputs: rows() },
  { name: 'first and last row empty', dims: { N: 9, Z: 100, S: 128 }, inputs: rows(innerRows) },
  { name: 'one dense row among empty ones', dims: { N: 33, Z: 1290, S: 256 }, inputs: rows(middleRow) },
  { name: '130 rows, 1000 nonzeros', dims: { N: 130, Z: 1000, S: 128 }, inputs: rows() },
];
