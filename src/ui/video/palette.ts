/**
 * Paint for clusters. Each next colour is the one farthest from all before it, by the smallest OKLab distance over
 * normal, protan, deutan and tritan vision; the first few differ most. No palette of hundreds can be told apart by
 * colour alone: a chosen cluster is therefore outlined, never only coloured.
 */

import { pack, type MapTheme } from '../color/maps';
import { hexToRgb, mixOklab, oklabToRgb, rgbToOklab, type Lab, type Rgb } from '../color/oklab';
import { labsOf, VISIONS } from '../color/vision';

export const PAINTS = 256;
/** Lightness that keeps off the paper and off the ink of outlines. */
const LIGHTNESS: Readonly<Record<MapTheme, readonly [number, number]>> = { light: [0.44, 0.88], dark: [0.42, 0.86] };
const [STEPS, HUES] = [12, 36] as const;
const CHROMA = [0.05, 0.1, 0.15] as const;
/** Square of the distance that names which follow each other keep. */
const ASIDE = 0.12 ** 2;
/** A blue that is neither light nor dark. */
const FIRST: Lab = [0.6, -0.03, -0.13];

/** Every candidate's OKLab coordinates in each kind of vision lie side by side: one build compares them half a million times. */
const WIDTH = 3 * VISIONS.length;

function candidatesOf(theme: MapTheme): { readonly colors: readonly Rgb[]; readonly seen: Float64Array } {
  const [low, high] = LIGHTNESS[theme];
  const colors: Rgb[] = [];
  for (let i = 0; i < STEPS; i += 1) {
    for (let h = 0; h < HUES; h += 1) {
      for (const chroma of CHROMA) {
        const angle = (2 * Math.PI * h) / HUES;
        const want: Lab = [low + ((high - low) * i) / (STEPS - 1), chroma * Math.cos(angle), chroma * Math.sin(angle)];
        const rgb = oklabToRgb(want);
        const got = rgbToOklab(rgb);
        // What the screen cannot show would be clipped to another hue.
        if (Math.hypot(got[0] - want[0], got[1] - want[1], got[2] - want[2]) < 0.01) colors.push(rgb);
      }
    }
  }
  return { colors, seen: Float64Array.from(colors.flatMap((rgb) => labsOf(rgb).flat())) };
}

/** Square of the smallest distance over all kinds of vision. */
function gap(seen: Float64Array, i: number, j: number): number {
  let least = Infinity;
  for (let n = 0; n < WIDTH; n += 3) {
    const [a, b] = [WIDTH * i + n, WIDTH * j + n];
    const square = (seen[a] - seen[b]) ** 2 + (seen[a + 1] - seen[b + 1]) ** 2 + (seen[a + 2] - seen[b + 2]) ** 2;
    if (square < least) least = square;
  }
  return least;
}

function build(theme: MapTheme): readonly Rgb[] {
  const { colors, seen } = candidatesOf(theme);
  const room = new Float64Array(colors.length).fill(Infinity);
  const far = (i: number): number => Math.hypot(seen[WIDTH * i] - FIRST[0], seen[WIDTH * i + 1] - FIRST[1], seen[WIDTH * i + 2] - FIRST[2]);
  let next = colors.reduce((best, _, i) => (far(i) < far(best) ? i : best), 0);
  const chosen: Rgb[] = [];
  while (chosen.length < PAINTS) {
    chosen.push(colors[next]);
    const last = next;
    let best = -1;
    for (let i = 0; i < colors.length; i += 1) {
      const near = gap(seen, i, last);
      room[i] = Math.min(room[i], near);
      const score = room[i] * Math.min(1, near / ASIDE);
      if (score > best) [best, next] = [score, i];
    }
  }
  return chosen;
}

const built = new Map<MapTheme, readonly Rgb[]>();

/** 256 colours, 0…255 channels. */
export function clusterPaints(theme: MapTheme): readonly Rgb[] {
  const paints = built.get(theme) ?? build(theme);
  built.set(theme, paints);
  return paints;
}

/** Colour of a cluster, as CSS. */
export const clusterColor = (label: number, theme: MapTheme): string => `rgb(${clusterPaints(theme)[label % PAINTS].join(' ')})`;

/** The ground of a theme: what a pale pixel leans to. */
const GROUND: Readonly<Record<MapTheme, Lab>> = { light: rgbToOklab(hexToRgb('#ffffff')), dark: rgbToOklab(hexToRgb('#111316')) };
const PALE = 0.82;

const pixels = new Map<MapTheme, readonly [clear: Uint32Array, pale: Uint32Array]>();

/** Packed pixels of labels, as they are or pale. */
export function labelPixel(theme: MapTheme): (label: number, pale: boolean) => number {
  const known = pixels.get(theme) ?? [
    Uint32Array.from(clusterPaints(theme), (rgb) => pack(...rgb)),
    Uint32Array.from(clusterPaints(theme), (rgb) => pack(...oklabToRgb(mixOklab(rgbToOklab(rgb), GROUND[theme], PALE)))),
  ];
  pixels.set(theme, known);
  return (label, pale) => known[pale ? 1 : 0][label % PAINTS];
}
