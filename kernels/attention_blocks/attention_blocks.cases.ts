import type { Dims } from '../define';
import { listKeptReference } from '../list_kept/list_kept.reference';
import { randomOffsets } from '../random-clusters';
import type { Rng } from '../rng';

/** One key cluster in `every` is kept; `nothing` says for which query clusters none is. */
const clusters = (every: number, nothing: (i: number) => boolean = () => false) => (rng: Rng, { H, N, M, Cq, Ck }: Dims) => {
  const kept = Uint32Array.from({ length: H * Cq * Ck }, (_, at) => {
    const [i, j] = [Math.floor(at / Ck), at % Ck];
    return !nothing(i % Cq) && (rng.below(every) === 0 || j === i % Ck) ? 1 : 0;
  });
  // Whole clusters of equal size, so that each row has a key whenever its cluster lists one.
  const keys = Uint32Array.from({ length: H * (Ck + 1) }, (_, at) => Math.floor(((at % (Ck + 1)) * M) / Ck));
  return { queries: randomOffsets(rng, H, N, Cq), keys, list: listKeptReference({ kept }, { H, Cq, Ck }).list };
};

/** Key clusters of uneven size, some of them empty; every query cluster lists all. */
const uneven = (rng: Rng, { H, N, M, Cq, Ck }: Dims) => ({
  queries: randomOffsets(rng, H, N, Cq),
  keys: randomOffsets(rng, H, M, Ck),
  list: Uint32Array.from({ length: H * Cq * Ck }, (_, at) => at % Ck),
});

/** All rows in the last query cluster: of the invocations launched most have no rows, and must leave those of others alone. */
const last = (_: Rng, { H, N, M, Cq, Ck }: Dims) => ({
  queries: Uint32Array.from({ length: H * (Cq + 1) }, (_, at) => (at % (Cq + 1) === Cq ? N : 0)),
  keys: Uint32Array.from({ length: H * (Ck + 1) }, (_, at) => Math.floor(((at % (Ck + 1)) * M) / Ck)),
  list: Uint32Array.from({ length: H * Cq * Ck }, (_, at) => at % Ck),
});

export const attentionBlocksCases = [
  { name: '1 row, 1 key', dims: { H: 1, N: 1, M: 1, Cq: 1, Ck: 1, D: 4 }, scalars: { scale: 0.5 }, inputs: clusters(1) },
  { name: '2x37 rows in 5, 50 keys in 7', dims: { H: 2, N: 37, M: 50, Cq: 5, Ck: 7, D: 20 }, scalars: { scale: 1 / Math.sqrt(20) }, inputs: clusters(3) },
  { name: '65 rows in 4, 130 keys in 3 long clusters', dims: { H: 1, N: 65, M: 130, Cq: 4, Ck: 3, D: 32 }, scalars: { scale: 1 / Math.sqrt(32) }, inputs: clusters(2) },
  { name: '3x40 rows in 6, 90 keys in 11 of uneven size', dims: { H: 3, N: 40, M: 90, Cq: 6, Ck: 11, D: 16 }, scalars: { scale: 0.25 }, inputs: uneven },
  { name: '2x33 rows in 4, two of which see nothing', dims: { H: 2, N: 33, M: 20, Cq: 4, Ck: 5, D: 8 }, scalars: { scale: 0.3 }, inputs: clusters(2, (i) => i % 2 === 1) },
  { name: '35 rows in 2, 66 keys in 9 of 128', dims: { H: 1, N: 35, M: 66, Cq: 2, Ck: 9, D: 128 }, scalars: { scale: 1 / Math.sqrt(128) }, inputs: clusters(4) },
  { name: '256 rows in the last of 64, 64 keys in 4', dims: { H: 1, N: 256, M: 64, Cq: 64, Ck: 4, D: 16 }, scalars: { scale: 0.25 }, inputs: last },
];
