import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';

import type { MapTheme } from '../../src/ui/color/maps';
import { hexToRgb, rgbToOklab } from '../../src/ui/color/oklab';
import { blockMiddle } from '../../src/ui/color/reduce';
import { labelScale, makeScale } from '../../src/ui/color/scale';
import { labsOf, VISIONS } from '../../src/ui/color/vision';
import { bandPath, keptPaths, tilesPath } from '../../src/ui/heatmap/map-paths';
import { FrameStrip } from '../../src/ui/video/FrameStrip';
import { cornerOf, layoutFrames, movedToken, placeOf, tokenAt, tokensOf, tokenUnder, type FrameGrid } from '../../src/ui/video/frames';
import { HeadGallery } from '../../src/ui/video/HeadGallery';
import { fillOf, outlineOf } from '../../src/ui/video/outline';
import { clusterPaints, labelPixel, PAINTS } from '../../src/ui/video/palette';

const grid: FrameGrid = { frames: 5, rows: 3, cols: 4 };

describe('frames', () => {
  it('count tokens frame by frame, row by row', () => {
    expect(placeOf(grid, 29)).toEqual({ frame: 2, y: 1, x: 1 });
    for (let t = 0; t < tokensOf(grid); t += 1) expect(tokenAt(grid, placeOf(grid, t))).toBe(t);
  });

  it.each([[948, 16, 8, 8], [948, 8, 16, 8], [358, 16, 8, 4], [1800, 16, 8, 16]])('%i px take %i frames of %i tokens %i in a row', (width, frames, side, perRow) => {
    const layout = layoutFrames({ frames, rows: side, cols: side }, width, { maxCell: 20 });
    expect(layout.perRow).toBe(perRow);
    expect(layout.totalWidth).toBeLessThanOrEqual(width);
    expect(Number.isInteger(layout.cell)).toBe(true);
  });

  it('keep whole multiples of the pixels of a picture where that costs little', () => {
    expect(layoutFrames({ frames: 8, rows: 8, cols: 8, detail: 4 }, 948, { perRow: 8 }).cell).toBe(12);
    expect(layoutFrames({ frames: 16, rows: 8, cols: 8, detail: 8 }, 948, { perRow: 8, maxCell: 13 }).cell).toBe(13);
  });

  it('find the token under every corner, and none in the gaps', () => {
    const layout = layoutFrames(grid, 200, { perRow: 2, foot: 15 });
    for (let t = 0; t < tokensOf(grid); t += 1) {
      const [x, y] = cornerOf(grid, layout, t);
      expect(tokenUnder(grid, layout, x + 0.5, y + 0.5)).toBe(t);
      expect(tokenUnder(grid, layout, x + layout.cell - 0.5, y + layout.cell - 0.5)).toBe(t);
    }
    expect(tokenUnder(grid, layout, layout.width + 2, 4)).toBeUndefined();
    expect(tokenUnder(grid, layout, 4, layout.height + 2)).toBeUndefined();
    expect(tokenUnder(grid, layout, layout.stepX + 2, 2 * layout.stepY + 2)).toBeUndefined(); // the sixth of five
    expect(tokenUnder(grid, layout, -1, 4)).toBeUndefined();
  });

  it.each([
    ['ArrowRight', false, 30], ['ArrowLeft', false, 28], ['ArrowUp', false, 25], ['ArrowDown', false, 33], ['Home', false, 28], ['End', false, 31],
    ['PageDown', false, 41], ['PageUp', false, 17], ['ArrowRight', true, 41], ['ArrowLeft', true, 17], ['Home', true, 0], ['End', true, 59],
  ])('%s (Ctrl %s) leads from 29 to %i', (key, ctrlKey, to) => {
    expect(movedToken(grid, 29, { key, ctrlKey })).toBe(to);
  });

  it('stop at their edges and leave other keys alone', () => {
    expect([movedToken(grid, 3, { key: 'ArrowRight' }), movedToken(grid, 0, { key: 'ArrowUp' }), movedToken(grid, 59, { key: 'PageDown' })]).toEqual([3, 0, 59]);
    expect(movedToken(grid, 3, { key: 'Tab' })).toBeUndefined();
  });

  it('say the picked token, print the scale of ink, and are one stop of the keyboard', () => {
    const html = renderToStaticMarkup(
      <FrameStrip grid={grid} layer={{ kind: 'ink', data: new Float32Array(60), scale: makeScale('error', 0.5, 0), symbol: 'P' }} theme="light" label="Attention" token={29} onPick={() => undefined} describe={() => '1 %'} />,
    );
    expect(html.replaceAll(/<[^>]+>/g, ' ')).toMatch(/frame 2, x 1, y 1\s*: 1 %/);
    expect(html).toContain('0.500');
    expect(html.match(/<canvas/g)).toHaveLength(5);
    expect(html.match(/tabindex="0"/gi)).toHaveLength(1);
    const still = renderToStaticMarkup(<FrameStrip grid={grid} layer={{ kind: 'labels', data: new Uint8Array(60), count: 3 }} theme="light" label="Clusters" />);
    expect(still).toContain('role="img"');
    expect(still).not.toMatch(/tabindex/i);
  });
});

