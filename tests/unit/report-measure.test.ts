/** The report over whole models: order, progress, what is skipped and why, sensitivities, cancelling and going on. */

import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/inputs/error';
import type { Model } from '../../src/inputs/model';
import type { ReportEvent } from '../../src/report/contract';
import { measureModel } from '../../src/report/measure';
import { DEFAULT_OPTIONS } from '../../src/report/options';
import { BLOCK, HELD } from '../../src/report/rows';
import { ChangedFileError } from '../../src/inputs/source';
import { control, engine, f32, heavy, measured, modelOf } from './report-fixtures';

const sentence = /^[^\n]+\.$/;

test('every matrix is measured, and every other tensor says in a sentence why not', async () => {
  const nan = heavy(4, 8, 1);
  nan[13] = Number.NaN;
  const model = await modelOf([
    f32('bias', [8], heavy(1, 8, 2)), f32('conv', [1, 128, 1], heavy(1, 128, 3)), f32('empty', [0, 4], []), f32('nan', [4, 8], nan),
    f32('zero', [3, 5], new Float32Array(15)), { name: 'codes', dtype: 'I32', shape: [2, 2], data: [1, 2, 3, 4] }, f32('one', [1, 1], [0.7]), f32('w', [6, 10], heavy(6, 10, 4)),
  ]);
  const { reports, skipped } = await measured(model);
  expect(reports.map((r) => r.tensor).toSorted()).toEqual(['conv', 'one', 'w', 'zero']);
  expect(skipped.map((s) => s.tensor).toSorted()).toEqual(['bias', 'codes', 'empty', 'nan']);
  for (const { tensor, reason } of skipped) {
    expect(reason).toMatch(sentence);
    expect(reason).toContain(tensor);
  }
  expect(skipped.find((s) => s.tensor === 'nan')?.reason).toContain('row 1, column 5');
  const zero = reports.find((r) => r.tensor === 'zero');
  expect(zero?.methods.map((m) => m.relativeError + m.bulkError)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(zero?.notes).toEqual(['zero holds only zeros.']);
  expect(reports.find((r) => r.tensor === 'conv')?.matrix).toEqual([1, 128]);
  for (const r of reports) {
    expect(r.methods.map((m) => m.id)).toEqual(DEFAULT_OPTIONS.methods);
    for (const m of r.methods) expect(m.sqnrDb).toBeCloseTo(-20 * Math.log10(m.relativeError), 9);
  }
});

test('the relative error is that of the weights decoded, the bulk error that of ordinary weights', async () => {
  const w = heavy(64, 96, 5, 0.02);
  w[100] = 30;
  const { reports: [report] } = await measured(await modelOf([f32('w', [64, 96], w)]), { otherBits: [3, 4, 8] });
  const norm = Math.sqrt(w.reduce((a, b) => a + b * b, 0));
  for (const m of [...report.methods, ...report.others]) expect(m.bulkError).toBeCloseTo((m.relativeError * norm) / Math.sqrt(w.length) / report.stats.bulk, 9);
  expect(report.others.map((m) => `${m.id} ${m.bits}`)).toEqual(['rtn', 'svdquant', 'dense-and-sparse', 'kmeans'].flatMap((id) => [`${id} 3`, `${id} 8`]).toSorted((a, b) => Number(a.at(-1)) - Number(b.at(-1))));
  const error = (id: string, bits: number): number => [...report.methods, ...report.others].find((m) => m.id === id && m.bits === bits)?.relativeError ?? Number.NaN;
  for (const id of ['rtn', 'kmeans', 'dense-and-sparse', 'svdquant']) {
    expect(error(id, 4), id).toBeLessThan(error(id, 3));
    expect(error(id, 8), id).toBeLessThan(error(id, 4));
  }
});

test('progress grows to the whole, tensor by tensor', async () => {
  const model = await modelOf([f32('a', [20, 30], heavy(20, 30, 1)), f32('b', [10, 30], heavy(10, 30, 2)), f32('c', [5], heavy(1, 5, 3))]);
  const { events } = await measured(model, { methods: ['rtn', 'svdquant', 'kmeans'], rank: 4 });
  const progress = events.filter((e): e is Extract<ReportEvent, { kind: 'progress' }> => e.kind === 'progress');
  for (const [i, e] of progress.entries()) {
    expect(e.weightsTotal).toBe(900);
    expect(e.weightsDone).toBeGreaterThanOrEqual(progress[i - 1]?.weightsDone ?? 0);
  }
  expect(progress.at(-1)).toMatchObject({ done: 3, total: 3, weightsDone: 900 });
});

test('of a sample of rows, every figure is the sample’s, and it says so', async () => {
  const w = heavy(101, 40, 6);
  const { reports: [sampled] } = await measured(await modelOf([f32('w', [101, 40], w)]), { maxRows: 11 });
  const picked = Float32Array.from({ length: 11 * 40 }, (_, i) => w[Math.floor(i / 40) * 10 * 40 + (i % 40)]);
  const { reports: [whole] } = await measured(await modelOf([f32('w', [11, 40], picked)]));
  expect(sampled.sampledRows).toBe(11);
  expect(whole.sampledRows).toBeUndefined();
  expect(sampled.stats).toEqual(whole.stats);
  expect(sampled.methods.map((m) => m.relativeError)).toEqual(whole.methods.map((m) => m.relativeError));
});

describe('sensitivities from a file', () => {
  const w = heavy(12, 32, 7);
  const f = Float32Array.from(w, (_, i) => (i % 32 < 4 ? 100 : 0.01));
  const options = { methods: ['dense-and-sparse', 'rtn'], sensitivity: 'file', sensitivePercent: 0, outlierPercent: 0, bits: 2 } as const;

  test('weigh the k-means', async () => {
    const model = await modelOf([f32('w', [12, 32], w)]);
    const weighted = async (more: object, sensitivities?: Awaited<ReturnType<typeof modelOf>>): Promise<number> => (await measured(model, { ...options, ...more }, { sensitivities })).reports[0].methods[0].relativeError;
    const uniform = await weighted({ sensitivity: 'uniform' });
    expect(await weighted({}, await modelOf([f32('w', [12, 32], f)]))).toBeGreaterThan(uniform);
    expect(await weighted({}, await modelOf([f32('w', [12, 32], new Float32Array(384).fill(3))]))).toBe(uniform);
  });

  test.each([
    ['missing', f32('other', [12, 32], f), 'no tensor "w"'],
    ['of another shape', f32('w', [32, 12], f), '32 × 12'],
    ['negative', f32('w', [12, 32], f.map((v, i) => (i === 40 ? -1 : v))), 'row 1'],
    ['not finite', f32('w', [12, 32], f.map((v, i) => (i === 40 ? Number.NaN : v))), 'NaN'],
  ])('%s: a sentence, and the other methods', async (_, tensor, named) => {
    const { reports: [report] } = await measured(await modelOf([f32('w', [12, 32], w)]), options, { sensitivities: await modelOf([tensor], 'fisher.safetensors') });
    expect(report.methods.map((m) => m.id)).toEqual(['rtn']);
    expect(report.notes?.[0]).toMatch(sentence);
    expect(report.notes?.[0]).toContain(named);
    expect(report.notes?.[0]).toContain('fisher.safetensors');
  });
});

test('cancelled between blocks; going on with the rest gives the rest', async () => {
  const model = await modelOf(['a', 'b', 'c'].map((name, i) => f32(name, [16, 16], heavy(16, 16, i))));
  const stop = new AbortController();
  const done: string[] = [];
  await expect((async () => {
    for await (const event of measureModel(model, engine, DEFAULT_OPTIONS, control({ signal: stop.signal }))) {
      if (event.kind !== 'tensor') continue;
      done.push(event.report.tensor);
      stop.abort();
    }
  })()).rejects.toThrow('aborted');
  expect(done).toEqual(['a']);
  const { reports } = await measured(model, {}, { only: new Set(['b', 'c']) });
  expect(reports.map((r) => r.tensor)).toEqual(['b', 'c']);
});

test('a pause is awaited within a tensor', async () => {
  const model = await modelOf([f32('a', [16, 16], heavy(16, 16, 1))]);
  let pauses = 0;
  await measured(model, { methods: ['rtn'] }, { pause: () => { pauses++; return Promise.resolve(); } });
  expect(pauses).toBeGreaterThanOrEqual(4);
});

test.each([new ChangedFileError('model.safetensors'), new InputError('The connection was lost.', 'Try again: it can no longer be read.')])('%s ends the report; what came before stays', async (loss) => {
  const model = await modelOf([f32('a', [4, 4], heavy(4, 4, 1)), f32('b', [4, 4], heavy(4, 4, 2))]);
  const broken = { ...model, readRows: (name: string, begin: number, end: number) => (name === 'b' ? Promise.reject(loss) : model.readRows(name, begin, end)) };
  const seen: string[] = [];
  await expect((async () => {
    for await (const e of measureModel(broken, engine, DEFAULT_OPTIONS, control())) if (e.kind === 'tensor') seen.push(e.report.tensor);
  })()).rejects.toThrow('can no longer be read');
  expect(seen).toEqual(['a']);
});

test.each([[{ bits: 1 }, 'bits'], [{ bits: 4.5 }, 'bits'], [{ otherBits: [9] }, 'bits'], [{ group: 0 }, 'group'], [{ rank: -1 }, 'rank'], [{ outlierPercent: 101 }, 'outlierPercent'], [{ maxRows: 0.5 }, 'maxRows']])('%j is refused', async (options, named) => {
  await expect(measured(await modelOf([f32('a', [2, 2], [1, 2, 3, 4])]), options)).rejects.toThrow(named);
});

test('a tensor too large to hold is read anew for every pass, a block at a time', { timeout: 60_000 }, async () => {
  const [rows, cols] = [1100, 16384];
  expect(rows * cols).toBeGreaterThan(HELD);
  const row = heavy(1, cols, 8);
  const small = await modelOf([f32('w', [4, cols], new Float32Array(4 * cols))]);
  let [read, largest, peak] = [0, 0, 0];
  const before = process.memoryUsage().arrayBuffers;
  const model: Model = {
    ...small, tensors: [{ ...small.tensors[0], shape: [rows, cols], matrix: [rows, cols] }],
    readRows(_, begin, end) {
      const out = new Float32Array((end - begin) * cols);
      for (let n = begin; n < end; n++) out.set(n % 2 ? row : row.toReversed(), (n - begin) * cols);
      read += out.length;
      largest = Math.max(largest, out.length);
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
      return Promise.resolve(out);
    },
  };
  const { reports: [report] } = await measured(model, { methods: ['rtn'] });
  expect(read).toBe(4 * rows * cols); // three passes of statistics, one of rounding
  expect(largest).toBeLessThanOrEqual(BLOCK);
  expect(peak).toBeLessThan(200e6);
  // Rows alike have the figures of two of them.
  const pair = Float32Array.from([...row.toReversed(), ...row]);
  const { reports: [two] } = await measured(await modelOf([f32('w', [2, cols], pair)]), { methods: ['rtn'] });
  expect(report.methods[0].relativeError).toBeCloseTo(two.methods[0].relativeError, 12);
  expect(report.stats.std).toBeCloseTo(two.stats.std, 12);
  expect(report.stats.excessKurtosis).toBeCloseTo(two.stats.excessKurtosis, 6);
});
