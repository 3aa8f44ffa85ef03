import { describe, expect, test } from 'vitest';
import { DEFAULTS, optionsOf, readReportLink, writeReportLink } from '../../src/app/report/options';
import { filterRows, middle, NO_FILTER, sortRows, type Row } from '../../src/app/report/rows';
import { topOf, windowOf } from '../../src/app/report/window';
import type { TensorReport } from '../../src/report/contract';

const row = (name: string, error?: number, skipped?: string): Row => ({
  tensor: { name, dtype: 'F32', shape: [4, 8], bytes: 128, file: 'm.safetensors', matrix: [4, 8] },
  skipped,
  report: error === undefined ? undefined : ({ tensor: name, methods: [{ id: 'rtn', relativeError: error }], others: [] } as unknown as TensorReport),
});
const names = (rows: readonly Row[]): string[] => rows.map(({ tensor }) => tensor.name);

describe('rows of the tensor table', () => {
  const rows = [row('h.10.w'), row('h.2.w', 0.1), row('norm', undefined, 'norm has 1 dimension.'), row('h.1.w', 0.3), row('h.3.w')];

  test('worst first; what is not measured yet and what never will be stand last, in the file’s order', () => {
    expect(names(sortRows(rows, { column: 'error:rtn', descending: true }))).toEqual(['h.1.w', 'h.2.w', 'h.10.w', 'h.3.w', 'norm']);
    expect(names(sortRows(rows, { column: 'error:rtn', descending: false }))).toEqual(['h.2.w', 'h.1.w', 'h.10.w', 'h.3.w', 'norm']);
  });
  test('numbers within names count as numbers', () => {
    expect(names(sortRows(rows, { column: 'tensor', descending: false }))).toEqual(['h.1.w', 'h.2.w', 'h.3.w', 'h.10.w', 'norm']);
  });
  test('every word of the search must be there, in the name, type or size', () => {
    const find = (filter: object): string[] => names(filterRows(rows, { ...NO_FILTER, ...filter }, (name) => (name === 'norm' ? 'normalisation' : 'other')));
    expect(find({ text: 'H. f32 4×8' })).toEqual(['h.10.w', 'h.2.w', 'h.1.w', 'h.3.w']);
    expect(find({ only: 'measured' })).toEqual(['h.2.w', 'h.1.w']);
    expect(find({ only: 'skipped' })).toEqual(['norm']);
    expect(find({ kind: 'normalisation' })).toEqual(['norm']);
    expect(find({ text: 'bf16' })).toEqual([]);
  });
  test('a long name keeps both ends', () => {
    expect(middle('short', 10)).toBe('short');
    const cut = middle('model.layers.12.self_attn.q_proj.weight', 20);
    expect(cut).toHaveLength(20);
    expect(cut).toMatch(/^model\..*…oj\.weight$|^model.*….*weight$/);
  });
});

test('of a long table, the rows drawn and the gaps around them always add up to all of it', () => {
  for (const open of [-1, 0, 40, 999]) {
    const layout = { row: 36, open, details: open < 0 ? 0 : 420 };
    const all = topOf(1000, layout);
    for (let scrolled = 0; scrolled < all; scrolled += 137) {
      const { first, last, before, after } = windowOf(1000, scrolled, 600, layout);
      const drawn = (last - first) * layout.row + (open >= first && open < last ? layout.details : 0);
      expect(before + drawn + after).toBe(all);
      expect(before).toBeLessThanOrEqual(scrolled);
      expect(before + drawn).toBeGreaterThanOrEqual(Math.min(all, scrolled + 600));
      expect(last - first).toBeLessThan(60);
    }
  }
  expect(windowOf(100, 0, 600, { row: 36, open: -1, details: 0 })).toEqual({ first: 0, last: 100, before: 0, after: 0 });
});

test('a link holds what was chosen, and nothing else gets in', () => {
  const chosen = { ...DEFAULTS, values: { ...DEFAULTS.values, bits: 3, group: '32', sensitivity: 'magnitude' }, methods: ['rtn', 'kmeans'] as const, otherBits: [2, 6], budget: 3.25 };
  const link = writeReportLink(chosen);
  expect(readReportLink(link)).toEqual(chosen);
  expect(optionsOf(readReportLink(link))).toMatchObject({ bits: 3, group: 32, methods: ['rtn', 'kmeans'], otherBits: [2, 6], sensitivePercent: 0.05, outlierPercent: 0.4 });
  expect(readReportLink(new URLSearchParams('v=1&bits=99&methods=magic&budget=1000&widths=nine'))).toEqual({ ...DEFAULTS, values: { ...DEFAULTS.values, bits: 8 }, otherBits: [], budget: 10 });
});
