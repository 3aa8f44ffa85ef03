/** Seeded codebooks and packed codes for the case tables of codebook kernels. */

import { packBits } from './formats/bits';
import type { Rng } from './rng';

/** N rows of K codes of B bits, packed. */
export const randomBits = (rng: Rng, N: number, K: number, B: number): Uint32Array =>
  packBits(Uint8Array.from({ length: N * K }, () => rng.below(2 ** B)), N, K, B);

/** N rows of C ascending values. */
export function randomBook(rng: Rng, N: number, C: number): Float32Array {
  const book = Float32Array.from({ length: N * C }, () => rng.normal());
  for (let n = 0; n < N; n++) book.subarray(n * C, (n + 1) * C).sort();
  return book;
}

/** Codes and books of a case with the sizes N, K and B. */
export const randomCodebook = (rng: Rng, { N, K, B }: Readonly<Record<string, number>>) => ({
  codes: randomBits(rng, N, K, B),
  book: randomBook(rng, N, 2 ** B),
});
