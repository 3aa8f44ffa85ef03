import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { MethodResult, Scatter, StageVector, Sweep } from '../../src/run/run';
import { boxesAlong, overlaps, placeLabels, wrapLabel } from '../../src/ui/charts/labels';
import { LevelsChart } from '../../src/ui/charts/LevelsChart';
import { binsOf, boundariesOf, cellIndex, cellsOf, rangeOf, totalOf } from '../../src/ui/charts/levels';
import { MEASURES } from '../../src/ui/charts/measures';
import { ScatterPanel } from '../../src/ui/charts/ScatterPanel';
import { axesOf, frontierOf, heightOf, nearest, pointsOf } from '../../src/ui/charts/scatter';
import { linearTicks, logAxis, logTicks, powersOfTwo, spread } from '../../src/ui/charts/scale';
import { scaleOf } from '../../src/ui/charts/sweep-scale';
import { describePoint } from '../../src/ui/charts/SweepChart';
import { WorkChart } from '../../src/ui/charts/WorkChart';
import { columnsOf, workOf } from '../../src/ui/charts/work';
import { MethodTable } from '../../src/ui/panels/MethodTable';

const text = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('axes', () => {
  test.each([[1, 1000], [0.3, 9], [0.31, 0.4], [2e-6, 7e-5], [1, 1.05]])('log ticks of %f to %f: two to five, inside, ascending', (low, high) => {
    const ticks = logTicks(low, high);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(ticks.every((t, i) => t >= low * 0.999 && t <= high * 1.001 && (i === 0 || t > ticks[i - 1]))).toBe(true);
  });
  test('powers of two, thinned', () => {
    expect(powersOfTwo(1, 16)).toEqual([1, 2, 4, 8, 16]);
    expect(powersOfTwo(1, 4096, 7)).toEqual([1, 4, 16, 64, 256, 1024, 4096]);
  });
  test('round values between the ends, with no minus zero', () => {
    expect(linearTicks(-0.16, 0.21)).toEqual([-0.1, 0, 0.1, 0.2]);
    expect(Object.is(linearTicks(-1, 1)[1], -0) || Object.is(linearTicks(-0.16, 0.21)[1], -0)).toBe(false);
  });
  test('a log axis puts equal ratios at equal distances, and zero at its end', () => {
    const { along } = logAxis([1, 100]);
    expect(along(10) - along(1)).toBeCloseTo(along(100) - along(10), 12);
    expect(along(0)).toBe(0);
  });
  test('labels of different heights keep half of both apart', () => {
    const placed = spread([10, 12, 14], [15, 28, 15], 0, 200);
    expect(placed[1] - placed[0]).toBeCloseTo(21.5, 9);
    expect(placed[2] - placed[1]).toBeCloseTo(21.5, 9);
  });
});

describe('sweep on log axes', () => {
  const sweep: Sweep = {
    id: 'batch', title: 'Time against batch', param: 'batch', xLabel: 'batch', x: [1, 4, 16, 64], current: 8, done: 4, total: 4, measure: 'seconds', xLog: true, yLog: true,
    series: [{ method: 'a', slot: 'hero', label: 'a', y: [1e-5, 1e-5, 2e-5, null] }],
  };
  test('samples stand by their logarithm; a value between them too', () => {
    const { places, placeOf, xTicks } = scaleOf(sweep);
    places.forEach((p, i) => expect(p).toBeCloseTo(i, 12));
    expect(placeOf(8)).toBeCloseTo(1.5, 12);
    expect(xTicks.map((t) => t.text)).toEqual(['1', '2', '4', '8', '16', '32', '64']);
    expect(xTicks.find((t) => t.current)?.text).toBe('8');
  });
  test('values are named in their measure', () => {
    expect(describePoint(sweep, 2)).toBe('16: a 20 µs');
    expect([1e-4, 1e-3, 3e-6].map(MEASURES.seconds.tick)).toEqual(['100 µs', '1 ms', '3 µs']);
    expect([MEASURES.accuracy.text(0.934), MEASURES.loss.text(0.41234), MEASURES.bytes.tick(2e6)]).toEqual(['93.40 %', '0.412', '2 MB']);
  });
});

