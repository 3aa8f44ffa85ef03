import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';

import type { Landscape, MethodResult, TrafficRow } from '../../src/run/run';
import { LandscapeChart } from '../../src/ui/charts/LandscapeChart';
import { MassChart } from '../../src/ui/charts/MassChart';
import { massOf } from '../../src/ui/charts/mass';
import { MEASURES, measured } from '../../src/ui/charts/measures';
import { SizesChart } from '../../src/ui/charts/SizesChart';
import { sizesOf } from '../../src/ui/charts/sizes';
import { SplitBars } from '../../src/ui/charts/SplitBars';
import { partPaints, splitOf } from '../../src/ui/charts/split';
import { TimelineChart } from '../../src/ui/charts/TimelineChart';
import { cellWords, movedPlace, runsOf } from '../../src/ui/charts/timeline';
import { histogram, summarize } from '../../src/ui/inspector/stats';
import { MethodTable } from '../../src/ui/panels/MethodTable';
import { partColours } from '../../src/ui/panels/TrafficPanel';

const text = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('timeline', () => {
  const data = {
    heads: ['head 0', 'head 1'], steps: ['0', '1', '2'], kinds: [{ letter: 'S', label: 'spatial', shape: 'bar' as const }, { letter: 'T', label: 'temporal', shape: 'dots' as const }],
    verdict: Int8Array.of(-1, 0, 1, -1, 1, 1), dense: [true, false, false], wrong: Uint8Array.of(0, 0, 0, 0, 1, 0),
  };
  it('words of a cell', () => {
    expect(cellWords(data, { head: 0, step: 0 })).toBe('head 0, step 0: full attention');
    expect(cellWords(data, { head: 1, step: 1 })).toBe('head 1, step 1: judged temporal, all rows judge otherwise');
  });
  it('keys move within the grid', () => {
    expect(movedPlace(data, { head: 0, step: 2 }, 'ArrowRight')).toEqual({ head: 0, step: 2 });
    expect(movedPlace(data, { head: 0, step: 2 }, 'ArrowDown')).toEqual({ head: 1, step: 2 });
    expect(movedPlace(data, { head: 1, step: 2 }, 'Home')).toEqual({ head: 1, step: 0 });
    expect(movedPlace(data, { head: 1, step: 2 }, 'x')).toBeUndefined();
  });
  it('dense steps in runs', () => {
    expect(runsOf([true, true, false, true])).toEqual([[0, 2], [3, 4]]);
    expect(runsOf([])).toEqual([]);
  });
  it('draws a letter for every verdict, a mark for every wrong one, and a pending error as such', () => {
    const html = renderToStaticMarkup(<TimelineChart {...data} error={{ label: 'relative error, %', values: [0.1, null, 0.2] }} current={{ head: 1, step: 1 }} />);
    expect(html.match(/class="timeline-on"/g)).toHaveLength(1 + 1); // one cell and the legend's
    expect(html.match(/class="timeline-off"/g)).toHaveLength(3 + 1);
    expect(html.match(/class="timeline-wrong"/g)).toHaveLength(1 + 1);
    expect(text(html)).toContain('20.00 %');
    expect(text(html)).toContain('…');
  });
});

describe('sizes of clusters', () => {
  it('are sorted; empty ones are counted apart', () => {
    expect(sizesOf([3, 0, 9, 4])).toEqual({ sorted: [9, 4, 3, 0], mean: 4, min: 3, max: 9, empty: 1 });
    expect(sizesOf([])).toEqual({ sorted: [], mean: 0, min: 0, max: 0, empty: 0 });
  });
  it('both lanes share a scale that holds the tile', () => {
    const html = renderToStaticMarkup(<SizesChart tile={128} series={[{ id: 'q', label: 'queries', slot: 'hero', sizes: [4, 2] }, { id: 'k', label: 'keys', slot: 'iter', sizes: [1, 0] }]} />);
    expect(html.match(/tile 128/g)).toHaveLength(2);
    expect(text(html)).toContain('mean 0.500, 1 to 1 tokens, 1 empty');
  });
});

