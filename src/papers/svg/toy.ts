/**
 * Synthetic video heads: tokens carry random Fourier codes of their frame and of their position, and a head weighs the
 * two. The logit of a pair is about a ⟨e_f, e_f'⟩ + b ⟨e_p, e_p'⟩ plus noise.
 */

import { createRng, type Rng } from '../../../kernels/rng';
import type { Heads } from '../../attention/heads';

export type HeadKind = 'spatial' | 'temporal' | 'mixed' | 'neither';

/** Weights (a, b) of frame and position. */
const WEIGHTS: Readonly<Record<HeadKind, readonly [number, number]>> = { spatial: [6, 0], temporal: [0, 6], mixed: [3, 3], neither: [0, 0] };

export interface HeadOptions {
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

export interface VideoToyOptions extends HeadOptions {
  readonly kinds: readonly HeadKind[];
}

/** Standard deviation of the codes' frequencies: of frames and of places along the raster, and of x and y. */
const SPREAD = 2;
const GRID_SPREAD = 1.2;

/** n frequencies, normal with deviation SPREAD. */
const randomly = (rng: Rng, n: number): Float64Array => Float64Array.from({ length: n }, () => SPREAD * rng.normal());

/**
 * One from each n-th part of their distribution, for codes of few frequencies: drawn freely, some seeds make far places
 * alike. The logistic curve of that deviation stands for the normal one, as its quantiles have a closed form.
 */
const evenly = (rng: Rng, n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => {
  const share = (i + rng.uniform()) / n;
  return GRID_SPREAD * (Math.sqrt(3) / Math.PI) * Math.log((1 + share) / (1 - share));
});

/** [cos(x ω), sin(x ω)] / √n for n frequencies ω: a unit vector of 2 n numbers that turns with x. */
function fourierCode(omega: Float64Array): (x: number) => Float64Array {
  const n = omega.length;
  return (x) => Float64Array.from({ length: 2 * n }, (_, i) => (i < n ? Math.cos(x * omega[i]) : Math.sin(x * omega[i - n])) / Math.sqrt(n));
}

/** Where what position p shows in frame f was in frame 0, in columns and rows: it moves along the raster, or along x and half as fast along y. */
function placeShown(f: number, p: number, width: number, code: HeadOptions['code'], speed: number): readonly [x: number, y: number] {
  const [x, y] = [p % width, Math.floor(p / width)];
  return code === 'line' ? [x - speed * f, y] : [x - speed * f, y - (speed / 2) * f];
}

/** d^¼ [√a e_f ; √b e_p] of every video token, [F P, D], frame-major. */
function bases(rng: Rng, kind: HeadKind, { frames, height, width, headDim: D, code, speed }: HeadOptions): Float64Array {
  const half = D / 2;
  const [a, b] = WEIGHTS[kind];
  const frameCode = fourierCode(randomly(rng, half / 2));
  const alongX = fourierCode(code === 'line' ? randomly(rng, half / 2) : evenly(rng, half / 4));
  const alongY = code === 'line' ? undefined : fourierCode(evenly(rng, half / 4));
  const out = new Float64Array(frames * height * width * D);
  const [size, parts] = [D ** 0.25, alongY ? 2 : 1];
  for (let at = 0; at < frames * height * width; at++) {
    const [f, p] = [Math.floor(at / (height * width)), at % (height * width)];
    const [x, y] = placeShown(f, p, width, code, speed);
    const position = alongY ? [...alongX(x), ...alongY(y)] : alongX(code === 'line' ? y * width + x : x);
    out.set(frameCode(f).map((v) => size * Math.sqrt(a) * v), at * D);
    out.set(Float64Array.from(position, (v) => size * Math.sqrt(b / parts) * v), at * D + half);
  }
  return out;
}

/**
 * One head [1,N,D], N = F P + text, frame-major. A text token has no code: q and k are noise alone. V is standard normal.
 * @param index of the head in its layer: each has a stream of its own, so that one more leaves the others as they are
 * @throws RangeError when headDim is not a multiple of 8
 */
export function makeVideoHead(kind: HeadKind, index: number, o: HeadOptions): Heads {
  const { frames, height, width, headDim: D, text, textFirst, noise, seed } = o;
  if (D % 8 !== 0) throw new RangeError(`The head size must be a multiple of 8 but is ${D}.`);
  const N = frames * height * width + text;
  const [q, k, v] = Array.from({ length: 3 }, () => new Float32Array(N * D));
  const rng = createRng((Math.imul(seed | 0, 0x9e3779b1) + Math.imul(index + 1, 0x85ebca6b)) >>> 0);
  const base = bases(rng, kind, o);
  const first = textFirst ? text * D : 0;
  for (let i = 0; i < N * D; i++) {
    const mean = i >= first && i < first + base.length ? base[i - first] : 0;
    q[i] = mean + noise * rng.normal();
    k[i] = mean + noise * rng.normal();
    v[i] = rng.normal();
  }
  return { H: 1, N, D, q, k, v };
}

/** Heads [H,N,D] of the kinds listed. */
export function makeVideoToy({ kinds, ...o }: VideoToyOptions): Heads {
  const all = kinds.map((kind, index) => makeVideoHead(kind, index, o));
  const size = all.reduce((sum, { q }) => sum + q.length, 0);
  const joined = (of: (head: Heads) => Float32Array): Float32Array => {
    const out = new Float32Array(size);
    all.forEach((head, h) => out.set(of(head), h * of(head).length));
    return out;
  };
  return { H: kinds.length, N: all[0].N, D: o.headDim, q: joined(({ q }) => q), k: joined(({ k }) => k), v: joined(({ v }) => v) };
}

/**
 * What the codes show, as pictures [F, height, width, 3], 0 to 1: each token has the colour of the place that its code
 * stands for. As the codes do, it moves with `speed` and goes on beyond the edges.
 */
export function placeColours({ frames, height, width, code, speed }: Pick<HeadOptions, 'frames' | 'height' | 'width' | 'code' | 'speed'>): Float32Array {
  const pixels = new Float32Array(frames * height * width * 3);
  const wave = (turns: number): number => 0.5 + 0.42 * Math.cos(2 * Math.PI * turns);
  for (let at = 0; at < pixels.length / 3; at++) {
    const [f, p] = [Math.floor(at / (height * width)), at % (height * width)];
    const [x, y] = placeShown(f, p, width, code, speed);
    pixels.set([wave(x / width), wave(y / height + 1 / 3), wave((x + y) / (width + height) + 2 / 3)], at * 3);
  }
  return pixels;
}

/** σ at a step of a toy denoising: from `first` to `last` by equal ratios. The codes and the draws stay the same. */
export const noiseAt = (step: number, steps: number, first = 2, last = 0.5): number => first * (last / first) ** (steps > 1 ? step / (steps - 1) : 1);
