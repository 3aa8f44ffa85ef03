import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Positive smoothing factors; one input channel is an outlier. */
const smoothed = (rng: Rng, { T, K }: Dims): { x: Float32Array; lambda: Float32Array } => ({
  x: Float32Array.from({ length: T * K }, (_, i) => rng.normal() * (i % K === 2 ? 40 : 1)),
  lambda: Float32Array.from({ length: K }, () => Math.exp(0.5 * rng.normal())),
});

/** Quotients halfway between two codes, at scales 1 and 2. */
const ties = (): { x: Float32Array; lambda: Float32Array } => ({
  x: Float32Array.of(7, 0.5, 2.5, 4.5, -1.5, -1.75, -5.5, 3.25, 14, -1, -5, -9, 3, 3.5, 11, 6.5),
  lambda: Float32Array.of(1, 1, 1, 1, 1, 0.5, 1, 0.5),
});

export const quantizeDownCases = [
  { name: 'ties, rank 1', dims: { T: 2, K: 8, G: 8, R: 1 }, inputs: ties },
  { name: '1x1 rank 1', dims: { T: 1, K: 1, G: 1, R: 1 }, inputs: smoothed },
  { name: '19x45 by 16, rank 17', dims: { T: 19, K: 45, G: 16, R: 17 }, inputs: smoothed },
  { name: '3x13 per channel, rank 0', dims: { T: 3, K: 13, G: 13, R: 0 }, inputs: smoothed },
  { name: '7x20 by 16, rank 5', dims: { T: 7, K: 20, G: 16, R: 5 }, inputs: smoothed },
  { name: '33x128 by 64, rank 16', dims: { T: 33, K: 128, G: 64, R: 16 }, inputs: smoothed },
  { name: '5x48 by 8, rank 33', dims: { T: 5, K: 48, G: 8, R: 33 }, inputs: smoothed },
  { name: '3x528 by 8, more groups than invocations, rank 1', dims: { T: 3, K: 528, G: 8, R: 1 }, inputs: smoothed },
  { name: '66x264 per channel, rank 8', dims: { T: 66, K: 264, G: 264, R: 8 }, inputs: smoothed },
] as const;
