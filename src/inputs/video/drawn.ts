/** Clips drawn by our own arithmetic, seeded: real motion without a file, and with a known one. */

import { madeClip, type Clip } from './clip';
import { SCENES, type ClipKind, type Colour } from './scenes';

export type { ClipKind } from './scenes';

export const CLIP_KINDS: readonly { readonly value: ClipKind; readonly label: string }[] = [
  { value: 'ball', label: 'Ball' },
  { value: 'pan', label: 'Pan' },
  { value: 'crossing', label: 'Crossing' },
];

const SAYS: Readonly<Record<ClipKind, string>> = { ball: 'a ball crosses a room', pan: 'a camera moves along hills', crossing: 'a disc and a square cross' };

/** Suits every grid up to 64 places a side. */
export const DRAWN_SIDE = 64;

export interface DrawnOptions {
  readonly kind: ClipKind;
  readonly frames: number;
  /** Pixels along an edge. */
  readonly side: number;
  /** Picture widths that things move over the whole clip, however many frames it has. */
  readonly speed: number;
  /** Share of frames, from the last, that belong to another scene: 0 to 1. */
  readonly cut: number;
  readonly seed: number;
}

/** The scene after a cut. */
const AFTER: Readonly<Record<ClipKind, ClipKind>> = { ball: 'pan', pan: 'crossing', crossing: 'ball' };

/** A clip of the kind, its moving things in the middle of the picture at half time. */
export function drawnClip(o: DrawnOptions): Clip {
  const { kind, frames, side, speed, seed } = o;
  const pixels = new Float32Array(frames * side * side * 3);
  const second = frames - Math.round(Math.min(1, Math.max(0, o.cut)) * frames);
  paint(pixels, o, kind, seed, 0, second);
  paint(pixels, o, AFTER[kind], seed ^ 0x5bd1e995, second, frames);
  const cut = second < frames ? `, cut to another scene at frame ${second + 1}` : '';
  return madeClip(frames, side, pixels, `drawn, ${SAYS[kind]}, ${speed} widths${cut}, seed ${seed}`);
}

function paint(pixels: Float32Array, { frames, side, speed }: DrawnOptions, kind: ClipKind, seed: number, first: number, last: number): void {
  if (first >= last) return;
  const scene = SCENES[kind](seed);
  const at = (i: number): number => (i + 0.5) / side;
  const ground: Colour[] = Array.from({ length: side * side }, (_, p) => scene.still(at(p % side), at(Math.floor(p / side))));
  for (let f = first; f < last; f++) {
    const moved = speed * (frames > 1 ? f / (frames - 1) - 0.5 : 0);
    for (let p = 0; p < side * side; p++) {
      const colour = scene.over(at(p % side), at(Math.floor(p / side)), moved, ground[p]);
      for (let c = 0; c < 3; c++) pixels[(f * side * side + p) * 3 + c] = Math.min(1, Math.max(0, colour[c]));
    }
  }
}
