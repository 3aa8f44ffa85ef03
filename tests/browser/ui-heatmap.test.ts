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

  it('repaints in place: every cell of the new tensor, at the new size, nothing of the old one', () => {
    const c = canvas();
    const scale = makeScale('signed', 1, 0, 'linear');
    paintGrid(c, { rows: 3, cols: 3, data: new Float32Array(9).fill(1) }, scale, 'light');
    const data = Float32Array.from({ length: 128 * 128 }, (_, i) => (i % 129 ? 0 : -1)); // a diagonal
    paintGrid(c, { rows: 128, cols: 128, data }, scale, 'dark');
    const map = colorMap('signed', 'dark');
    expect([c.width, c.height]).toEqual([128, 128]);
    const drawn = new Uint32Array(c.getContext('2d')!.getImageData(0, 0, 128, 128).data.buffer);
    const expected = Uint32Array.from(data, (v) => map[v ? 1 : 128]!);
    expect(drawn).toEqual(expected);
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
