/**
 * Synthetic video heads: tokens carry random Fourier codes of their frame and of their position, and a head weighs the
 * two. The logit of a pair is about a ⟨e_f, e_f'⟩ + b ⟨e_p, e_p'⟩ plus noise.
 */

import { createRng, type Rng } from '../../../kernels/rng';
import type { Heads } from '../../attention/heads';

export type HeadKind = 'spatial' | 'temporal' | 'mixed' | 'neither';

/** Weights (a, b) of frame and position. */
const WEIGHTS: Readonly<Record<HeadKind, readonly [number, number]>> = { spatial: [6, 0], temporal: [0, 6], mixed: [3, 3], neither: [0, 0] };

export interface VideoToyOptions {
  readonly kinds: readonly HeadKind[];
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  /** A multiple of 8. */
  readonly headDim: number;
  readonly text: number;
  readonly textFirst: boolean;
  /** σ: noise on q and on k. Early denoising steps have much of it. */
  readonly noise: number;
  /** One code along the raster, or one of x and one of y, so that neighbours in both directions attend. */
  readonly code: 'line' | 'grid';
  /** How far what a position shows moves per frame, in positions: along the raster, or along x (and half along y). */
  readonly speed: number;
  readonly seed: number;
}

/** Standard deviation of the codes' frequencies. */
const SPREAD = 2;

/** [cos(x ω), sin(x ω)] / √n for n frequencies: a unit vector of 2 n numbers that turns with x. */
function fourierCode(rng: Rng, n: number): (x: number) => Float64Array {
  const omega = Float64Array.from({ length: n }, () => SPREAD * rng.normal());
  return (x) => Float64Array.from({ length: 2 * n }, (_, i) => (i < n ? Math.cos(x * omega[i]) : Math.sin(x * omega[i - n])) / Math.sqrt(n));
}

/** d^¼ [√a e_f ; √b e_p] of every video token, [F P, D], frame-major. */
function bases(rng: Rng, kind: HeadKind, { frames, height, width, headDim: D, code, speed }: VideoToyOptions): Float64Array {
  const half = D / 2;
  const [a, b] = WEIGHTS[kind];
  const frameCode = fourierCode(rng, half / 2);
  const alongX = fourierCode(rng, code === 'line' ? half / 2 : half / 4);
  const alongY = code === 'line' ? undefined : fourierCode(rng, half / 4);
  const out = new Float64Array(frames * height * width * D);
  const [size, parts] = [D ** 0.25, alongY ? 2 : 1];
  for (let at = 0; at < frames * height * width; at++) {
    const [f, p] = [Math.floor(at / (height * width)), at % (height * width)];
    const [x, y] = alongY ? [(p % width) - speed * f, Math.floor(p / width) - (speed / 2) * f] : [p - speed * f, 0];
    const position = alongY ? [...alongX(x), ...alongY(y)] : alongX(x);
    out.set(frameCode(f).map((v) => size * Math.sqrt(a) * v), at * D);
    out.set(Float64Array.from(position, (v) => size * Math.sqrt(b / parts) * v), at * D + half);
  }
  return out;
}

/**
 * Heads [H,N,D], N = F P + text, frame-major. A text token has no code: q and k are noise alone. V is standard normal.
 * Each head has a stream of its own, so that one more head leaves the others as they are.
 * @throws RangeError when headDim is not a multiple of 8
 */
export function makeVideoToy(o: VideoToyOptions): Heads {
  const { kinds, frames, height, width, headDim: D, text, textFirst, noise, seed } = o;
  if (D % 8 !== 0) throw new RangeError(`The head size must be a multiple of 8 but is ${D}.`);
  const N = frames * height * width + text;
  const size = N * D;
  const [q, k, v] = Array.from({ length: 3 }, () => new Float32Array(kinds.length * size));
  for (const [h, kind] of kinds.entries()) {
    const rng = createRng((Math.imul(seed | 0, 0x9e3779b1) + Math.imul(h + 1, 0x85ebca6b)) >>> 0);
    const base = bases(rng, kind, o);
    const first = textFirst ? text * D : 0;
    for (let i = 0; i < size; i++) {
      const video = i >= first && i < first + base.length;
      const mean = video ? base[i - first] : 0;
      q[h * size + i] = mean + noise * rng.normal();
      k[h * size + i] = mean + noise * rng.normal();
      v[h * size + i] = rng.normal();
    }
  }
  return { H: kinds.length, N, D, q, k, v };
}

/** σ at a step of a toy denoising: from `first` to `last` by equal ratios. The codes and the draws stay the same. */
export const noiseAt = (step: number, steps: number, first = 2, last = 0.5): number => first * (last / first) ** (steps > 1 ? step / (steps - 1) : 1);
