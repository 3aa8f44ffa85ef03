/** Pairs counted without looking at each: the same as the mask's own rule, for every variant. */

import { describe, expect, test } from 'vitest';
import { classifyTiles, keep, maskLength } from '../../kernels/formats/video-mask';
import { executionMask, profilingMask, type MaskOptions, type Video } from '../../src/attention/masks';
import { classes, countPairs, countTiles, densityOfMask, shares } from '../../src/attention/pairs';

const videos: readonly Video[] = [
  { variant: 'wan', frames: 5, positions: 8, text: 0, prompt: 0 },
  { variant: 'hunyuan', frames: 4, positions: 9, text: 7, prompt: 4 },
  { variant: 'cog', frames: 3, positions: 8, text: 6, prompt: 6 },
];
const options: readonly MaskOptions[] = (['places', 'frame', 'none'] as const).flatMap((sink) => [0.05, 0.4].map((keptFraction) => ({ keptFraction, grain: 1, sink })));

describe.each(videos)('$variant', (video) => {
  const masks = options.flatMap((o) => (['frame', 'token'] as const).flatMap((band) =>
    [executionMask(video, o, 'frame', band), executionMask(video, o, band), profilingMask(video, { ...o, grain: 4 }, 'code', band)]));

  test('every square holds as many kept pairs as the rule says', () => {
    for (const mask of masks) {
      const N = maskLength(mask);
      for (const side of [1, 5]) {
        const S = Math.ceil(N / side);
        const counted = new Uint32Array(S * S);
        for (let q = 0; q < N; q++) for (let k = 0; k < N; k++) if (keep(mask, q, k)) counted[Math.floor(q / side) * S + Math.floor(k / side)]++;
        expect(countPairs(mask, side).kept).toEqual(counted);
      }
    }
  });

  test('classes are those of classify_tiles; shares and density follow', () => {
    for (const mask of masks) {
      const pairs = countPairs(mask, 6);
      expect(classes(pairs)).toEqual(classifyTiles(mask, 6));
      expect(shares(pairs).every((v) => v >= 0 && v <= 1)).toBe(true);
      expect(densityOfMask(mask)).toBeCloseTo(countTiles(mask, 6).density, 14);
    }
  });
});
