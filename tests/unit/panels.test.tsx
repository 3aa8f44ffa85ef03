import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { Timing } from '../../src/engine/engine';
import type { Claim, MethodResult, Sweep, TimedKernel } from '../../src/run/run';
import type { NumberField, Schema } from '../../src/run/schema';
import { cellsOf, inkOf, nearestPoint } from '../../src/ui/charts/landscape';
import { Roofline, roofAt, rooflinePoints } from '../../src/ui/charts/Roofline';
import { decades, evenlySpaced, placeAmong, spread, ticksFromZero } from '../../src/ui/charts/scale';
import { describePoint } from '../../src/ui/charts/SweepChart';
import { ControlsPanel, PinnedControl } from '../../src/ui/controls/ControlsPanel';
import { segmentColumns } from '../../src/ui/controls/ChoiceControl';
import { readTyped, valueText } from '../../src/ui/controls/NumberControl';
import { EngineBadge } from '../../src/ui/feedback/EngineBadge';
import { NoticeBox } from '../../src/ui/feedback/NoticeBox';
import { ProgressBar, roughly, timeLeft } from '../../src/ui/feedback/ProgressBar';
import { ClaimsPanel, countClaims, withSymbols } from '../../src/ui/panels/ClaimsPanel';
import { PaperSays } from '../../src/ui/panels/Figures';
import { MethodTable } from '../../src/ui/panels/MethodTable';
import { byteUnit, bytesIn, rate, signed } from '../../src/ui/panels/numbers';
import { TimePanel, logScale, methodOf } from '../../src/ui/panels/TimePanel';
import { TrafficPanel, overBase, partColours } from '../../src/ui/panels/TrafficPanel';

const method = (id: string, relativeError: number, slot: MethodResult['slot'] = 'rtn'): MethodResult =>
  ({ id, label: `Label ${id}`, slot, relativeError, sqnrDb: -20 * Math.log10(relativeError), bitsPerWeight: 4.25 });
const timing = (median: number, resolution = 1e-6): Timing => ({ median, low: 0.9 * median, high: 1.2 * median, samples: 21, repeats: 8, method: 'wall', resolution });
const kernel = (label: string, flops: number, bytes: number, t?: Timing): TimedKernel => ({ kernel: label, variant: 'base', dims: {}, flops, bytes, label, timing: t });
const ceilings = { copy: { bytesPerSecond: 1e10, timing: timing(1) }, fma: { flopsPerSecond: 1e11, timing: timing(1) } };
const device = { engine: 'webgpu', label: 'Adapter', vendor: '', architecture: '', software: false, features: [], limits: {} } as const;
const text = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll(/\s+/g, ' ');

describe('numbers', () => {
  test('differences carry their sign, and a rounded nothing is ±0', () => {
    expect([signed(1.2, 2), signed(-0.341, 2), signed(0.001, 2), signed(Number.NaN, 2)]).toEqual(['+1.20', '−0.34', '±0', '–']);
  });
  test('bytes share the unit of the largest', () => {
    const unit = byteUnit(145.1e6);
    expect([bytesIn(145.1e6, unit), bytesIn(1.5e6, unit), bytesIn(512, byteUnit(512))]).toEqual(['145.1 MB', '1.5 MB', '512 B']);
  });
  test('rates', () => expect([rate(1.87e9, 'FLOP/s'), rate(2.1e11, 'B/s')]).toEqual(['1.87 GFLOP/s', '210 GB/s']));
});

