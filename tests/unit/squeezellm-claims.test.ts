/** Presets do what their notes say, claims can fail, and the models of bytes and time have the figures of the paper. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seed } from '../../seeds/squeezellm';
import { runPreset } from '../../src/cli/presets';
import { claimsOf } from '../../src/papers/squeezellm/claims';
import { batchSweep, bytesOfRow, crossover, modelTime, PAPER_GPU, sparseShareOfTraffic, trafficRows, type LayerSize } from '../../src/papers/squeezellm/cost';
import { METHOD_ORDER } from '../../src/papers/squeezellm/names';
import { paper } from '../../src/papers/squeezellm/paper';
import type { MethodResult, Run } from '../../src/run/run';
import { clamp } from '../../src/run/schema';
import { decodeRun } from '../../src/run/store';

const runs = new Map<string, Promise<Run>>();
const runOf = (id: string): Promise<Run> => {
  const run = runs.get(id) ?? runPreset(paper, seed.presets.find((p) => p.id === id)!, ['methods']);
  runs.set(id, run);
  return run;
};
const method = (run: Run, id: string): MethodResult => run.methods.find((m) => m.id === id)!;
const loss = (run: Run, id: string): number => method(run, id).loss!;
const holds = (run: Run, id: string): boolean | null => run.claims.find((c) => c.id === id)!.holds;

test('presets name parameters of the schema, with values it keeps as they are', () => {
  expect(seed.presets.length).toBeGreaterThanOrEqual(5);
  for (const { params } of seed.presets) {
    for (const [name, value] of Object.entries(params)) expect(clamp(paper.schema[name as keyof typeof paper.schema], value)).toBe(value);
  }
});

describe('what the notes say', () => {
  test('default: the order of the loss, and many pixels that count for nothing', async () => {
    const run = await runOf('default');
    expect(holds(run, 'loss-order')).toBe(true);
    expect(run.scalars.zeroSensitivity).toBeGreaterThan(0.1);
    expect(run.methods.map((m) => m.id)).toEqual(METHOD_ORDER);
  });
  test('4 bits: within hundredths of a nat, in order', async () => {
    const run = await runOf('four');
    expect(holds(run, 'loss-order')).toBe(true);
    expect(loss(run, 'dense-and-sparse') - run.scalars.loss16).toBeLessThan(0.02);
  });
  test('poor Fisher: the weighted error falls, the loss rises, and the claim fails', async () => {
    const run = await runOf('poor');
    expect(holds(run, 'sensitivity-lowers-weighted-error')).toBe(true);
    expect(holds(run, 'sensitivity-lowers-loss')).toBe(false);
    expect(loss(run, 'dense-only')).toBeGreaterThan(loss(run, 'kmeans'));
  });
  test('floored: better than the poor Fisher, worse than none', async () => {
    const [floored, poor] = [await runOf('floor'), await runOf('poor')];
    expect(loss(floored, 'dense-only')).toBeLessThan(loss(poor, 'dense-only'));
    expect(loss(floored, 'dense-only')).toBeGreaterThan(loss(floored, 'kmeans'));
    expect(floored.scalars.zeroSensitivity).toBe(0);
  });
  test('uniform: weighted and unweighted k-means are the same, nothing is sensitive', async () => {
    const run = await runOf('uniform');
    expect(method(run, 'dense-only').weightedError).toBe(method(run, 'kmeans').weightedError);
    expect(holds(run, 'sensitivity-lowers-weighted-error')).toBe(false);
    expect(run.scalars.sensitiveCount).toBe(0);
  });
  test('toy network: the order of the loss', async () => expect(holds(await runOf('toy'), 'loss-order')).toBe(true));
  test('skewed rows: one row keeps its thread busy; no loss is claimed', async () => {
    const run = await runOf('matrix');
    expect(holds(run, 'balancing-evens-work')).toBe(true);
    expect(holds(run, 'weights-concentrate')).toBe(true);
    expect(holds(run, 'sparse-traffic-small')).toBe(false);
    expect(holds(run, 'sensitivity-lowers-loss')).toBeNull();
    expect(run.vectors.nnz.data.reduce((a, b) => Math.max(a, b), 0)).toBe(run.scalars.longestRow);
  });
});

test('every claim can hold and can fail', () => {
  const m = (id: string, x: number): MethodResult => ({ id, label: id, slot: 'rtn', relativeError: x, sqnrDb: 0, bitsPerWeight: 3, weightedError: x, loss: x });
  const ids = ['rtn', 'kmeans', 'dense-only', 'dense-and-sparse'];
  const good = { nnz: 4, removedError: 0, concentration: 0.99, sparseShare: 0.004, denseRange: 0.1, sparseDifference: 0, oneLaunchDifference: 0, twoLaunchDifference: 0, sparseTrafficShare: 0.07, longestRow: 50, perThread: 1 };
  const bad = { nnz: 4, removedError: 1, concentration: 0.1, sparseShare: 0.004, denseRange: 0.9, sparseDifference: 1, oneLaunchDifference: 0, twoLaunchDifference: 1, sparseTrafficShare: 0.5, longestRow: 2, perThread: 1 };
  const of = (scalars: Record<string, number>, errors: readonly number[]) => claimsOf({ scalars, methods: ids.map((id, i) => m(id, errors[i])) });
  const verdicts = (claims: ReturnType<typeof claimsOf>): (boolean | null)[] => claims.map((c) => c.holds);
  expect(new Set(verdicts(of(good, [4, 3, 2, 1])))).toEqual(new Set([true]));
  expect(new Set(verdicts(of(bad, [1, 2, 3, 4])))).toEqual(new Set([false]));
  expect(new Set(verdicts(of(bad, [1, 1, 1, 1])))).toEqual(new Set([false]));
  expect(new Set(verdicts(claimsOf({})))).toEqual(new Set([null]));
});

describe('the models of the product', () => {
  const layer = (bits: number, share: number): LayerSize => ({ inFeatures: 4096, outFeatures: 4096, bits, share });
  const row = (size: LayerSize, id: string, batch = 1): number => bytesOfRow(trafficRows(size, batch).find((r) => r.id === id));

  test('3 bits of 4096 × 4096: 3.03 bits per weight, 3.25 with 0.45 % sparse', () => {
    const vectors = 2 * (4096 + 4096);
    expect((8 * (row(layer(3, 0), 'dense') - vectors)) / 4096 ** 2).toBeCloseTo(3.031, 3);
    const rowptr = 4 * 4097;
    expect((8 * (row(layer(3, 0.0045), 'one') - vectors - rowptr)) / 4096 ** 2).toBeCloseTo(3.247, 3);
    expect((8 * (row(layer(4, 0), 'dense') - vectors)) / 4096 ** 2).toBeCloseTo(4.063, 3);
  });

  test('two launches move more than one; without a sparse part neither does', () => {
    expect(row(layer(3, 0.0045), 'two')).toBeGreaterThan(row(layer(3, 0.0045), 'one'));
    expect(row(layer(3, 0), 'two')).toBe(row(layer(3, 0), 'dense'));
    expect(sparseShareOfTraffic(trafficRows(layer(3, 0.0045), 1))).toBeCloseTo(0.0744, 2);
  });

  test('on the paper’s GPU fewer bits are compute-bound sooner: near 290 · bits/16', () => {
    const of = (id: 'sixteen' | 'dense', bits: number): number => crossover(layer(bits, 0), id, PAPER_GPU);
    expect(of('sixteen', 3) / 290).toBeGreaterThan(0.9);
    expect(of('sixteen', 3) / 290).toBeLessThan(1.25);
    expect(of('dense', 3) / of('sixteen', 3)).toBeCloseTo(3.03 / 16, 2);
    const size = layer(3, 0);
    const at = of('dense', 3);
    const [before, after] = [modelTime(size, 'dense', at / 2, PAPER_GPU), modelTime(size, 'dense', 2 * at, PAPER_GPU)];
    expect(before).toBeLessThan(after / 2);
    expect(modelTime(size, 'dense', 2 * at, PAPER_GPU)).toBeCloseTo(2 * modelTime(size, 'dense', at, PAPER_GPU), 12);
  });

  test('the sweep has its corners among its points', () => {
    const sweep = batchSweep(layer(3, 0.0045), 24, PAPER_GPU);
    for (const mark of sweep.marks!) expect(sweep.x).toContain(mark.x);
    expect(sweep.x).toContain(24);
    expect(sweep.marks).toHaveLength(3);
    for (const { y } of sweep.series) y.forEach((v, i) => expect(v).toBeGreaterThanOrEqual(i ? y[i - 1]! : 0));
  });
});

test('the stored default has the numbers of a computation now, and all its charts', async () => {
  const file = readFileSync(new URL('../../public/presets/squeezellm/default.bin', import.meta.url));
  const stored = decodeRun(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
  const now = await runOf('default');
  expect(stored.methods.map((m) => m.id)).toEqual(now.methods.map((m) => m.id));
  stored.methods.forEach((m, i) => expect(m.loss).toBeCloseTo(now.methods[i].loss!, 8));
  for (const sweep of Object.values(stored.sweeps)) expect(sweep.done).toBe(sweep.total);
  expect(Object.keys(stored.sweeps).sort()).toEqual(['batch', 'bits', 'calibration', 'outliers']);
  expect(stored.scatters?.pareto.done).toBe(stored.scatters?.pareto.total);
});
