import type { Dims } from '../define';
import { randomOffsets, randomOrder } from '../random-clusters';
import type { Rng } from '../rng';

const clusters = (rng: Rng, { H, N, C }: Dims) => ({ order: randomOrder(rng, H, N), offsets: randomOffsets(rng, H, N, C) });

export const segmentMeanCases = [
  { name: '1 point, 1 cluster', dims: { H: 1, N: 1, C: 1, D: 4 }, inputs: clusters },
  { name: '2x13 points, 3 clusters of 20', dims: { H: 2, N: 13, C: 3, D: 20 }, inputs: clusters },
  { name: '3x70 points, 17 clusters of 16, some empty', dims: { H: 3, N: 70, C: 17, D: 16 }, inputs: clusters },
  { name: '257 points, 9 clusters of 36', dims: { H: 1, N: 257, C: 9, D: 36 }, inputs: clusters },
  { name: '2x50 points, 6 clusters of 128', dims: { H: 2, N: 50, C: 6, D: 128 }, inputs: clusters },
];