describe('parts of totals', () => {
  const rows = [{ id: 'a', label: 'Dense', parts: [{ part: 'attention', value: 4 }] }, { id: 'b', label: 'Sparse', parts: [{ part: 'map', value: 1 }, { part: 'attention', value: null }] }];
  it('a total waits for all its parts; bars show those that are known', () => {
    expect(splitOf(rows)).toEqual({ totals: [4, undefined], sums: [4, 1], longest: 4, parts: ['attention', 'map'] });
    const html = renderToStaticMarkup(<SplitBars title="Time" rows={rows} measure="number" />);
    expect(html).toContain('var(--split-room) * 0.25');
    expect(text(html)).toContain('attention …');
  });
  it('greys differ, the method has its colour', () => {
    const paints = partPaints(['a', 'b', 'c', 'd', 'e', 'f'], 'c');
    expect(paints.get('c')).toEqual({ background: 'var(--hero)' });
    expect(new Set([...paints.values()].map((p) => JSON.stringify(p))).size).toBe(6);
  });
});

describe('mass of a row', () => {
  it('adds up, and says what is kept', () => {
    const { sums, keptMass } = massOf([0.5, 0.25, 0.25], 2);
    expect([...sums, keptMass]).toEqual([0.5, 0.75, 1, 0.75]);
    expect(massOf([], 0).keptMass).toBe(0);
    const html = renderToStaticMarkup(<MassChart values={[0.5, 0.25, 0.25]} kept={2} p={0.7} floor={1} />);
    expect(html).toContain('The largest 2 of 3 are kept and hold 75.0 %; p is 70 %; at least 1 are kept.');
  });
});

describe('measures of attention', () => {
  const method = (id: string, more: Partial<MethodResult>): MethodResult => ({ id, label: id, slot: 'hero', relativeError: 0.1, sqnrDb: 20, ...more });
  it('are written in %, and in dB', () => {
    expect([MEASURES.recall.text(0.913), MEASURES.density.text(0.1554), MEASURES.decibel.text(26.51), MEASURES.share.tick(0.25)]).toEqual(['91.3 %', '15.5 %', '26.5 dB', '25']);
    expect(measured(method('a', { recall: 0.9, density: 0.2, psnrDb: 30 }), 'recall')).toBe(0.9);
    expect(measured(method('a', {}), 'density')).toBeUndefined();
  });
  it('a table of attention methods has their columns and no bits', () => {
    const words = text(renderToStaticMarkup(<MethodTable hero="b" methods={[method('a', { density: 0.155, recall: 0.227, psnrDb: 12.2 }), method('b', { density: 1, recall: 1, psnrDb: Infinity })]} />));
    for (const part of ['density', 'recall', 'PSNR', '15.5', '22.7', '12.2', '∞']) expect(words).toContain(part);
    for (const part of ['bits per', 'SQNR']) expect(words).not.toContain(part);
  });
  it('a landscape of density says so', () => {
    const points = [0, 1, 2, 3].flatMap((x) => [0, 1, 2, 3].map((y) => ({ x, y, error: 0.1 + 0.01 * (x + y) })));
    const landscape: Landscape = { id: 'd', title: 'How dense?', measure: 'density', note: 'no attention is run', xParam: 'p', yParam: 'clusters', points, best: -1, current: { x: 1, y: 1 }, done: 16, total: 16 };
    const words = text(renderToStaticMarkup(<LandscapeChart landscape={landscape} symbols={['p', 'C_k']} />));
    for (const part of ['no attention is run', 'Point at a cell for its density', '16.0 %']) expect(words).toContain(part);
    for (const part of ['relative error', 'lowest', 'C_k']) expect(words).not.toContain(part);
  });
});

describe('inspector of what is no quantity', () => {
  it('columns of a picture are pixels', () => {
    const { colMaxima, rowMaxima } = summarize({ id: 'v', symbol: 'v', name: 'video', rows: 1, cols: 6, data: Float32Array.of(0.1, 0.2, 0.3, 0.9, 0, 0), axes: ['y', 'x'], family: 'rgb', format: '' });
    expect([...colMaxima].map((v) => v.toFixed(1))).toEqual(['0.3', '0.9']);
    expect(rowMaxima[0]).toBeCloseTo(0.9, 6);
  });
  it('a histogram from zero puts zero first and the largest last', () => {
    const counts = histogram(Float32Array.of(0, 0, 1, 0.5), 1, true);
    expect([counts[0], counts[30], counts[60]]).toEqual([2, 1, 1]);
  });
});

describe('byte model', () => {
  it('tells apart what a row adds to the base', () => {
    const row = (id: string, parts: readonly string[]): TrafficRow => ({ id, label: id, dispatches: 1, segments: parts.map((part) => ({ part, bytes: 1 })) });
    const colours = partColours([row('dense', ['qk', 'pv']), row('sparse', ['qk', 'pv', 'profiling', 'layout'])]);
    expect(colours.get('profiling')).toBe('var(--hero)');
    expect(new Set(colours.values()).size).toBe(4);
  });
});