describe('chart geometry', () => {
  test.each([0.1542, 0.0039, 0.6, 1, 37, 0.05])('ticks of %f start at 0, end above it, and are at most five', (max) => {
    const ticks = ticksFromZero(max);
    expect(ticks[0]).toBe(0);
    expect(ticks.at(-1)!).toBeGreaterThanOrEqual(max);
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
  });
  test('the ticks of the designed chart', () => expect(ticksFromZero(0.1542)).toEqual([0, 0.05, 0.1, 0.15, 0.2]));
  test('decades inside a range', () => expect(decades(0.05, 2000)).toEqual([0.1, 1, 10, 100, 1000]));
  test('a value between samples stands between them', () => {
    expect([placeAmong([0, 1, 2, 4, 8], 3), placeAmong([0, 1, 2, 4, 8], 99), placeAmong([0, 1], -5)]).toEqual([2.5, 4, 0]);
  });
  test('spacing of samples', () => expect([evenlySpaced([2, 3, 4, 5]), evenlySpaced([0, 1, 2, 4])]).toEqual([true, false]));
  test('labels keep apart, keep their order, stay inside, and do not move without need', () => {
    const wanted = [50, 52, 51, 200, 3];
    const placed = spread(wanted, 15, 0, 210);
    const sorted = [...placed].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(15 - 1e-9);
    expect(Math.min(...placed)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...placed)).toBeLessThanOrEqual(210);
    expect([placed[0] < placed[2], placed[2] < placed[1]]).toEqual([true, true]);
    expect([placed[3], placed[4]]).toEqual([200, 3]);
    expect((placed[0] + placed[1] + placed[2]) / 3).toBeCloseTo(51, 9);
  });
});

describe('sweep', () => {
  const sweep: Sweep = {
    id: 'rank', title: 'Error against rank', param: 'rank', xLabel: 'rank', x: [0, 8], current: 8, done: 1, total: 2,
    series: [{ method: 'rtn', slot: 'rtn', label: 'Round only', y: [0.15, 0.15] }, { method: 'svdquant', slot: 'hero', label: 'SVDQuant', y: [0.08, null] }],
  };
  test('a point in words leaves out what is not computed', () => {
    expect([describePoint(sweep, 0), describePoint(sweep, 1)]).toEqual(['0: Round only 15.00 %, SVDQuant 8.00 %', '8: Round only 15.00 %']);
  });
});

describe('landscape', () => {
  const grid = [0, 0.5, 1].flatMap((x) => [0, 0.25, 0.5, 1].map((y) => ({ x, y, error: 0.1 + x }))).concat([0, 0.25, 0.5, 1].map((y) => ({ x: 0.25, y, error: 0.2 })));
  test('shared values make the grid, the rest are candidates', () => {
    const { cells, candidates, box } = cellsOf([...grid, { x: 0.6, y: 0.4, error: 0.05 }]);
    expect(cells).toHaveLength(16);
    expect(candidates).toEqual([{ x: 0.6, y: 0.4, error: 0.05 }]);
    const area = cells.reduce((sum, c) => sum + (c.x1 - c.x0) * (c.y1 - c.y0), 0);
    expect(area).toBeCloseTo((box.x1 - box.x0) * (box.y1 - box.y0), 9);
  });
  test('tags win, and a tagged point on the grid doubles no ink', () => {
    const { cells, candidates } = cellsOf([...grid, { x: 0.5, y: 0.5, error: 0.6, candidate: true }]);
    expect(cells).toHaveLength(16);
    expect(candidates).toHaveLength(1);
  });
  test('0.1 and 1 − 0.9 are one place', () => {
    const shifted = grid.map((p) => (p.x === 0.5 ? { ...p, y: p.y + 1e-16, x: 0.1 + 0.4 } : p));
    expect(cellsOf([...shifted, { x: 1 - 0.5, y: 0.1 + 0.15, error: 1 }]).candidates).toHaveLength(0);
  });
  test('ink grows with the error', () => expect(inkOf(0.1, 0.1, 0.2)).toBeLessThan(inkOf(0.2, 0.1, 0.2)));
  test('arrows find the neighbour that way, and stay at the edge', () => {
    const at = (x: number, y: number): number => grid.findIndex((p) => p.x === x && p.y === y);
    expect(nearestPoint(grid, 0.5, 0.5, [1, 0])).toBe(at(1, 0.5));
    expect(nearestPoint(grid, 1, 0.5, [1, 0])).toBe(at(1, 0.5));
    expect(nearestPoint(grid, 0.5, 0.25, [0, 1])).toBe(at(0.5, 0.5));
  });
});

