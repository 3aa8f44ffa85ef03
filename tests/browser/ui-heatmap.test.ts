import { describe, expect, it } from 'vitest';

import { colorMap } from '../../src/ui/color/maps';
import { makeScale } from '../../src/ui/color/scale';
import { Crosshair } from '../../src/ui/heatmap/crosshair';
import { paintGrid } from '../../src/ui/heatmap/paint';

const canvas = (): HTMLCanvasElement => document.createElement('canvas');

const pixel = (c: HTMLCanvasElement, x: number, y: number): number[] => [...c.getContext('2d')!.getImageData(x, y, 1, 1).data];
const bytes = (packed: number): number[] => [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255, packed >>> 24];

describe('heatmap', () => {
  it('has exactly one pixel per cell, of the map’s colour', () => {
    const c = canvas();
    paintGrid(c, { rows: 2, cols: 3, data: Float32Array.of(-1, 0, 1, 0, 0, 0.5) }, makeScale('signed', 1, 0, 'linear'), 'light');
    const map = colorMap('signed', 'light');
    expect([c.width, c.height]).toEqual([3, 2]);
    expect(pixel(c, 0, 0)).toEqual(bytes(map[1]!));
    expect(pixel(c, 1, 0)).toEqual(bytes(map[128]!));
    expect(pixel(c, 2, 0)).toEqual(bytes(map[255]!));
    expect(pixel(c, 2, 1)).toEqual(bytes(map[192]!));
  });

  it('leaves the last picture alone when the tensor is empty', () => {
    const c = canvas();
    paintGrid(c, { rows: 1, cols: 1, data: Float32Array.of(1) }, makeScale('error', 1, 0), 'dark');
    paintGrid(c, { rows: 4, cols: 0, data: new Float32Array(0) }, makeScale('error', 1, 0), 'dark');
    expect([c.width, c.height]).toEqual([1, 1]);
  });

  it('repaints the twelve tiles of a strip well inside a frame budget', () => {
    const tiles = Array.from({ length: 12 }, canvas);
    const data = Float32Array.from({ length: 128 * 128 }, (_, i) => Math.sin(i) * 3);
    const scale = makeScale('signed', 40, 0.5);
    const times = Array.from({ length: 15 }, () => {
      const start = performance.now();
      for (const c of tiles) paintGrid(c, { rows: 128, cols: 128, data }, scale, 'light');
      return performance.now() - start;
    }).sort((a, b) => a - b);
    console.log(`strip repaint: median ${times[7]!.toFixed(1)} ms`);
    expect(times[7]).toBeLessThan(15);
  });
});

describe('crosshair', () => {
  it('tells every listener, a late one too, and forgets those that left', () => {
    const crosshair = new Crosshair();
    const heard: unknown[] = [];
    const leave = crosshair.subscribe((cell) => heard.push(cell));
    crosshair.set({ k: 3 });
    crosshair.subscribe((cell) => heard.push(['late', cell]));
    leave();
    crosshair.set(undefined);
    expect(heard).toEqual([undefined, { k: 3 }, ['late', { k: 3 }], ['late', undefined]]);
  });
});