describe('levels of a row', () => {
  const values = Float32Array.of(-1, 0, 0.5, 1, 10);
  const set = { label: 'a', slot: 'hero', levels: Float32Array.of(0, 1) } as const;
  test('a value on an edge goes to the lower level', () => {
    expect(boundariesOf([0, 1, 5])).toEqual([0.5, 3]);
    expect([-9, 0.5, 0.6, 3, 3.1].map((v) => cellIndex([0.5, 3], v))).toEqual([0, 0, 1, 1, 2]);
  });
  test('cells hold every value once, with its error by count and by sensitivity', () => {
    const cells = cellsOf({ values, weights: Float32Array.of(1, 2, 4, 8, 16) }, set);
    expect(cells.map((c) => c.count)).toEqual([3, 2]);
    expect(cells.map((c) => c.error)).toEqual([1.25, 81]);
    expect(cells.map((c) => c.weightedError)).toEqual([2, 1296]);
    expect(totalOf(cells, 'weight')).toBe(31);
  });
  test('what is kept apart has no error, only for the method that keeps it apart', () => {
    const removed = Uint8Array.of(0, 0, 0, 0, 2);
    expect(totalOf(cellsOf({ values, removed }, { ...set, sparse: true }), 'error')).toBe(1.25);
    expect(totalOf(cellsOf({ values, removed }, set), 'error')).toBe(82.25);
    const range = rangeOf({ values, removed }, [set]);
    expect([range.dense, range.outliers, range.sensitive]).toEqual([[-1, 1], 1, 0]);
    expect(range.high).toBeGreaterThan(10);
  });
  test('bins count each value once; sensitivity is a share of the row', () => {
    const removed = Uint8Array.of(0, 1, 0, 0, 2);
    const counts = binsOf({ values, removed }, -1, 10, 11);
    expect([...counts.dense].reduce((a, b) => a + b)).toBe(3);
    expect([...counts.removed].reduce((a, b) => a + b)).toBe(2);
    const shares = binsOf({ values, weights: Float32Array.of(1, 1, 1, 1, 4) }, -1, 10, 11);
    expect(shares.dense[10]).toBeCloseTo(0.5, 12);
  });
  test('constant, empty and zero-sensitivity rows are drawn', () => {
    const constant = renderToStaticMarkup(<LevelsChart title="t" axisLabel="weight" values={new Float32Array(4).fill(0.5)} weights={new Float32Array(4)} sets={[set]} />);
    expect(constant).not.toContain('NaN');
    expect(text(renderToStaticMarkup(<LevelsChart title="t" axisLabel="weight" values={new Float32Array(0)} sets={[set]} />))).toContain('holds no weights');
    expect(text(renderToStaticMarkup(<LevelsChart title="t" axisLabel="weight" values={values} sets={[]} />))).toContain('No levels yet');
  });
});

