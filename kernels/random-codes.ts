/** Seeded packed codes and scales for the case tables of 4-bit kernels. */

import { packInt4 } from './nibbles';
import type { Rng } from './rng';

/** M rows of K codes, each in [-7, 7], packed. */
export const randomCodes = (rng: Rng, M: number, K: number): Uint32Array =>
  packInt4(Array.from({ length: M * K }, () => rng.below(15) - 7), M, K);

/** M rows of ceil(K/G) positive scales. */
export const randomScales = (rng: Rng, M: number, K: number, G: number): Float32Array =>
  Float32Array.from({ length: M * Math.ceil(K / G) }, () => 0.05 + 0.1 * rng.uniform());
