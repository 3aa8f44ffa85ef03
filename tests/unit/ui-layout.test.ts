import { describe, expect, it } from 'vitest';

import { plansOf, scalesOf, TILES } from '../../src/papers/svdquant/display';
import { lesson } from '../../src/papers/svdquant/lesson';
import { schema } from '../../src/papers/svdquant/params';
import { wiring } from '../../src/papers/svdquant/wires';
import type { StageTensor } from '../../src/run/run';
import type { Box } from '../../src/ui/strip/geometry';
import { cellAt, planAxes, planAxis, shareOf } from '../../src/ui/heatmap/axes';
import { histogram, summarize } from '../../src/ui/inspector/stats';
import { cut, levelsOf, startToShow, viewOf } from '../../src/ui/inspector/view';

describe('axes', () => {
  it('shows each cell where they fit, else whole blocks', () => {
    expect(planAxis(128)).toMatchObject({ block: 1, cells: 128, zoom: 1, extent: 128 });
    expect(planAxis(40)).toMatchObject({ block: 1, zoom: 3, extent: 120 });
    expect(planAxis(1875)).toMatchObject({ block: 15, cells: 125, extent: 125 });
  });

  it('draws axes that meet at one zoom, but never too low to hit', () => {
    const plans = planAxes({ t: 7, k: 40, n: 24 });
    expect([plans['k']!.zoom, plans['n']!.zoom]).toEqual([3, 3]);
    expect(plans['t']!.extent).toBeGreaterThanOrEqual(48);
  });

  it('finds the cell it places, for every cell and every length', () => {
    for (const length of [1, 5, 96, 128, 129, 500]) {
      const axis = planAxis(length);
      for (let i = 0; i < length; i += 1) expect(cellAt(axis, shareOf(axis, i))).toBe(i - (i % axis.block));
      expect(cellAt(axis, 1)).toBeLessThan(length);
    }
  });
});

const stage = (id: string, rows: number, cols: number, value: number, family: string): StageTensor => ({
  id, symbol: id, name: id, rows, cols, data: new Float32Array(rows * cols).fill(value), axes: ['t', 'k'], family, format: '',
});

describe('display of a run', () => {
  const stages = Object.fromEntries([
    ...TILES.map((t) => stage(t.stage, 8, 8, 1, 'x')), stage('l1', 8, 40, 1, 'l'), stage('l2', 40, 8, 1, 'l'),
  ].map((s) => [s.id, s]));
  const lambda = { id: 'lambda', symbol: 'λ', name: 'λ', data: new Float32Array(8).fill(4), axis: 'k' };

  it('scales X̂ up and Ŵ down by the median of λ, so that each family shares one scale', () => {
    const scales = scalesOf(stages, { lambda });
    expect(scales.x.max).toBe(4);
    expect(scales.w.max).toBe(1); // W itself; Ŵ, L, R are drawn at a quarter
  });

  it('keeps the factors within their room', () => {
    expect(plansOf(stages)['r']!.extent).toBeLessThanOrEqual(32);
  });
});

describe('wiring', () => {
  const at = (column: number, top: number, width = 128, height = 96): Box => ({ left: column * 164, right: column * 164 + width, top, bottom: top + height });
  const boxes: Record<string, Box> = {
    x: at(0, 0), xs: at(1, 0), qx: at(3, 0), y: at(4, 0), e_rtn: at(5, 0), l: at(2, 150, 128, 128), yh: at(4, 150), e: at(5, 150),
    w: at(0, 300, 128, 128), ws: at(1, 300, 128, 128), r: at(2, 300, 128, 128), qr: at(3, 300, 128, 128), maxima: at(0, 150), lambda: at(1, 150),
  };

  it('draws 16-bit flows thick, 4-bit flows thin, and dots what only sets or compares', () => {
    const { wires } = wiring(boxes, 1, 128)!;
    expect(wires.filter((w) => w.width === 3.6)).toHaveLength(9);
    expect(wires.filter((w) => w.width === 1.2 && !w.dotted)).toHaveLength(2);
    expect(wires.filter((w) => w.dotted)).toHaveLength(2);
    expect(wires.filter((w) => !w.head)).toHaveLength(1); // the comparison ends at the subtraction
  });

  it('starts the kept branch at L₁ when there is one', () => {
    const beside: Box = { left: 460, right: 468, top: 150, bottom: 278 };
    const start = (b: Record<string, Box>): number => Number(/^M([\d.]+)/.exec(wiring(b, 1, 128)!.wires[8]!.d)![1]);
    expect(start({ ...boxes, l1: beside })).toBe(471);
    expect(start(boxes)).toBe(boxes['l']!.right + 3);
  });

  it('waits until every tile stands', () => {
    expect(wiring({ x: boxes['x']! }, 1, 128)).toBeUndefined();
  });
});

describe('inspector', () => {
  it('measures a tensor', () => {
    const s = summarize({ ...stage('x', 2, 2, 0, 'x'), data: Float32Array.of(3, -4, 0, 1) });
    expect([s.max, s.frobenius, [...s.rowMaxima], [...s.colMaxima]]).toEqual([4, Math.sqrt(26), [4, 1], [3, 4]]);
  });

  it('counts every value once, zeros in the middle', () => {
    const counts = histogram(Float32Array.of(-1, 1, 0, 0, 0.5), 1);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(5);
    expect([counts[0], counts[30], counts[60]]).toEqual([1, 2, 1]);
    expect(histogram(new Float32Array(4), 0)[30]).toBe(4);
  });

  it('zooms in on a window that stays inside the tensor', () => {
    expect(viewOf(128, 128, 0, 0, 0)).toMatchObject({ pixels: 2, blockRows: 1, rows: 128 });
    expect(viewOf(1875, 512, 0, 0, 0)).toMatchObject({ blockRows: 15, blockCols: 4 });
    expect(viewOf(128, 128, 8, 120, -5)).toMatchObject({ row0: 96, col0: 0, rows: 32, cols: 32 });
    expect(levelsOf(128, 128)).toEqual([0, 4, 8, 16]);
    expect(startToShow(40, 0, 32)).toBe(9);
  });

  it('cuts the window it names', () => {
    const data = Float32Array.from({ length: 64 * 64 }, (_, i) => i);
    const grid = cut(data, 64, 64, viewOf(64, 64, 16, 10, 20));
    expect([grid.rows, grid.cols, grid.data[0], grid.data[16]]).toEqual([16, 16, 10 * 64 + 20, 11 * 64 + 20]);
  });
});

describe('lesson', () => {
  it('has one step per column, each on a stage that is drawn and a parameter that exists', () => {
    expect(lesson).toHaveLength(6);
    const drawn = new Map(TILES.map((t) => [t.stage, t.column]));
    lesson.forEach((step, i) => {
      expect(drawn.get(step.stage)).toBe(i + 1);
      expect(step.param === undefined || step.param in schema).toBe(true);
      expect(step.sentence.split('*').length % 2).toBe(1);
    });
  });
});
