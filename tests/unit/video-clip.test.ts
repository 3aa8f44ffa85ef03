/** Clips: what a file must be, what is drawn, which frames stand for a clip. */

import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/inputs/error';
import { toMatrix, type Matrix } from '../../src/inputs/matrix';
import { writeNpy } from '../../src/inputs/npy';
import { bytesSource } from '../../src/inputs/source';
import { readMatrix } from '../../src/inputs/tensors';
import { clipOf, evenly, sampleFrames } from '../../src/inputs/video/clip';
import { CLIP_KINDS, drawnClip, type DrawnOptions } from '../../src/inputs/video/drawn';

const matrix = (rows: number, cols: number, value: (i: number) => number): Matrix => toMatrix('clip', rows, cols, Float32Array.from({ length: rows * cols }, (_, i) => value(i)));
const refusal = (of: () => unknown): string => {
  try {
    of();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('It was not refused.');
};

describe('a clip from a file', () => {
  test('values from 0 to 1 stay, values from 0 to 255 are divided, and the source says so', () => {
    const unit = clipOf(matrix(3, 48, (i) => (i % 11) / 10));
    expect([unit.frames, unit.side]).toEqual([3, 4]);
    expect(unit.pixels[5]).toBeCloseTo(0.5);
    expect(unit.source).toBe('clip: 3 frames of 4 × 4');
    const bytes = clipOf(matrix(3, 48, (i) => (i === 7 ? 255 : i % 100)));
    expect(bytes.pixels[7]).toBe(1);
    expect(bytes.pixels[51]).toBeCloseTo(51 / 255);
    expect(bytes.source).toContain('values from 0 to 255');
    // A black and white clip of whole numbers is one of bytes as soon as one of them passes 1.
    expect(clipOf(matrix(2, 12, (i) => (i === 3 ? 2 : 0))).pixels[3]).toBeCloseTo(2 / 255);
  });

  test('refuses what is no clip with a sentence', () => {
    expect(refusal(() => clipOf(matrix(4, 50, () => 0)))).toMatch(/rows of 50 numbers.*side × side × 3.*Save it with numpy/);
    expect(refusal(() => clipOf(matrix(1, 48, () => 0)))).toMatch(/holds one frame/);
    expect(refusal(() => clipOf(matrix(2, 48, (i) => (i === 0 ? -1 : 1))))).toMatch(/values from \u22121 to 1/);
    expect(refusal(() => clipOf(matrix(2, 48, (i) => i * 3.5)))).toMatch(/from 0 to 333/);
    expect(refusal(() => clipOf(matrix(2, 48, (i) => (i === 0 ? 1.25 : 0.5))))).toMatch(/0.5 to 1.25/);
  });

  test('the shape that numpy saved decides: channels first and frames that are not square are refused', async () => {
    const read = (shape: number[]): Promise<Matrix> => readMatrix(bytesSource('clip.npy', writeNpy('|u1', shape, Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i % 251))));
    const clip = clipOf(await read([5, 8, 8, 3]));
    expect([clip.frames, clip.side]).toEqual([5, 8]);
    const channelsFirst = await read([5, 3, 8, 8]);
    expect(refusal(() => clipOf(channelsFirst))).toContain('has the shape [5, 3, 8, 8]');
    const wide = await read([5, 4, 16, 3]);
    expect(refusal(() => clipOf(wide))).toContain('has the shape [5, 4, 16, 3]');
  });
});

test('frames that stand for a clip are evenly spaced, with both ends; of fewer some come twice', () => {
  expect(evenly(31, 4)).toEqual([0, 10, 20, 30]);
  expect(evenly(9, 1)).toEqual([0]);
  const clip = clipOf(matrix(3, 12, (i) => Math.floor(i / 12) / 4));
  const longer = sampleFrames(clip, 5);
  expect(Array.from({ length: 5 }, (_, f) => longer.pixels[f * 12] * 4)).toEqual([0, 1, 1, 2, 2]);
  expect(longer.key).not.toBe(clip.key);
  expect(sampleFrames(clip, 3)).toBe(clip);
});

describe('drawn clips', () => {
  const drawn = (more: Partial<DrawnOptions> = {}) => drawnClip({ kind: 'ball', frames: 6, side: 32, speed: 0.8, cut: 0, seed: 3, ...more });
  const frame = ({ pixels, side }: { pixels: Float32Array; side: number }, f: number): Float32Array => pixels.subarray(f * side * side * 3, (f + 1) * side * side * 3);
  const gap = (a: Float32Array, b: Float32Array): number => Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / a.length);

  test.each(CLIP_KINDS)('$label: the same for the same seed, within 0 to 1, of some contrast', ({ value: kind }) => {
    const clip = drawn({ kind });
    expect(drawn({ kind })).toEqual(clip);
    expect(drawn({ kind, seed: 4 }).key).not.toBe(clip.key);
    expect(clip.pixels.every((v) => v >= 0 && v <= 1)).toBe(true);
    const mean = clip.pixels.reduce((a, b) => a + b, 0) / clip.pixels.length;
    expect(gap(clip.pixels, clip.pixels.map(() => mean))).toBeGreaterThan(0.1);
  });

  test.each(CLIP_KINDS)('$label: still at speed 0, and the farther apart two frames are the more has moved', ({ value: kind }) => {
    const still = drawn({ kind, speed: 0 });
    expect(frame(still, 5)).toEqual(frame(still, 0));
    const clip = drawn({ kind, speed: 0.5 });
    expect(gap(frame(clip, 0), frame(clip, 1))).toBeGreaterThan(0.01);
    expect(gap(frame(clip, 0), frame(clip, 4))).toBeGreaterThan(gap(frame(clip, 0), frame(clip, 1)));
  });

  test('motion does not depend on how many frames there are: the ends are the same', () => {
    const [few, many] = [drawn({ frames: 3 }), drawn({ frames: 9 })];
    expect(frame(many, 0)).toEqual(frame(few, 0));
    expect(frame(many, 4)).toEqual(frame(few, 1));
    expect(frame(many, 8)).toEqual(frame(few, 2));
  });

  test('a cut changes all frames from there on and none before', () => {
    const [whole, cut] = [drawn(), drawn({ cut: 0.5 })];
    expect(frame(cut, 2)).toEqual(frame(whole, 2));
    expect(gap(frame(cut, 2), frame(cut, 3))).toBeGreaterThan(0.1);
    expect(gap(frame(cut, 3), frame(cut, 4))).toBeLessThan(0.1);
    expect(cut.source).toContain('cut to another scene at frame 4');
    expect(drawn({ cut: 1 }).source).toContain('frame 1');
  });
});
