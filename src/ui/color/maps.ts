/** The two colour maps of the house as tables of packed pixels, interpolated in OKLab between their anchors. */

import { hexToRgb, mixOklab, oklabToRgb, rgbToOklab } from './oklab';

export type MapTheme = 'light' | 'dark';
export type MapKind = 'signed' | 'error';

/** −1 … +1 in quarters. Lightness is symmetric: sign survives as hue, size as lightness; zero is neutral. */
const SIGNED: Readonly<Record<MapTheme, readonly string[]>> = {
  light: ['#182d51', '#2057a6', '#448ae5', '#89c1ff', '#f3f3f3', '#f2ab79', '#cd6b2b', '#933b08', '#492014'],
  dark: ['#c8e5ff', '#73adff', '#3178d2', '#124984', '#1e1e1e', '#733600', '#ba5a13', '#f09065', '#ffd5c4'],
};
/** 0 … 1: no error is the paper itself. */
const ERROR: Readonly<Record<MapTheme, readonly string[]>> = {
  light: ['#f9fafd', '#121314'],
  dark: ['#151618', '#eaebee'],
};

/** ImageData bytes are R, G, B, A; a Uint32 view of them is ABGR on the little-endian machines browsers run on. */
export const pack = (r: number, g: number, b: number): number => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

function sample(anchors: readonly string[], t: number): number {
  const place = Math.min(1, Math.max(0, t)) * (anchors.length - 1);
  const i = Math.min(anchors.length - 2, Math.floor(place));
  const at = (n: number) => rgbToOklab(hexToRgb(anchors[n]!));
  return pack(...oklabToRgb(mixOklab(at(i), at(i + 1), place - i)));
}

/**
 * 256 packed pixels. Signed: entry 128 is exactly zero, 1 and 255 are −1 and +1 (0 repeats 1).
 * Error: entry i is i/255.
 */
function build(kind: MapKind, theme: MapTheme): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, i) =>
    kind === 'signed' ? sample(SIGNED[theme], (Math.max(-1, (i - 128) / 127) + 1) / 2) : sample(ERROR[theme], i / 255));
}

const made = new Map<string, Uint32Array>();

export function colorMap(kind: MapKind, theme: MapTheme): Uint32Array {
  const key = `${kind} ${theme}`;
  const map = made.get(key) ?? build(kind, theme);
  made.set(key, map);
  return map;
}

/** A CSS gradient of the map, for legends. */
export function rampCss(kind: MapKind, theme: MapTheme): string {
  const map = colorMap(kind, theme);
  const first = kind === 'signed' ? 1 : 0;
  const stops = Array.from({ length: 17 }, (_, i) => {
    const pixel = map[Math.round(first + (i / 16) * (255 - first))]!;
    return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
  });
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}
