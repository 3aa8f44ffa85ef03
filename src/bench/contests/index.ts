/** The contests of the table of targets, at sizes that suit the device. */

import { attentionContest, kmeansContest, matmulContest, type Asked } from './dense';
import { fourBitContest, type FourBitBounds, type FourBitSize } from './four-bit';

export type { Asked } from './dense';

export interface Entry {
  /** What it is called while it is under way. */
  readonly id: string;
  /** `--only` finds a contest by the kernels it is about. */
  readonly kernels: readonly string[];
  /** Makes the numbers. */
  readonly open: () => Asked;
}

const FOUR_BIT = ['w4a16_matmul', 'w4a4_matmul', 'w4a4_up', 'quantize_int4', 'quantize_down', 'lowrank_down', 'lowrank_up'];

const MATMUL = { tfjs: 6, ort: 6, jax: 1.8 };
const ATTENTION = { tfjs: 12, jax: 3.5 };
/** Weight-only, against the fastest way; 4-bit activations, against level 4 and the fastest way; fused branch. */
const FOUR_BIT_BOUNDS = { weights: 2.4, level4: 6, fastest: 1.8, bytes: 1.2, time: 1.3 };
/** On a GPU: ahead of whatever else runs there. */
const AHEAD = { tfjs: 1, ort: 1, jax: 1 };

export const contestsFor = (software: boolean): readonly Entry[] => (software ? SOFTWARE : GPU);

const matmul = (M: number, N: number, K: number, bounds: typeof MATMUL, ceiling?: number): Entry =>
  ({ id: `matmul ${M} × ${N} × ${K}`, kernels: ['matmul'], open: () => matmulContest(M, N, K, bounds, ceiling) });

const fourBit = (size: FourBitSize, bounds: FourBitBounds, rivals = true): Entry =>
  ({ id: `4-bit ${size.T} × ${size.N} × ${size.K}`, kernels: FOUR_BIT, open: () => fourBitContest(size, bounds, rivals) });

const SOFTWARE: readonly Entry[] = [
  matmul(256, 256, 256, MATMUL),
  matmul(384, 384, 384, MATMUL),
  fourBit({ T: 128, N: 256, K: 256, G: 64, R: 16 }, FOUR_BIT_BOUNDS),
  { id: 'attention 512 × 32', kernels: ['attention'], open: () => attentionContest(1, 512, 32, ATTENTION) },
  { id: 'k-means 4096 × 32', kernels: ['kmeans_assign'], open: () => kmeansContest(1, 4096, 64, 32, { jax: 8 }) },
  // Sizes that are no multiple of any tile.
  matmul(255, 255, 255, MATMUL),
  matmul(383, 381, 385, MATMUL),
  // Level 4 rounds no activations where columns are no multiple of 4 (its error shows it), so nothing is asked of it.
  fourBit({ T: 127, N: 255, K: 256, G: 64, R: 15 }, { ...FOUR_BIT_BOUNDS, level4: undefined }),
  // Where a row ends within a block, MatMulNBits takes seconds: ours alone.
  fourBit({ T: 127, N: 255, K: 257, G: 64, R: 15 }, FOUR_BIT_BOUNDS, false),
];

const GPU: readonly Entry[] = [
  matmul(1024, 1024, 1024, AHEAD, 0.5),
  matmul(2048, 2048, 2048, AHEAD, 0.5),
  matmul(4096, 4096, 4096, AHEAD, 0.5),
  matmul(1023, 1021, 1025, AHEAD),
  fourBit({ T: 4096, N: 3072, K: 3072, G: 64, R: 32 }, { weights: 1, level4: 1, fastest: 1, bytes: 1.2, time: 1.1 }),
  { id: 'attention 8 × 2048 × 64', kernels: ['attention'], open: () => attentionContest(8, 2048, 64, AHEAD) },
  { id: 'k-means 8 × 16384 × 64', kernels: ['kmeans_assign'], open: () => kmeansContest(8, 16_384, 256, 64, AHEAD) },
];