describe('scatter', () => {
  const series = (method: string, ys: readonly number[]): Scatter['series'][number] => ({ method, slot: 'hero', label: method, points: ys.map((y, i) => ({ x: i + 2, y, tag: `${i + 2} bits`, params: { bits: i + 2 } })) });
  const scatter: Scatter = { id: 's', title: 'Loss', xLabel: 'bits', yLabel: 'loss', yLog: true, measure: 'loss', base: { y: 0.1, label: '32-bit' }, series: [series('a', [5, 2, 1]), series('b', [4, 3, Number.NaN])], done: 2, total: 3 };
  test('the frontier falls with every step, and nothing lies below it', () => {
    const points = pointsOf(scatter).map((p) => p.point);
    expect(points).toHaveLength(5);
    const frontier = frontierOf(points);
    expect(frontier.map((p) => p.y)).toEqual([4, 2, 1]);
    for (const p of points) expect(frontier.some((f) => f.x <= p.x && f.y <= p.y)).toBe(true);
    expect(frontierOf([{ x: 1, y: 1 }, { x: 1, y: 1 }])).toHaveLength(1);
    expect(frontierOf([{ x: 1, y: 1 }, { x: 2, y: 3 }, { x: 3, y: 2 }], true).map((p) => p.y)).toEqual([1, 3]);
  });
  test('the base line is on the axis', () => {
    const { y } = axesOf(scatter, pointsOf(scatter));
    expect(y.along(0.1)).toBeGreaterThan(0);
  });
  test('points under the floor stand on it, are counted, and keep their numbers', () => {
    const low: Scatter = { ...scatter, base: undefined, floor: 1e-4, series: [series('a', [0.5, 3e-4, -0.002]), series('b', [0.7, 0])], done: 3 };
    const { y } = axesOf(low, pointsOf(low));
    expect(heightOf(low, -0.002)).toBe(1e-4);
    expect(y.along(heightOf(low, -0.002))).toBeGreaterThan(0);
    expect(y.along(3e-4)).toBeGreaterThan(y.along(1e-4));
    expect(frontierOf(pointsOf(low).map((p) => p.point)).at(-1)?.y).toBe(-0.002);
    const html = text(renderToStaticMarkup(<ScatterPanel scatter={low} />));
    expect(html).toContain('2 below 10⁻⁴, drawn there');
    expect(html).toContain('4 bits 4.00 −0.00200');
  });
  test('arrows find the neighbour that way, −1 at the edge', () => {
    const marks = [{ x: 0, y: 0 }, { x: 10, y: 1 }, { x: 0, y: 10 }];
    expect([nearest(marks, 9, 2), nearest(marks, 0, 0, [1, 0]), nearest(marks, 0, 0, [0, 1]), nearest(marks, 10, 1, [1, 0])]).toEqual([1, 1, 2, -1]);
  });
  test('every number stands in the table; progress is told', () => {
    const html = text(renderToStaticMarkup(<ScatterPanel scatter={scatter} />));
    expect(html).toContain('2 of 3 points');
    expect(html).toContain('b 3 bits 3.00 3.00');
    expect(renderToStaticMarkup(<ScatterPanel />)).toBe('');
  });
  test('labels keep off points, off each other and inside', () => {
    const points = Array.from({ length: 12 }, (_, i) => ({ x: 60 + 9 * (i % 4), y: 60 + 8 * Math.floor(i / 4), width: 34, height: 12 }));
    const room = { x: 0, y: 0, width: 160, height: 140 };
    const dots = points.map((p) => ({ x: p.x - 4, y: p.y - 4, width: 8, height: 8 }));
    const placed = placeLabels(points, dots, room, boxesAlong([{ x: 0, y: 0 }, { x: 160, y: 140 }])).filter((b) => b !== undefined);
    expect(placed.length).toBeGreaterThanOrEqual(6);
    placed.forEach((a, i) => {
      expect(dots.some((d) => overlaps(a, d))).toBe(false);
      expect(placed.slice(i + 1).some((b) => overlaps(a, b))).toBe(false);
      expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= 160 && a.y + a.height <= 140).toBe(true);
    });
  });
  test('long labels break where the longer line is shortest', () => {
    expect(wrapLabel('Round to nearest, per row', 17)).toEqual(['Round to', 'nearest, per row']);
    expect(wrapLabel('k-means', 17)).toEqual(['k-means']);
  });
});

describe('work per thread', () => {
  const vector = (name: string, data: readonly number[]): StageVector => ({ id: name, symbol: 'z', name, data: Float32Array.from(data), axis: 'n' });
  test('idle threads count in the mean', () => expect(workOf([0, 6, 0, 2])).toEqual({ max: 6, at: 1, mean: 2, idle: 2 }));
  test('columns that stand for several show the largest', () => expect([...columnsOf([1, 9, 2, 3], 2)]).toEqual([9, 3]));
  test('both shares are named, and a matrix without nonzeros is drawn', () => {
    const html = text(renderToStaticMarkup(<WorkChart plain={vector('One row each', [0, 6, 0, 2])} balanced={vector('Equal shares', [2, 2, 2, 2])} />));
    expect(html).toMatch(/One row each 3\.0× the mean.*row 1: 6.*Equal shares 1\.0× the mean/);
    const none = renderToStaticMarkup(<WorkChart plain={vector('p', [0, 0])} balanced={vector('b', [])} />);
    expect(none).not.toContain('NaN');
    expect(text(none)).toContain('no work');
  });
});

describe('method table with a measured network', () => {
  const method = (id: string, more: Partial<MethodResult>): MethodResult => ({ id, label: id, slot: 'hero', relativeError: 0.1, sqnrDb: 20, bitsPerWeight: 3.24, ...more });
  const methods = [method('rtn', { loss: 1.5, accuracy: 0.7, weightedError: 4e-6 }), method('ours', { loss: 0.5, accuracy: 0.913, weightedError: 1e-6 })];
  test('bars show what quantization adds to the loss', () => {
    const html = renderToStaticMarkup(<MethodTable methods={methods} hero="ours" by="loss" baseline={0.4} pinned={[method('ours', { loss: 0.6 })]} />);
    expect(html).toContain('width:100%');
    expect(html).toMatch(/width:9\.09/);
    expect(text(html)).toContain('error ×10⁻⁶');
    expect(text(html)).toContain('0.500 91.3 % 1.00 10.00 % −0.1');
  });
  test('no column for what no method has', () => {
    const html = text(renderToStaticMarkup(<MethodTable methods={[method('a', {})]} hero="a" />));
    expect(html).not.toMatch(/loss|accuracy|weighted/);
  });
});