describe('method table', () => {
  const methods = [method('rtn', 0.2), method('svdquant', 0.05, 'hero')];
  test('bars start at 0 on the scale of the largest error', () => {
    const html = renderToStaticMarkup(<MethodTable methods={methods} hero="svdquant" />);
    expect(html).toContain('width:100%;background:var(--rtn)');
    expect(html).toContain('width:25%;background:var(--hero)');
    expect(text(html)).toContain('Label svdquant 5.00 % 26.0 4.25');
  });
  test('a pending value is …, never 0, and keeps its place in the order', () => {
    const html = text(renderToStaticMarkup(<MethodTable methods={methods} hero="svdquant" order={['rtn', 'lorc', 'svdquant']} pendingIds={['svdquant', { id: 'lorc', label: 'LoRC', slot: 'lorc' }]} />));
    expect(html).toMatch(/Label rtn 20\.00 %.*LoRC … Label svdquant …/);
    expect(html).not.toContain('5.00 %');
  });
  test('a pinned run stands beside it with the difference in points, on one scale', () => {
    const html = renderToStaticMarkup(<MethodTable methods={methods} hero="svdquant" pinned={[method('svdquant', 0.4)]} />);
    expect(html).toContain('width:50%;background:var(--rtn)');
    expect(text(html)).toContain('5.00 % −35.00');
  });
  test('an error that does not exist is a dash', () => {
    expect(text(renderToStaticMarkup(<MethodTable methods={[method('rtn', Number.NaN)]} hero="x" />))).toContain('Label rtn – –');
  });
});

