import type { Dims } from '../define';
import { randomOffsets } from '../random-clusters';
import type { Rng } from '../rng';

const sized = (rng: Rng, { H, Ck }: Dims) => ({ offsets: randomOffsets(rng, H, 20 * Ck, Ck) });

/** No key anywhere: every probability is 0. */
const none = (_: Rng, { H, Ck }: Dims) => ({ offsets: new Uint32Array(H * (Ck + 1)) });

export const clusterMapCases = [
  { name: '1x1 of 4', dims: { H: 1, Cq: 1, Ck: 1, D: 4 }, scalars: { scale: 0.5 }, inputs: sized },
  { name: '2x3x7 of 20', dims: { H: 2, Cq: 3, Ck: 7, D: 20 }, scalars: { scale: 1 / Math.sqrt(20) }, inputs: sized },
  { name: '3x10x33 of 32, some empty', dims: { H: 3, Cq: 10, Ck: 33, D: 32 }, scalars: { scale: 1 / Math.sqrt(32) }, inputs: sized },
  { name: '5x21 of 64, steep', dims: { H: 1, Cq: 5, Ck: 21, D: 64 }, scalars: { scale: 2 }, inputs: sized },
  { name: '4x6 of 16, all empty', dims: { H: 1, Cq: 4, Ck: 6, D: 16 }, scalars: { scale: 0.25 }, inputs: none },
];
