import { colorMap, type MapTheme } from '../color/maps';
import type { Grid } from '../color/reduce';
import { magnitudeTable, TABLE_SHIFT, type ColorScale } from '../color/scale';

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
  const map = colorMap(scale.map, theme);
  const table = magnitudeTable(scale);
  const shown = factor === 1 ? grid.data : grid.data.map((v) => v * factor);
  const bits = new Uint32Array(shown.buffer, shown.byteOffset, pixels.length);
  if (scale.map === 'signed') {
    for (let i = 0; i < pixels.length; i += 1) {
      const away = table[(bits[i]! & 0x7fffffff) >>> TABLE_SHIFT]!;
      pixels[i] = map[bits[i]! >>> 31 ? 128 - away : 128 + away]!;
    }
  } else {
    for (let i = 0; i < pixels.length; i += 1) pixels[i] = map[table[(bits[i]! & 0x7fffffff) >>> TABLE_SHIFT]!]!;
  }
  context.putImageData(image, 0, 0);
}