describe('claims', () => {
  const claim = (id: string, holds: boolean | null): Claim => ({ id, holds, statement: `*^X^W = XW* ${id}.`, shown: '1 → 2', numbers: {} });
  test('held, not held and untested are counted', () => {
    expect(countClaims([claim('a', true), claim('b', false)])).toBe('1 held, 1 not held');
    expect(countClaims([claim('a', true), claim('c', null)])).toBe('1 held, 0 not held and 1 without a test');
  });
  test('hats are set with or without asterisks', () => {
    expect([withSymbols('by ^X^W, 10^-8'), withSymbols('by *^X*')]).toEqual(['by *^X^W*, 10^-8', 'by *^X*']);
  });
  test('a claim that fails is shown as failed', () => {
    const html = renderToStaticMarkup(<ClaimsPanel claims={[claim('a', true), claim('b', false), claim('c', null)]} />);
    expect([...html.matchAll(/verdict-([\w-]+)"/g)].map((m) => m[1])).toEqual(['held', 'not-held', 'no-test']);
    expect(html).toContain('aria-label="X hatW hat = XW"');
  });
});

describe('traffic, time, roofline', () => {
  const row = (id: string, ...bytes: number[]) => ({ id, label: id, dispatches: 2, segments: ['quantize', 'multiply', 'branch'].slice(0, bytes.length).map((part, i) => ({ part, bytes: bytes[i] })) });
  const rows = [row('base', 30e6, 40e6), row('separate', 30e6, 40e6, 70e6), row('fused', 30e6, 40e6, 1.4e6)];
  test('only what the base lacks has the method’s colour', () => {
    expect([...partColours(rows)].map(([part, colour]) => [part, colour === 'var(--hero)'])).toEqual([['quantize', false], ['multiply', false], ['branch', true]]);
  });
  test('share over the base', () => expect([overBase(140, 70), overBase(71.4, 70), overBase(1, 0)]).toEqual(['+100 %', '+2.0 %', '']));
  test('totals in one unit', () => {
    const html = text(renderToStaticMarkup(<TrafficPanel traffic={[{ title: 'a layer', rows }]} />));
    expect(html).toContain('byte model, a layer');
    expect(html).toMatch(/separate 140\.0 MB \+100 %/);
    expect(html).toMatch(/fused 71\.4 MB \+2\.0 %/);
  });
  test('below the clock is "<", pending is …, software says so', () => {
    const kernels = [kernel('fast', 10, 10, timing(1e-5, 2e-5)), kernel('slow', 10, 10, timing(4.9e-3)), kernel('wait', 1, 1)];
    const html = text(renderToStaticMarkup(<TimePanel kernels={kernels} device={{ ...device, software: true }} />));
    expect(html).toContain('fast < 20 µs');
    expect(html).toContain('slow 4.9 ms');
    expect(html).toContain('wait …');
    expect(html).toContain('times are this CPU’s, not a GPU’s');
    expect(text(renderToStaticMarkup(<TimePanel kernels={kernels} device={device} />))).not.toContain('CPU');
    expect(methodOf([timing(1)])).toBe('median of 21, wall clock');
    const at = logScale([timing(1e-4), timing(1e-2)]);
    expect([at(0), at(1e-4) < at(1e-3), at(1)]).toEqual([0, true, 1]);
  });
  test('a kernel stands under the roof by its own intensity; copies have no point; below the clock is a bound', () => {
    const points = rooflinePoints([kernel('copy', 0, 100, timing(1e-3)), kernel('memory', 1e6, 1e6, timing(1e-3)), kernel('fast', 1e6, 1e3, timing(1e-7, 1e-6)), kernel('wait', 1, 1)], ceilings);
    expect(points.map((p) => [p.number, p.intensity, p.bound])).toEqual([[2, 1, false], [3, 1000, true]]);
    expect(points[0].share).toBeCloseTo(0.1, 12);
    expect([roofAt(ceilings, 1), roofAt(ceilings, 1000)]).toEqual([1e10, 1e11]);
    expect(renderToStaticMarkup(<Roofline kernels={[]} ceilings={ceilings} device={device} />)).not.toContain('NaN');
  });
});

describe('controls', () => {
  const rank: NumberField = { kind: 'int', label: 'Rank', symbol: 'r', help: 'Columns kept.', group: 'Method', min: 0, max: 512, sliderMax: 32, step: 1, default: 8 };
  const schema: Schema = {
    rank,
    alpha: { kind: 'real', label: 'Power', help: 'Weight.', group: 'Method', min: 0, max: 1, step: 0.05, default: 0.5, disabled: (p) => (p.smoothing === 'none' ? 'Nothing is smoothed.' : undefined) },
    smoothing: { kind: 'choice', label: 'Smoothing', help: '', group: 'Method', default: 'fixed', options: [{ value: 'fixed', label: 'Fixed' }, { value: 'none', label: 'None' }] },
    tails: { kind: 'choice', label: 'Tails', help: '', group: 'Inputs', advanced: true, default: 'a', options: ['a', 'b', 'c', 'd', 'e'].map((v) => ({ value: v, label: v })) },
    hidden: { kind: 'flag', label: 'Hidden flag', help: '', group: 'Inputs', default: false, when: () => false },
  };
  const defaults = { rank: 8, alpha: 0.5, smoothing: 'fixed', tails: 'a', hidden: false };
  const page = { schema, defaults, setParams: () => undefined, resetParam: () => undefined };
  const show = (params: Readonly<Record<string, string | number | boolean>>): string => renderToStaticMarkup(<ControlsPanel {...page} params={{ ...defaults, ...params }} />);

  test('a typed value is put on its steps and into its range, or refused', () => {
    expect([readTyped(rank, '9999'), readTyped(rank, ' 7.6 '), readTyped(rank, '−3'), readTyped(rank, 'abc'), readTyped(rank, '')]).toEqual([512, 8, 0, undefined, undefined]);
    expect(valueText(schema.alpha as NumberField, 0.5)).toBe('0.50');
  });
  test('reset appears only where the value differs', () => {
    expect(show({})).not.toContain('control-reset');
    expect(show({ rank: 14 }).match(/control-reset/g)).toHaveLength(1);
  });
  test('the slider ends where the schema says, typing goes further', () => {
    expect(show({})).toMatch(/type="range" min="0" max="32"/);
    expect(text(show({}))).not.toContain('512');
    expect(show({})).toMatch(/title="Rank from 0 to 512"/);
  });
  test('a disabled control says why', () => {
    const html = show({ smoothing: 'none' });
    expect(html).toContain('Nothing is smoothed.');
    expect(html.match(/disabled=""/g)).toHaveLength(2);
  });
  test('few choices are radio buttons, many a list; advanced ones fold; a field that does not apply is absent', () => {
    const html = show({});
    expect(html.match(/type="radio"/g)).toHaveLength(2);
    expect(html).toMatch(/<details class="controls-more"><summary>More<\/summary>.*<select/);
    expect(html).not.toContain('Hidden flag');
    expect(text(show({ tails: 'b' }))).toContain('More , 1 changed');
  });
  test('segments stand in one row, two by two, or below one another', () => {
    expect([segmentColumns(['16', '32', '64', '128']), segmentColumns(['INT4, g 64', 'NVFP4, g 16']), segmentColumns(['None', 'Fixed powers', 'Search 39 candidates']), segmentColumns(['long label 1', 'b', 'c', 'd'])]).toEqual([4, 2, 1, 2]);
  });
  test('the pinned control is one named slider', () => {
    const html = renderToStaticMarkup(<PinnedControl name="rank" {...page} params={defaults} />);
    expect(html.match(/<input/g)).toHaveLength(1);
    expect(html).toContain('aria-label="Rank"');
  });
});

describe('feedback', () => {
  test('each engine has its own words', () => {
    expect(text(renderToStaticMarkup(<EngineBadge device={device} time={0.0084} state="done" />))).toContain('WebGPU Adapter, first result 8.4 ms');
    expect(text(renderToStaticMarkup(<EngineBadge device={{ ...device, software: true }} time={0.0084} state="done" />))).toContain('Software adapter Adapter, times are this CPU’s, not a GPU’s, first result 8.4 ms');
    expect(text(renderToStaticMarkup(<EngineBadge device={{ ...device, engine: 'reference', label: 'float64, CPU' }} state="running" />))).toContain('Reference engine float64, CPU, running …');
  });
  test('a failure is announced, information waits its turn', () => {
    expect(renderToStaticMarkup(<NoticeBox notice={{ level: 'failed', happened: 'It failed.', mend: 'Mend it.' }} />)).toContain('role="alert"');
    expect(renderToStaticMarkup(<NoticeBox notice={{ level: 'information', happened: 'So.', mend: 'Go on.' }} />)).toContain('role="status"');
  });
  test('cancelled work says what it keeps and offers to go on', () => {
    expect(text(renderToStaticMarkup(<ProgressBar name="Sweep" done={6} total={10} onCancel={() => undefined} />))).toContain('6 of 10 points Cancel, keep 6');
    expect(text(renderToStaticMarkup(<ProgressBar name="Sweep" done={6} total={10} cancelled onContinue={() => undefined} />))).toContain('cancelled, 6 points kept Continue');
  });
  test('time left is told once it is known', () => {
    expect([timeLeft(1, 10, 5), timeLeft(5, 10, 5), timeLeft(6, 10, 2, 4)]).toEqual([undefined, 5, 4]);
    expect([roughly(0.4), roughly(12.4), roughly(600)]).toEqual(['under 1 s left', 'about 12 s left', 'about 10 min left']);
  });
  test('no published figure, no box', () => expect(renderToStaticMarkup(<PaperSays figures={[]} />)).toBe(''));
});
