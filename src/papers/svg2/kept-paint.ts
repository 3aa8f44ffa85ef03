/** What is kept is drawn in the colour of the lab's method, from the paper to full: never on one ramp with what is dropped. */

import { colorMap, pack, type MapTheme } from '../../ui/color/maps';
import { hexToRgb, mixOklab, oklabToRgb, rgbToOklab } from '../../ui/color/oklab';
import { entryOf, type ColorScale } from '../../ui/color/scale';

/** Ground of the ink map and colour of the slot 'hero', as in the tokens. */
const ENDS: Readonly<Record<MapTheme, readonly [ground: string, hero: string]>> = {
  light: ['#f9fafd', '#0242cc'],
  dark: ['#151618', '#5c98ff'],
};

const ramps = new Map<MapTheme, Uint32Array>();

/** 256 packed pixels. */
export function keptRamp(theme: MapTheme): Uint32Array {
  const known = ramps.get(theme);
  if (known) return known;
  const [ground, hero] = ENDS[theme].map((hex) => rgbToOklab(hexToRgb(hex)));
  const ramp = Uint32Array.from({ length: 256 }, (_, i) => pack(...oklabToRgb(mixOklab(ground!, hero!, i / 255))));
  ramps.set(theme, ramp);
  return ramp;
}

/** A CSS gradient of the ramp, for legends. */
export function keptCss(theme: MapTheme): string {
  const [ground, hero] = ENDS[theme];
  return `linear-gradient(90deg in oklab, ${ground}, ${hero})`;
}

/** A kept pair of clusters shows even where its probability is next to nothing. */
const FAINTEST = 0.3;

/** Probabilities in ink, those of kept clusters in the method's colour. */
export function mapPixels(probability: Float32Array, kept: Float32Array, scale: ColorScale, theme: MapTheme): Uint32Array {
  const [ink, ramp, entry] = [colorMap('error', theme), keptRamp(theme), entryOf(scale)];
  const out = new Uint32Array(probability.length);
  for (let i = 0; i < out.length; i += 1) {
    const place = entry(probability[i]!);
    out[i] = kept[i] ? ramp[Math.round(255 * FAINTEST + (1 - FAINTEST) * place)]! : ink[place]!;
  }
  return out;
}

/** Shares 0 … 1 of pairs that are kept. */
export function sharePixels(share: Float32Array, theme: MapTheme): Uint32Array {
  const ramp = keptRamp(theme);
  const out = new Uint32Array(share.length);
  for (let i = 0; i < out.length; i += 1) out[i] = ramp[Math.round(255 * Math.min(1, Math.max(0, share[i]!)))]!;
  return out;
}
