/** The quantized file: what is read back is what was measured; everything else is copied; damaged files are refused in sentences. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/inputs/error';
import type { Model } from '../../src/inputs/model';
import { pathSource } from '../../src/inputs/node';
import { openModel } from '../../src/inputs/open-model';
import { bytesSource } from '../../src/inputs/source';
import { REPORT_METHODS, type Choice, type ReportOptions } from '../../src/report/contract';
import { exportModel } from '../../src/report/export';
import { DEFAULT_OPTIONS, bitsOf } from '../../src/report/options';
import { LAYOUT_KEY } from '../../src/report/parts';
import { compareQuantized, isQuantized, readQuantized } from '../../src/report/quantized';
import { blobSink } from '../../src/report/sink';
import { control, engine, f32, heavy, measured, modelOf } from './report-fixtures';

async function exported(model: Model, choices: Readonly<Record<string, Choice>>, options: Partial<ReportOptions> = {}): Promise<Uint8Array> {
  const { sink, file } = blobSink();
  for await (const event of exportModel(model, engine, choices, { ...DEFAULT_OPTIONS, ...options }, sink, control())) expect(event.weightsDone).toBeLessThanOrEqual(event.weightsTotal);
  return new Uint8Array(await file().arrayBuffer());
}

const opened = (bytes: Uint8Array): Promise<Model> => openModel([bytesSource('quantized.safetensors', bytes)]);

/** The largest difference, relative, between a reported error and the error read back or written into the file. */
async function roundTrip(model: Model, methods: ReportOptions['methods'], bits: number, options: Partial<ReportOptions> = {}): Promise<number> {
  let worst = 0;
  const { reports } = await measured(model, { ...options, bits, methods });
  for (const id of methods) {
    const choices = Object.fromEntries(reports.map((r) => [r.tensor, { id, bits: bitsOf(id, bits) }]));
    const quantized = await readQuantized(await opened(await exported(model, choices, { ...options, bits })));
    expect(quantized.tensors.map((t) => t.name).toSorted()).toEqual(reports.map((r) => r.tensor).toSorted());
    for (const { name, relativeError } of quantized.tensors) {
      const reported = reports.find((r) => r.tensor === name)?.methods.find((m) => m.id === id)?.relativeError ?? Number.NaN;
      const read = await compareQuantized(model, quantized, name, control());
      for (const error of [read, relativeError]) worst = Math.max(worst, error === reported ? 0 : Math.abs(error / reported - 1));
    }
  }
  return worst;
}

describe('what is read back is what was measured', () => {
  const odd = [f32('a', [7, 37], heavy(7, 37, 1)), f32('b', [1, 1], [0.3]), f32('c', [5, 3, 11], heavy(5, 33, 2)), f32('tiny', [4, 65], heavy(4, 65, 3, 1e-9)), f32('zero', [2, 3], new Float32Array(6))];
  test.each([2, 3, 4, 5, 8])('every method at %i bits, odd sizes, numbers beyond 16 bits', async (bits) => {
    expect(await roundTrip(await modelOf(odd), REPORT_METHODS, bits, { group: 24, rank: 3, outlierPercent: 4 })).toBeLessThan(1e-7);
  });

  test('by sensitivities of size', async () => {
    expect(await roundTrip(await modelOf(odd.slice(0, 3)), ['dense-and-sparse'], 3, { sensitivity: 'magnitude', sensitivePercent: 3, outlierPercent: 2 })).toBeLessThan(1e-7);
  });

  test('any rows alone are the rows of the whole', async () => {
    const model = await modelOf([f32('w', [30, 50], heavy(30, 50, 4))]);
    for (const id of ['dense-and-sparse', 'svdquant', 'nvfp4'] as const) {
      const quantized = await readQuantized(await opened(await exported(model, { w: { id, bits: 4 } }, { outlierPercent: 3 })));
      const whole = await quantized.readRows('w', 0, 30);
      expect(await quantized.readRows('w', 11, 19)).toEqual(whole.slice(11 * 50, 19 * 50));
      expect(await quantized.readRows('w', 5, 5)).toHaveLength(0);
    }
  });
});

test('tensors left alone keep their dtype and bytes, and the metadata stays', async () => {
  const nan = Float32Array.of(1, Number.NaN, 3, 4);
  const model = await modelOf([
    f32('w', [6, 8], heavy(6, 8, 5)), { name: 'bias', dtype: 'F16', shape: [3], data: [1, 2, 3] }, { name: 'index', dtype: 'I32', shape: [2, 2], data: [1, -2, 3, 4] },
    { name: 'odd', dtype: 'U8', shape: [5], data: [1, 2, 3, 4, 5] }, { name: 'double', dtype: 'F64', shape: [2], data: [Math.PI, 1] }, f32('nan', [2, 2], nan), f32('empty', [0, 4], []),
  ], 'model.safetensors', { format: 'pt' });
  const file = await opened(await exported(model, { w: { id: 'rtn', bits: 4 }, nan: { id: 'kmeans', bits: 4 }, index: { id: 'rtn', bits: 4 } }));
  expect(file.metadata.format).toBe('pt');
  expect(isQuantized(file)).toBe(true);
  expect(isQuantized(model)).toBe(false);
  const kept = ['bias', 'double', 'empty', 'index', 'nan', 'odd'];
  for (const name of kept) {
    const [before, after] = [model, file].map((m) => m.tensors.find((t) => t.name === name));
    expect(after).toMatchObject({ dtype: before?.dtype, shape: before?.shape });
    expect(await file.readBytes(name, 0, after?.bytes ?? 0)).toEqual(await model.readBytes(name, 0, before?.bytes ?? 0));
  }
  const quantized = await readQuantized(file);
  expect(quantized.kept.toSorted()).toEqual(kept);
  expect(quantized.source).toBe('model.safetensors');
});

