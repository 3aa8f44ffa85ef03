/** Seeded sparse matrices for the case tables of CSR kernels: where the nonzeros lie is what makes a case hard. */

import type { Rng } from './rng';

/** The rows that may hold nonzeros, of N. */
export type Layout = (N: number) => readonly number[];

export const everyRow: Layout = (N) => Array.from({ length: N }, (_, n) => n);
/** The first and the last row stay empty. */
export const innerRows: Layout = (N) => everyRow(N).slice(1, -1);
/** One dense row among empty ones. */
export const middleRow: Layout = (N) => [N >> 1];

/** Z nonzeros at distinct places of an N x K matrix, in CSR: rows in order, columns ascending in each. */
export function randomCsr(rng: Rng, { N, K, Z }: Readonly<Record<string, number>>, layout: Layout = everyRow): { rowptr: Uint32Array; cols: Uint32Array; values: Float32Array } {
  const rows = layout(N);
  if (rows.length * K < Z) throw new RangeError(`${rows.length} rows of ${K} cannot hold ${Z} nonzeros.`);
  const places = new Set<number>();
  while (places.size < Z) places.add(rows[rng.below(rows.length)] * K + rng.below(K));
  const sorted = Float64Array.from(places).sort();
  const rowptr = new Uint32Array(N + 1);
  for (const place of sorted) rowptr[Math.floor(place / K) + 1]++;
  for (let n = 0; n < N; n++) rowptr[n + 1] += rowptr[n];
  return { rowptr, cols: Uint32Array.from(sorted, (place) => place % K), values: Float32Array.from(sorted, () => rng.normal()) };
}
