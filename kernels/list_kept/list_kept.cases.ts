import type { Dims } from '../define';
import type { Rng } from '../rng';

/** One in three, none in every fourth row and all in every fifth. */
const some = (rng: Rng, { H, Cq, Ck }: Dims) => ({
  kept: Uint32Array.from({ length: H * Cq * Ck }, (_, i) => {
    const row = Math.floor(i / Ck);
    return row % 4 === 3 ? 0 : row % 5 === 4 || rng.below(3) === 0 ? 1 : 0;
  }),
});

export const listKeptCases = [
  { name: '1x1', dims: { H: 1, Cq: 1, Ck: 1 }, inputs: some },
  { name: '2x5x7', dims: { H: 2, Cq: 5, Ck: 7 }, inputs: some },
  { name: '3x12x33', dims: { H: 3, Cq: 12, Ck: 33 }, inputs: some },
];
