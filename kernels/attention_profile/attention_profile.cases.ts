import type { Dims } from '../define';
import { maskDims, maskLength, maskScalars, type VideoMask } from '../formats/video-mask';
import { masks, nothing } from '../random-masks';
import type { Rng } from '../rng';

const sampled = (rng: Rng, { N, R }: Dims) => ({ rows: Uint32Array.from({ length: R }, () => rng.below(N)) });

/** Both band orders are computed, so none is given. */
const scalarsOf = (mask: VideoMask) => {
  const { bandOrder: _, ...rest } = maskScalars(mask);
  return { scale: 0.3, ...rest };
};

export const attentionProfileCases = [...masks, { name: 'nothing', mask: nothing }].map(({ name, mask }, i) => ({
  name,
  dims: { H: 1 + (i % 3), N: maskLength(mask), D: [16, 20, 64][i % 3], R: 3 + 4 * i, ...maskDims(mask) },
  scalars: scalarsOf(mask),
  inputs: sampled,
}));
