/** A clip cut into the patches that stand for tokens, and what can be said of each patch without a model. */

import { sampleFrames, type Clip } from '../inputs/video/clip';

export interface Patches {
  readonly frames: number;
  /** Patches along an edge of a frame. */
  readonly grid: number;
  readonly features: number;
  /** [frames·grid², features]; each feature has mean 0 and variance 1 over the clip, or is 0 where nothing differs. */
  readonly x: Float32Array;
  /** [frames, grid·m, grid·m, 3], sRGB from 0 to 1: what the features were taken from, m pixels along a patch. */
  readonly pixels: Float32Array;
}

/** Pixels along an edge of a frame, at most: a patch needs no more for its features. */
const MOST_SIDE = 64;

/** Colour as lightness and two differences, spread of lightness, its slope, and how much it changes along x and y. */
const FEATURES = 8;

/**
 * Frames evenly spaced, scaled by the mean over areas so that each patch has m × m whole pixels, and the features of
 * each patch. All of it in sRGB: what a colour looks like, not how much light it is.
 */
export function patchesOf(clip: Clip, frames: number, grid: number): Patches {
  if (!Number.isInteger(grid) || grid < 1 || grid > MOST_SIDE) throw new RangeError(`grid is ${grid}, but it must be a whole number from 1 to ${MOST_SIDE}.`);
  const m = Math.max(1, Math.floor(Math.min(clip.side, MOST_SIDE) / grid));
  const side = grid * m;
  const { pixels: given } = sampleFrames(clip, frames);
  const pixels = clip.side === side ? given : scaled(given, frames, clip.side, side);
  const x = new Float32Array(frames * grid * grid * FEATURES);
  for (let f = 0; f < frames; f++) describeFrame(pixels.subarray(f * side * side * 3, (f + 1) * side * side * 3), grid, m, x.subarray(f * grid * grid * FEATURES));
  standardize(x, FEATURES);
  return { frames, grid, features: FEATURES, x, pixels };
}

/** Which pixels of `from` a pixel of `to` covers along one axis, and how much of each. */
function cover(from: number, to: number): { readonly first: number; readonly shares: readonly number[] }[] {
  return Array.from({ length: to }, (_, i) => {
    const [begin, end] = [(i * from) / to, ((i + 1) * from) / to];
    const first = Math.floor(begin);
    const count = Math.ceil(end - 1e-9) - first;
    return { first, shares: Array.from({ length: count }, (_unused, k) => (Math.min(end, first + k + 1) - Math.max(begin, first + k)) / (end - begin)) };
  });
}

/** Means over areas: [frames, from, from, 3] to [frames, to, to, 3]. */
function scaled(pixels: Float32Array, frames: number, from: number, to: number): Float32Array {
  const axis = cover(from, to);
  const out = new Float32Array(frames * to * to * 3);
  for (let at = 0; at < out.length; at++) {
    const [c, x, y, f] = [at % 3, Math.floor(at / 3) % to, Math.floor(at / (3 * to)) % to, Math.floor(at / (3 * to * to))];
    let sum = 0;
    for (const [j, v] of axis[y].shares.entries()) {
      const row = (f * from + axis[y].first + j) * from;
      for (const [i, u] of axis[x].shares.entries()) sum += u * v * pixels[(row + axis[x].first + i) * 3 + c];
    }
    out[at] = sum;
  }
  return out;
}

/** Features [grid², FEATURES] of one frame [grid·m, grid·m, 3]. */
function describeFrame(frame: Float32Array, grid: number, m: number, out: Float32Array): void {
  const side = grid * m;
  const light = Float64Array.from({ length: side * side }, (_, p) => 0.299 * frame[3 * p] + 0.587 * frame[3 * p + 1] + 0.114 * frame[3 * p + 2]);
  const clamp = (i: number): number => Math.min(side - 1, Math.max(0, i));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const p = y * side + x;
      const at = (Math.floor(y / m) * grid + Math.floor(x / m)) * FEATURES;
      const [r, g, b] = [frame[3 * p], frame[3 * p + 1], frame[3 * p + 2]];
      const dx = light[y * side + clamp(x + 1)] - light[y * side + clamp(x - 1)];
      const dy = light[clamp(y + 1) * side + x] - light[clamp(y - 1) * side + x];
      const values = [light[p], r - g, (r + g) / 2 - b, light[p] ** 2, dx, dy, Math.abs(dx), Math.abs(dy)];
      for (const [i, value] of values.entries()) out[at + i] += value / (m * m);
    }
  }
  for (let at = 0; at < grid * grid * FEATURES; at += FEATURES) out[at + 3] = Math.sqrt(Math.max(0, out[at + 3] - out[at] ** 2));
}

/** Differences below this (of values from 0 to 1) are rounding. */
const FLAT = 1e-5;

function standardize(x: Float32Array, features: number): void {
  const rows = x.length / features;
  for (let i = 0; i < features; i++) {
    let [sum, squares] = [0, 0];
    for (let at = i; at < x.length; at += features) sum += x[at];
    for (let at = i; at < x.length; at += features) squares += (x[at] - sum / rows) ** 2;
    const spread = Math.sqrt(squares / rows);
    for (let at = i; at < x.length; at += features) x[at] = spread < FLAT ? 0 : (x[at] - sum / rows) / spread;
  }
}
