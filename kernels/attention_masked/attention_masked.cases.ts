import type { Dims } from '../define';
import { classifyTiles, maskDims, maskLength, maskScalars, type VideoMask } from '../formats/video-mask';
import { masks, nothing } from '../random-masks';
import type { Rng } from '../rng';

/** The tiles of the mask, for as many frames, positions and text tokens as the sizes say. */
const tiled = (mask: VideoMask) => (_: Rng, { N, F, P, B }: Dims) => ({
  tiles: classifyTiles({ ...mask, frames: F, positions: P, text: N - F * P }, B),
});

export const attentionMaskedCases = [...masks, { name: 'nothing', mask: nothing }].map(({ name, mask }, i) => ({
  name,
  dims: { H: 1 + (i % 3), N: maskLength(mask), D: [16, 20, 64][i % 3], B: i % 2 ? 32 : 16, ...maskDims(mask) },
  scalars: { scale: 0.3, ...maskScalars(mask) },
  inputs: tiled(mask),
}));