test('a name that a part would take is refused, and so are files that were changed', async () => {
  const clash = await modelOf([f32('w', [2, 2], [1, 2, 3, 4]), f32('w.codes', [2, 2], [1, 2, 3, 4])]);
  await expect(exported(clash, { w: { id: 'rtn', bits: 4 } })).rejects.toThrow('"w.codes"');

  const model = await modelOf([f32('w', [6, 40], heavy(6, 40, 6))]);
  const bytes = await exported(model, { w: { id: 'dense-and-sparse', bits: 3 } }, { outlierPercent: 5 });
  const good = await opened(bytes);
  const layout = good.metadata[LAYOUT_KEY];
  const parts = await Promise.all(good.tensors.map(async (t) => ({ ...t, data: await good.readBytes(t.name, 0, t.bytes) })));
  const damaged = [
    '[]', '{', layout.replace('"version":1', '"version":2'), layout.replace('"bits":3', '"bits":9'), layout.replace('"bits":3', '"bits":4'), layout.replace('dense-and-sparse', 'magic'),
    layout.replace('[6,40]', '[6,41]'), layout.replace('"matrix":[6,40]', '"matrix":[6]'), layout.replace('"w"', '"v"'), layout.replace('"kept":[]', '"kept":[7]'),
  ];
  for (const text of damaged) {
    const changed = { ...good, metadata: { [LAYOUT_KEY]: text } };
    const error = await readQuantized(changed).then(() => undefined, (e: unknown) => e);
    expect(error, text).toBeInstanceOf(InputError);
    expect((error as InputError).message, text).toMatch(/^[^\n]+\.$/);
  }
  for (const part of ['w.sparse.rowptr', 'w.sparse.cols']) {
    const words = (t: (typeof parts)[number]): number[] => [...new Int32Array(t.data.slice().buffer)];
    const spoiled = { ...good, readBytes: (name: string, a: number, b: number) => Promise.resolve(new Uint8Array(Int32Array.from(words(parts.find((t) => t.name === name)!), (v) => (name === part ? v + 1000 : v)).buffer).slice(a, b)) };
    const quantized = await readQuantized(spoiled);
    await expect(quantized.readRows('w', 0, 6), part).rejects.toThrow(InputError);
  }
  const other = await modelOf([f32('w', [40, 6], heavy(6, 40, 6))]);
  await expect(compareQuantized(other, await readQuantized(good), 'w', control())).rejects.toThrow('no tensor "w"');
});

test('the smallest sizes of the file: what the parts take', async () => {
  const model = await modelOf([f32('w', [32, 64], heavy(32, 64, 7))]);
  const { reports: [report] } = await measured(model, { methods: ['dense-and-sparse'] });
  const file = await opened(await exported(model, { w: { id: 'dense-and-sparse', bits: 4 } }));
  // 64 columns fill their words, so that the file's bytes are the bits that were reported.
  expect(file.tensors.reduce((sum, t) => sum + t.bytes, 0)).toBe((report.methods[0].bitsPerWeight * 32 * 64) / 8);
});

/** The folder with the trained tensors; without it these tests are reported as skipped. */
const silero = join(process.env.PAPERKERNELS_REAL ?? '', 'silero_vad_16k.safetensors');
describe.skipIf(!existsSync(silero))('Silero VAD (in the folder PAPERKERNELS_REAL)', () => {
  test('conv4.weight is the hardest for plain rounding, and dense-and-sparse mends most of it', { timeout: 60_000 }, async () => {
    const { reports, skipped } = await measured(await openModel([await pathSource(silero)]), { methods: ['rtn', 'dense-and-sparse'] });
    expect([reports.length, skipped.length]).toEqual([8, 7]);
    const worst = reports.toSorted((a, b) => b.methods[0].bulkError - a.methods[0].bulkError)[0];
    expect(worst.tensor).toBe('conv4.weight');
    expect(worst.stats.excessKurtosis).toBe(Math.max(...reports.map((r) => r.stats.excessKurtosis)));
    expect(worst.methods[1].relativeError).toBeLessThan(worst.methods[0].relativeError / 3);
  });

  test('read back as measured', { timeout: 120_000 }, async () => {
    expect(await roundTrip(await openModel([await pathSource(silero)]), ['rtn', 'nvfp4', 'svdquant', 'dense-and-sparse'], 3)).toBeLessThan(1e-7);
  });
});
