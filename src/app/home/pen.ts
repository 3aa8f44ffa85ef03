/** What a sketch draws with: the page's colours, and grids in the page's two colour maps. */

import { createRng, type Rng } from '../../../kernels/rng';
import { colorMap, type MapKind, type MapTheme } from '../../ui/color/maps';

export interface Pen {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly rng: Rng;
  /** A colour token of the stylesheet: 'ink', 'line2', 'hero'. */
  color(token: string): string;
  /** The map's colour of a value: −1 … 1 signed, 0 … 1 error. */
  shade(kind: MapKind, value: number): string;
  /** rows × cols values as a picture in a box of CSS pixels. */
  grid(kind: MapKind, values: ArrayLike<number>, rows: number, cols: number, box: readonly [x: number, y: number, w: number, h: number]): void;
}

const entry = (kind: MapKind, value: number): number =>
  kind === 'signed' ? 128 + Math.round(127 * Math.min(1, Math.max(-1, value))) : Math.round(255 * Math.min(1, Math.max(0, value)));

/** Sizes the canvas for its place and the screen, clears it, and hands over a pen. */
export function takePen(canvas: HTMLCanvasElement, theme: MapTheme, seed: number): Pen | undefined {
  const context = canvas.getContext('2d');
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!context || width === 0 || height === 0) return undefined;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const style = getComputedStyle(canvas);
  return {
    context, width, height, rng: createRng(seed),
    color: (token) => resolve(style, canvas, token),
    shade(kind, value) {
      const pixel = colorMap(kind, theme)[entry(kind, value)];
      return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
    },
    grid(kind, values, rows, cols, [x, y, w, h]) {
      const map = colorMap(kind, theme);
      const image = new ImageData(cols, rows);
      const pixels = new Uint32Array(image.data.buffer);
      for (let i = 0; i < pixels.length; i++) pixels[i] = map[entry(kind, values[i])];
      const small = new OffscreenCanvas(cols, rows);
      small.getContext('2d')?.putImageData(image, 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(small, x, y, w, h);
    },
  };
}

/** A custom property holds light-dark(…); only a real property resolves it to one colour. */
function resolve(style: CSSStyleDeclaration, canvas: HTMLCanvasElement, token: string): string {
  const before = canvas.style.color;
  canvas.style.color = `var(--${token})`;
  const color = style.color;
  canvas.style.color = before;
  return color;
}
