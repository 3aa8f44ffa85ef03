import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Rows that sum to 1, one entry in five 0, some of them steep. */
const rows = (rng: Rng, { H, Cq, Ck }: Dims) => {
  const probability = new Float32Array(H * Cq * Ck);
  for (let first = 0; first < probability.length; first += Ck) {
    const row = Array.from({ length: Ck }, (_, j) => (j % 5 === 4 ? 0 : Math.exp((1 + (first % 3)) * rng.normal())));
    const sum = row.reduce((a, b) => a + b);
    probability.set(row.map((v) => v / sum), first);
  }
  return { probability };
};

/** Eighths, many of them equal, whose sums meet the share exactly. */
const ties = (_: Rng, { H, Cq, Ck }: Dims) => ({ probability: Float32Array.from({ length: H * Cq * Ck }, (_unused, i) => ((i * 5) % 4) / 8) });

const zeros = (_: Rng, { H, Cq, Ck }: Dims) => ({ probability: new Float32Array(H * Cq * Ck) });

export const topPCases = [
  { name: '1 of 1, share 0', dims: { H: 1, Cq: 1, Ck: 1 }, scalars: { share: 0, least: 0 }, inputs: rows },
  { name: '2x3x7, share 0.9', dims: { H: 2, Cq: 3, Ck: 7 }, scalars: { share: 0.9, least: 0 }, inputs: rows },
  { name: '3x10x33, share 0.5, at least 8', dims: { H: 3, Cq: 10, Ck: 33 }, scalars: { share: 0.5, least: 8 }, inputs: rows },
  { name: '4x11, share 0.5, ties', dims: { H: 1, Cq: 4, Ck: 11 }, scalars: { share: 0.5, least: 2 }, inputs: ties },
  { name: '3x9, nothing anywhere', dims: { H: 1, Cq: 3, Ck: 9 }, scalars: { share: 0.9, least: 0 }, inputs: zeros },
  { name: '2x5x1024, share 0.9, at least 102', dims: { H: 2, Cq: 5, Ck: 1024 }, scalars: { share: 0.9, least: 102 }, inputs: rows },
];
