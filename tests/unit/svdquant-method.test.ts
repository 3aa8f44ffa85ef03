/** Published test vectors, odd shapes, options, and what is recomputed when a control moves. */

import { describe, expect, test } from 'vitest';
import { withScope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { paper } from '../../src/papers/svdquant/paper';
import { smoothingFactor } from '../../src/papers/svdquant/layer';
import { trafficRows, branchShare, PAPER_LAYER } from '../../src/papers/svdquant/traffic';
import { GELU_SHIFT } from '../../src/papers/svdquant/target';
import { branchBits, formatBits, mixedInt8Bits } from '../../src/quant/bits';
import { dequantize, quantize, roundUnsigned } from '../../src/quant/quantize';
import { Memo } from '../../src/run/memo';
import { mergeRun, type Params, type Run } from '../../src/run/run';
import { defaultsOf } from '../../src/run/schema';
import type { Matrix, Phase } from '../../src/papers/contract';
import { unpackInt4 } from '../../kernels/nibbles';

const engine = new ReferenceEngine();
const SMALL = { tokens: 24, in: 48, out: 40, outliers: 3, rank: 4 };

async function runOf(over: Record<string, number | string | boolean>, want: readonly Phase[] = [], memo = new Memo(), files: Record<string, Matrix> = {}): Promise<Run> {
  let run: Partial<Run> = {};
  const params: Params = { ...defaultsOf(paper.schema), ...SMALL, ...over };
  for await (const patch of paper.experiment({ engine, memo, params, files, signal: new AbortController().signal, pause: () => Promise.resolve(), want: new Set(want) })) run = mergeRun(run, patch);
  return run as Run;
}

describe('test vectors', () => {
  test('INT4 rounds half to even', () => withScope(engine, async (scope) => {
    const q = await quantize(scope, scope.upload(Float32Array.of(7, -3.5, 0.5, 1.5, 1, -2, 3, -14), [2, 4]), { kind: 'int4', group: 4 }, 'weights');
    const [codes, scales] = await scope.readAll([q.packed!.codes, q.packed!.scales]);
    expect([...unpackInt4(codes as Uint32Array, 2, 4)]).toEqual([7, -4, 0, 2, 0, -1, 2, -7]);
    expect([...scales]).toEqual([1, 2]);
  }));

  test('uint4: 3 is code 15 of step 0.2, 0.5 the tie 2.5 and so 0.4; the GELU shift is 0.171875', () => withScope(engine, async (scope) => {
    const y = await scope.readF32(roundUnsigned(scope, scope.upload(Float32Array.of(3, 0.5, 0, 1), [1, 4]), 4));
    expect(y[0]).toBeCloseTo(3, 6);
    expect(y[1]).toBeCloseTo(0.4, 6);
    expect(GELU_SHIFT).toBe(0.171875);
  }));

  test('λ: 16 and 4 at ½, ½ give 2; zero gives 1; a channel of zero weights gives all ones', () => {
    expect([...smoothingFactor(Float32Array.of(16, 0), Float32Array.of(4, 4), 0.5, 0.5)]).toEqual([2, 1]);
    expect([...smoothingFactor(Float32Array.of(16, 4), Float32Array.of(4, 0), 0.5, 0.5)]).toEqual([1, 1]);
  });

  test('NVFP4 weights have two levels of scales, activations one', () => withScope(engine, async (scope) => {
    const x = scope.upload(Float32Array.from({ length: 32 }, (_, i) => (i - 16) / 700), [1, 32]);
    const format = { kind: 'nvfp4', ties: 'larger', divideByUnrounded: false } as const;
    const [w, a] = [await quantize(scope, x, format, 'weights'), await quantize(scope, x, format, 'activations')];
    expect(w.tensorScale).toBe(Math.fround(Math.fround(Math.fround(16 / 700) / 6) / 448));
    expect(a.tensorScale).toBe(1);
    const values = await scope.readF32(dequantize(scope, w));
    expect(Math.abs(values[0] + 16 / 700)).toBeLessThan(2e-3);
  }));
});

test('bits per weight, at toy size and at 3072²', () => {
  expect(formatBits({ kind: 'int4', group: 64 }, 128, 128)).toBe(4.25);
  expect(formatBits({ kind: 'nvfp4', ties: 'larger', divideByUnrounded: false }, 128, 128)).toBeCloseTo(4.5 + 16 / 128 ** 2, 12);
  expect(formatBits({ kind: 'mxfp4', ties: 'larger' }, 128, 128)).toBe(4.25);
  expect(formatBits({ kind: 'int4', group: 64 }, 10, 65)).toBeCloseTo(4 + 32 / 65, 12);
  expect(branchBits(32, 3072, 3072)).toBeCloseTo(1 / 3, 12);
  expect(branchBits(32, 512, 512)).toBe(2);
  expect(mixedInt8Bits(8, 128)).toBeCloseTo(8.625, 12);
});

test('traffic: the worked example of a 3072² layer', () => {
  const rows = trafficRows(PAPER_LAYER, { kind: 'int4', group: 64 });
  const megabytes = (id: string, part: string): number => rows.find((r) => r.id === id)!.segments.find((s) => s.part === part)!.bytes / 1e6;
  expect(megabytes('base', 'quantize')).toBeCloseTo(31.9, 1);
  expect(megabytes('base', 'multiply')).toBeCloseTo(36.9, 1);
  expect(megabytes('separate', 'branch')).toBeCloseTo(76.4, 1);
  expect(branchShare(rows, 'separate')).toBeCloseTo(1.11, 2);
  expect(branchShare(rows, 'fused')).toBeCloseTo(0.021, 3);
});

test('the rank slider redoes no SVD, the exponents none of W', async () => {
  const memo = new Memo();
  const first = await runOf({}, [], memo);
  expect(Object.keys(first.stageTimes)).toEqual(expect.arrayContaining(['inputs', 'svd(^W)', 'svd(W)']));
  const rank = Object.keys((await runOf({ rank: 6 }, [], memo)).stageTimes);
  expect(rank).toContain('split and round');
  expect(rank.filter((s) => s.startsWith('svd') || s === 'inputs' || s === 'smooth' || s === 'Y')).toEqual([]);
  const alpha = Object.keys((await runOf({ alpha: 0.6 }, [], memo)).stageTimes);
  expect(alpha).toContain('svd(^W)');
  expect(alpha).not.toContain('svd(W)');
  const lora = Object.keys((await runOf({ lora: 0.5 }, [], memo)).stageTimes);
  expect(lora.filter((s) => s.startsWith('svd') || s === 'split and round')).toEqual([]);
  expect(Object.keys((await runOf({}, [], memo)).stageTimes)).toEqual([]);
});

test('stages have the shapes, axes and orientation of the pictures', async () => {
  const { stages } = await runOf({});
  expect([stages.x.rows, stages.x.cols, stages.w.rows, stages.w.cols, stages.y.rows, stages.y.cols]).toEqual([24, 48, 48, 40, 24, 40]);
  expect([stages.l1.rows, stages.l1.cols, stages.l2.rows, stages.l2.cols]).toEqual([48, 4, 4, 40]);
  for (const [k, n] of [[0, 0], [47, 39], [5, 17]]) {
    let sum = 0;
    for (let j = 0; j < 4; j++) sum += stages.l1.data[k * 4 + j] * stages.l2.data[j * 40 + n];
    expect(sum).toBeCloseTo(stages.l.data[k * 40 + n], 5);
    expect(stages.ws.data[k * 40 + n] - stages.l.data[k * 40 + n]).toBeCloseTo(stages.r.data[k * 40 + n], 5);
  }
  expect(stages.qr.codes).toHaveLength(48 * 40);
});

test.each<Record<string, string | number | boolean>>([
  { format: 'nvfp4' }, { format: 'nvfp4', unrounded: true, ties: 'even' }, { format: 'mxfp4' }, { group: 'channel' }, { group: '16' }, { execution: 'separate' },
  { residual: 'gptq' }, { residual: 'gptq', format: 'nvfp4' }, { rank: 0 }, { rank: 512 }, { svd: 'randomized' }, { smoothing: 'none' }, { gelu: true, unsigned: true },
  { outliers: 0 }, { planted: 4 }, { tails: 3 }, { lora: 1 }, { in: 13, out: 7, tokens: 5 }, { in: 1, out: 1, tokens: 1, outliers: 0 },
])('%j runs through every method with finite errors', async (over) => {
  const run = await runOf(over, ['methods', 'refine']);
  expect(run.methods.map((m) => m.id)).toEqual(['rtn', 'lowrank', 'smooth', 'lorc', 'svdquant', 'svdquant-iterated', 'svdquant-gptq', 'nf4', 'int8-mixed', 'awq']);
  expect(run.methods.filter((m) => !Number.isFinite(m.relativeError) || (m.bitsPerWeight ?? 0) < 4)).toEqual([]);
  expect(run.scalars.identity).toBeLessThan(1e-5);
});

test('unsigned codes round less where X allows them, and are refused with a sentence where it does not', async () => {
  const signed = await runOf({ gelu: true });
  const unsigned = await runOf({ gelu: true, unsigned: true });
  const error = (run: Run): number => run.methods.find((m) => m.id === 'svdquant')!.relativeError;
  expect(error(unsigned)).toBeLessThan(error(signed));
  expect(Math.hypot(...unsigned.stages.y.data.map((v, i) => v - signed.stages.y.data[i])) / Math.hypot(...signed.stages.y.data)).toBeLessThan(1e-5);
  const refused = await runOf({ unsigned: true });
  expect(refused.notices.map((n) => n.happened).join()).toContain('stay signed');
  expect(error(refused)).toBe(error(await runOf({})));
});

test('sweeps, landscape and timings stream, end complete, and agree with the methods', async () => {
  const run = await runOf({}, ['methods', 'sweeps', 'landscape', 'timing']);
  const { rank } = run.sweeps;
  expect(rank.done).toBe(rank.total);
  const at = rank.x.indexOf(4);
  for (const id of ['rtn', 'smooth', 'lowrank', 'lorc', 'svdquant']) {
    expect(rank.series.find((s) => s.method === id)!.y[at]).toBeCloseTo(run.methods.find((m) => m.id === id)!.relativeError, 6);
  }
  const { bits } = run.sweeps;
  expect(bits.series.find((s) => s.method === 'svdquant')!.y[bits.x.indexOf(4)]).toBeCloseTo(run.methods.find((m) => m.id === 'svdquant')!.relativeError, 4);
  expect(run.sweeps.outliers.series.find((s) => s.method === 'rtn')!.y[run.sweeps.outliers.x.indexOf(3)]).toBeCloseTo(run.methods.find((m) => m.id === 'rtn')!.relativeError, 6);
  const { smoothing } = run.landscapes;
  expect(smoothing.done).toBe(66);
  expect(run.scalars.errorSearched).toBe(Math.min(...smoothing.points.slice(0, 39).map((p) => p.error)));
  expect(run.kernels.every((k) => (k.timing?.median ?? 0) > 0)).toBe(true);
  expect(run.kernels.map((k) => k.kernel)).toEqual(expect.arrayContaining(['quantize_down', 'w4a4_up', 'w4a4_matmul', 'svd']));
}, 60_000);

test('files take the place of the toy; matrices that do not fit are refused with both sizes', async () => {
  const matrix = (rows: number, cols: number, key: string): Matrix => ({ rows, cols, key, source: `${key}.npy`, data: Float32Array.from({ length: rows * cols }, (_, i) => Math.sin(i * 1.7)) });
  const run = await runOf({}, [], new Memo(), { weights: matrix(9, 16, 'w'), activations: matrix(11, 16, 'x') });
  expect([run.stages.x.rows, run.stages.x.cols, run.stages.w.cols]).toEqual([11, 16, 9]);
  expect(run.provenance.seed).toBeNull();
  await expect(runOf({}, [], new Memo(), { weights: matrix(16, 9, 'w'), activations: matrix(11, 16, 'x') })).rejects.toThrow(/9 inputs per row.*16 channels.*Transposing/);
});
