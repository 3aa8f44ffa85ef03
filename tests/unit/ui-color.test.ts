import { describe, expect, it } from 'vitest';

import { colorMap, rampCss, type MapTheme } from '../../src/ui/color/maps';
import { hexToRgb, oklabToRgb, rgbToOklab, type Rgb } from '../../src/ui/color/oklab';
import { blockMax } from '../../src/ui/color/reduce';
import { entryOf, magnitudeTable, makeScale, maxAbs, quantileAbs, TABLE_SHIFT } from '../../src/ui/color/scale';

const rgbOf = (pixel: number): Rgb => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
const lightness = (pixel: number): number => rgbToOklab(rgbOf(pixel))[0];
const hex = (pixel: number): string => `#${rgbOf(pixel).map((c) => c.toString(16).padStart(2, '0')).join('')}`;
const themes: readonly MapTheme[] = ['light', 'dark'];

describe('OKLab', () => {
  it('returns every 8-bit colour it is given', () => {
    for (const color of ['#000000', '#ffffff', '#182d51', '#f2ab79', '#0242cc', '#7fff01']) {
      expect(oklabToRgb(rgbToOklab(hexToRgb(color)))).toEqual(hexToRgb(color));
    }
  });

  it('gives white lightness 1 and no chroma', () => {
    const [L, a, b] = rgbToOklab([255, 255, 255]);
    expect(L).toBeCloseTo(1, 6);
    expect(Math.hypot(a, b)).toBeLessThan(1e-6);
  });
});

describe('colour maps', () => {
  it('hit their anchors at −1, 0 and +1', () => {
    const light = colorMap('signed', 'light');
    expect([hex(light[1]!), hex(light[128]!), hex(light[255]!)]).toEqual(['#182d51', '#f3f3f3', '#492014']);
    const dark = colorMap('error', 'dark');
    expect([hex(dark[0]!), hex(dark[255]!)]).toEqual(['#151618', '#eaebee']);
  });

  it.each(themes)('signed, %s: lightness is monotone away from zero and much the same on both sides', (theme) => {
    const map = colorMap('signed', theme);
    const away = theme === 'light' ? -1 : 1;
    for (let d = 1; d < 127; d += 1) {
      for (const side of [-1, 1]) {
        expect(away * (lightness(map[128 + side * (d + 1)]!) - lightness(map[128 + side * d]!))).toBeGreaterThan(-0.004);
      }
      expect(Math.abs(lightness(map[128 + d]!) - lightness(map[128 - d]!))).toBeLessThan(0.06);
    }
  });

  it.each(themes)('error, %s: lightness never turns back', (theme) => {
    const map = colorMap('error', theme);
    const away = theme === 'light' ? -1 : 1;
    for (let i = 1; i < 256; i += 1) expect(away * (lightness(map[i]!) - lightness(map[i - 1]!))).toBeGreaterThan(-0.003);
    expect(Math.abs(lightness(map[255]!) - lightness(map[0]!))).toBeGreaterThan(0.7);
  });

  it('is opaque, and its legend starts and ends where the map does', () => {
    expect(colorMap('signed', 'light').every((pixel) => pixel >>> 24 === 255)).toBe(true);
    expect(rampCss('signed', 'light')).toMatch(/^linear-gradient\(90deg, rgb\(24 45 81\), .*rgb\(73 32 20\)\)$/);
  });
});

describe('transfer', () => {
  it('puts zero in the middle, the maximum at the ends, and clips beyond', () => {
    const entry = entryOf(makeScale('signed', 10, 1));
    expect([entry(-10), entry(0), entry(10), entry(1e9), entry(-1e9)]).toEqual([1, 128, 255, 255, 1]);
  });

  it('lifts small values as asinh does', () => {
    const scale = makeScale('signed', 237, 2.7);
    expect(entryOf(scale)(2.7)).toBe(128 + Math.round((127 * Math.asinh(1)) / Math.asinh(237 / 2.7)));
    expect(entryOf({ ...scale, transfer: 'linear' })(2.7)).toBe(128 + Math.round((127 * 2.7) / 237));
  });

  it('draws errors by size and without sign', () => {
    const entry = entryOf(makeScale('error', 2, 0));
    expect([entry(0), entry(1), entry(-1), entry(2)]).toEqual([0, 128, 128, 255]);
  });

  it('applies a display factor, and survives a tensor of zeros', () => {
    const scale = makeScale('signed', 10, 1);
    expect(entryOf(scale, 5)(2)).toBe(255);
    expect(entryOf(makeScale('signed', 0, 0))(0)).toBe(128);
  });
});

describe('painting table', () => {
  const bitsOf = (v: number): number => new Uint32Array(Float32Array.of(v).buffer)[0]!;
  it.each([makeScale('signed', 237, 2.7), makeScale('signed', 1e-3, 1e-6), makeScale('error', 1.15, 0)])('is within one entry of the exact transfer: %o', (scale) => {
    const table = magnitudeTable(scale);
    const exact = entryOf(scale);
    for (let v = scale.max * 1e-6; v < scale.max * 2; v *= 1.003) {
      expect(Math.abs(table[bitsOf(v) >>> TABLE_SHIFT]! - (exact(v) - exact(0)))).toBeLessThanOrEqual(scale.map === 'error' ? 2 : 1);
    }
    expect(table[bitsOf(Infinity) >>> TABLE_SHIFT]).toBe(exact(scale.max) - exact(0));
    expect(table[0]).toBe(0);
  });
});

describe('quantiles and block reduction', () => {
  it('takes quantiles of magnitudes', () => {
    expect(quantileAbs(Float32Array.of(-5, 1, -3, 2, 4), 0.5)).toBe(3);
    expect(quantileAbs(new Float32Array(0), 0.5)).toBe(0);
    expect(maxAbs(Float32Array.of(1, -7, 3))).toBe(7);
  });

  it('keeps every column in its sample of a large tensor', () => {
    const data = Float32Array.from({ length: 1875 * 128 }, (_, i) => (i % 128 === 64 ? 100 : 1));
    expect(quantileAbs(data, 1)).toBe(100);
  });

  it('keeps the largest magnitude of a block with its sign, short blocks included', () => {
    const { rows, cols, data } = blockMax(Float32Array.of(1, -9, 2, 3, 4, 5, 0, 0, -1), 3, 3, 2, 2);
    expect([rows, cols, [...data]]).toEqual([2, 2, [-9, 5, 0, -1]]);
  });

  it('does not hide a single outlier, as a mean would', () => {
    const data = new Float32Array(512 * 512);
    data[200 * 512 + 300] = -50;
    const reduced = blockMax(data, 512, 512, 4, 4);
    expect(reduced.data[50 * 128 + 75]).toBe(-50);
  });
});
