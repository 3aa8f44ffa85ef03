import { maskDims, maskLength, maskScalars } from '../formats/video-mask';
import { masks, nothing } from '../random-masks';

export const classifyTilesCases = [...masks, { name: 'nothing', mask: nothing }].map(({ name, mask }, i) => ({
  name,
  dims: { N: maskLength(mask), B: 4 + (i % 3) * 6, ...maskDims(mask) },
  scalars: maskScalars(mask),
}));
