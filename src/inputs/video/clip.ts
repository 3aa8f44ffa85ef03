/** A short clip of square frames: what both video labs take, from a file, a camera or our own drawing. */

import { InputError } from '../error';
import { matrixKey, type Matrix } from '../matrix';

export interface Clip {
  readonly frames: number;
  /** Pixels along an edge of a frame. */
  readonly side: number;
  /** [frames, side, side, 3], sRGB from 0 to 1 */
  readonly pixels: Float32Array;
  /** In words. */
  readonly source: string;
  /** Changes whenever the pixels do; enters memo keys. */
  readonly key: string;
}

const SAVE = 'Save it with numpy as [frames, side, side, 3], red, green and blue from 0 to 1 or from 0 to 255.';

/** Most frames and pixels along an edge that a lab is given. */
const MOST_FRAMES = 1024;
const MOST_SIDE = 1024;

/**
 * The clip in a file of role 'video': a row per frame, side·side·3 numbers in each. Values up to 1 are taken as they
 * are; values up to 255 are divided by 255, and the source says so.
 * @throws InputError when the shape is no clip's, there is one frame only, or the values are in neither range
 */
export function clipOf(matrix: Matrix): Clip {
  const { rows: frames, cols, source, shape } = matrix;
  const side = Math.round(Math.sqrt(cols / 3));
  const wanted = shape === undefined || shape.length === 2 || (shape.length === 4 && shape[1] === shape[2] && shape[3] === 3);
  if (side * side * 3 !== cols || !wanted) {
    const given = shape && shape.length !== 2 ? `has the shape [${shape.join(', ')}]` : `has rows of ${cols} numbers`;
    throw new InputError(`${source} ${given}, and the frames of a clip are square and in colour: side × side × 3 numbers each.`, SAVE);
  }
  if (frames < 2) throw new InputError(`${source} holds one frame, and attention over a video needs at least 2.`, SAVE);
  if (frames > MOST_FRAMES || side > MOST_SIDE) {
    throw new InputError(`${source} holds ${frames} frames of ${side} × ${side}, more than the ${MOST_FRAMES} frames of ${MOST_SIDE} × ${MOST_SIDE} that a lab takes.`, 'Cut it shorter or scale it down: a token sees some 8 × 8 pixels.');
  }
  const { pixels, bytes } = inUnit(matrix);
  const words = `${frames} frames of ${side} × ${side}`;
  return { frames, side, pixels, source: `${source}: ${words}${bytes ? ', values from 0 to 255' : ''}`, key: matrix.key };
}

/** What rounding and filters may add beyond a range. */
const SLACK = 1e-3;

/** The values from 0 to 1, and whether they came as 0 to 255. */
function inUnit({ data, source }: Matrix): { pixels: Float32Array; bytes: boolean } {
  let [low, high, whole] = [Infinity, -Infinity, true];
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  const bytes = high > 1 + SLACK;
  // 0 … 1.3 is a picture that was sharpened beyond its range, not one of 256 steps that is nearly black.
  if (low < -SLACK || high > 255 * (1 + SLACK) || (bytes && high < 2 && !whole)) {
    throw new InputError(`${source} has values from ${short(low)} to ${short(high)}, and those of a clip run from 0 to 1 or from 0 to 255.`, SAVE);
  }
  const scale = bytes ? 1 / 255 : 1;
  return { pixels: data.map((value) => Math.min(1, Math.max(0, value * scale))), bytes };
}

const short = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '\u2212');

/** Which of `had` frames stand for `wanted`: evenly spaced, the first and the last among them. */
export const evenly = (had: number, wanted: number): number[] =>
  Array.from({ length: wanted }, (_, i) => (wanted === 1 ? 0 : Math.round((i * (had - 1)) / (wanted - 1))));

/** As many frames as asked for, evenly spaced, the first and the last among them. Of fewer, some come twice. */
export function sampleFrames(clip: Clip, frames: number): Clip {
  if (frames === clip.frames) return clip;
  if (!Number.isInteger(frames) || frames < 1) throw new RangeError(`frames is ${frames}, but it must be a whole number from 1.`);
  const size = clip.side ** 2 * 3;
  const pixels = new Float32Array(frames * size);
  for (const [i, from] of evenly(clip.frames, frames).entries()) pixels.set(clip.pixels.subarray(from * size, (from + 1) * size), i * size);
  return { ...clip, frames, pixels, key: `${clip.key}@${frames}` };
}

/** A clip of pixels that were made here. @param pixels [frames, side, side, 3], sRGB from 0 to 1 */
export const madeClip = (frames: number, side: number, pixels: Float32Array, source: string): Clip =>
  ({ frames, side, pixels, source, key: matrixKey(frames, side * side * 3, pixels) });
