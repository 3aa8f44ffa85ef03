import { colorMap, pack, type MapTheme } from '../color/maps';
import type { Grid } from '../color/reduce';
import { magnitudeTable, TABLE_SHIFT, type ColorScale } from '../color/scale';
import { labelPixel } from '../video/palette';

/** Pixels of values on a colour map. */
function paintValues(pixels: Uint32Array, values: Float32Array, scale: ColorScale, map: Uint32Array): void {
  const table = magnitudeTable(scale);
  const bits = new Uint32Array(values.buffer, values.byteOffset, pixels.length);
  if (scale.map === 'signed') {
    for (let i = 0; i < pixels.length; i += 1) {
      const away = table[(bits[i]! & 0x7fffffff) >>> TABLE_SHIFT]!;
      pixels[i] = map[bits[i]! >>> 31 ? 128 - away : 128 + away]!;
    }
  } else {
    for (let i = 0; i < pixels.length; i += 1) pixels[i] = map[table[(bits[i]! & 0x7fffffff) >>> TABLE_SHIFT]!]!;
  }
}

/** sRGB 0 … 1, three values a pixel. */
function paintColors(pixels: Uint32Array, values: Float32Array): void {
  const byte = (v: number): number => Math.round(255 * Math.min(1, Math.max(0, v)));
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = pack(byte(values[3 * i]!), byte(values[3 * i + 1]!), byte(values[3 * i + 2]!));
}

/**
 * Draws a grid into a canvas of exactly cols × rows pixels; the stylesheet scales it, pixelated.
 * @param factor multiplies values for display only
 */
export function paintGrid(canvas: HTMLCanvasElement, grid: Grid, scale: ColorScale, theme: MapTheme, factor = 1): void {
  if (grid.rows === 0 || grid.cols === 0) return;
  if (canvas.width !== grid.cols) canvas.width = grid.cols;
  if (canvas.height !== grid.rows) canvas.height = grid.rows;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(grid.cols, grid.rows);
  const pixels = new Uint32Array(image.data.buffer);
  if (scale.map === 'rgb') paintColors(pixels, grid.data);
  else if (scale.map === 'label') {
    const pixel = labelPixel(theme);
    const { lit, paint } = scale;
    grid.data.forEach((label, i) => { pixels[i] = pixel(paint ? paint[label]! : label, lit !== undefined && !lit.has(label)); });
  } else paintValues(pixels, factor === 1 ? grid.data : grid.data.map((v) => v * factor), scale, colorMap(scale.map, theme));
  context.putImageData(image, 0, 0);
}