describe('outlines', () => {
  const chosen = (cells: readonly string[]) => (y: number, x: number): boolean => cells[y]?.[x] === '#';
  it('go round what is chosen, straight pieces as one', () => {
    expect(outlineOf(2, 3, chosen(['##.', '##.']))).toBe('M0 0H2M0 2H2M0 0V2M2 0V2');
    expect(outlineOf(2, 2, chosen(['..', '..']))).toBe('');
  });
  it('fill runs of cells', () => {
    expect(fillOf(2, 4, chosen(['##.#', '....']))).toBe('M0 0h2v1h-2ZM3 0h1v1h-1Z');
  });
});

describe('marks over a map', () => {
  it('both edges of a band, and none where it holds everything', () => {
    expect(bandPath(100, 10)).toBe('M10 0L100 90M0 10L90 100');
    expect([bandPath(100, 100), bandPath(100, 0)]).toEqual(['', '']);
  });
  it('tiles by the classes of the kernel', () => {
    const classes = [0, 2, 2, 1];
    expect([tilesPath(classes, 2, 'skipped'), tilesPath(classes, 2, 'partial'), tilesPath(classes, 2, 'full')]).toEqual(['M0 0h1v1h-1Z', 'M1 0h1v1h-1ZM0 1h1v1h-1Z', 'M1 1h1v1h-1Z']);
  });
  it('blocks as wide and high as their clusters', () => {
    const { dropped, border } = keptPaths({ rows: [0, 10, 30], cols: [0, 5, 8, 30], map: [0, 0, 1, 0, 1, 0] });
    expect(dropped).toBe('M0 0H8V10H0ZM0 10H5V30H0ZM8 10H30V30H8Z');
    expect(border).toBe('M8 0H30M5 10H30M5 30H8M5 10V30M8 0V30M30 0V10');
  });
});

describe('paint of clusters', () => {
  const gap = (a: number, b: number, seen: readonly ReturnType<typeof labsOf>[], vision: number): number => Math.hypot(...seen[a][vision].map((v, i) => v - seen[b][vision][i]));
  const least = (n: number, vision: number, seen: readonly ReturnType<typeof labsOf>[]): number => {
    let min = Infinity;
    for (let i = 0; i < n; i += 1) for (let j = 0; j < i; j += 1) min = Math.min(min, gap(i, j, seen, vision));
    return min;
  };

  it.each<MapTheme>(['light', 'dark'])('%s: the first few differ in every kind of vision, all 256 in normal vision', (theme) => {
    const seen = clusterPaints(theme).map(labsOf);
    VISIONS.forEach((_, v) => {
      expect(least(8, v, seen)).toBeGreaterThan(0.1);
      expect(least(16, v, seen)).toBeGreaterThan(0.06);
      expect(least(32, v, seen)).toBeGreaterThan(0.03);
    });
    expect(least(PAINTS, 0, seen)).toBeGreaterThan(0.012);
    for (let i = 1; i < PAINTS; i += 1) expect(gap(i, i - 1, seen, 0)).toBeGreaterThan(0.1); // neighbours in name
  });

  it.each<MapTheme>(['light', 'dark'])('%s: keeps off the ground and off the ink of outlines, and pale is pale', (theme) => {
    const [ground, ink] = (theme === 'light' ? ['#ffffff', '#14171c'] : ['#111316', '#eceef1']).map((c) => rgbToOklab(hexToRgb(c))[0]);
    const lightness = (pixel: number): number => rgbToOklab([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255])[0];
    const pixel = labelPixel(theme);
    for (let l = 0; l < PAINTS; l += 1) {
      const away = Math.abs(lightness(pixel(l, false)) - ground);
      expect(away).toBeGreaterThan(0.1);
      expect(Math.abs(lightness(pixel(l, false)) - ink)).toBeGreaterThan(0.05);
      expect(Math.abs(lightness(pixel(l, true)) - ground)).toBeLessThan(0.25 * away);
    }
    expect(pixel(PAINTS + 3, false)).toBe(pixel(3, false));
  });

  it('takes the middle of a block, never a mixture of names or of pixels', () => {
    expect([...blockMiddle(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), 3, 3, 2, 2).data]).toEqual([5, 6, 8, 9]);
    expect([...blockMiddle(Float32Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4), 2, 2, 2, 2, 3).data]).toEqual([4, 4, 4]);
    expect(labelScale(8, new Set([2])).lit?.has(2)).toBe(true);
  });
});

describe('gallery of heads', () => {
  const head = (id: number, verdict?: string, oracle?: string) =>
    ({ id, label: `Head ${id}`, map: { data: new Float32Array(16), rows: 4, cols: 4 }, scale: makeScale('error', 1, 0), verdict, oracle, bars: [{ label: 'spatial', value: 0.2 * (id + 1), slot: 'hero' as const }] });
  it('is a group of radios of which one is reached, says a wrong verdict and a pending one', () => {
    const html = renderToStaticMarkup(<HeadGallery heads={[head(0, 'spatial', 'temporal'), head(1)]} current={1} onPick={() => undefined} theme="light" />);
    expect(html.match(/role="radio"/g)).toHaveLength(2);
    expect(html.match(/tabindex="0"/gi)).toHaveLength(1);
    expect(html).toContain('all rows say temporal');
    expect(html).toContain('…');
    expect(html.match(/width:(\d+)%/g)).toEqual(['width:50%', 'width:100%']);
  });
});
