/** Each preset does what its note says; the stored default is what a computation gives now. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { seed } from '../../seeds/svdquant';
import { presetsOf, runPreset } from '../../src/cli/presets';
import { paper } from '../../src/papers/svdquant/paper';
import type { Run } from '../../src/run/run';
import { clamp } from '../../src/run/schema';
import { decodeRun, encodeRun, StoreError } from '../../src/run/store';

const runs = new Map<string, Promise<Run>>();
const runOf = (id: string): Promise<Run> => {
  const run = runs.get(id) ?? runPreset(paper, seed.presets.find((p) => p.id === id)!, ['methods', 'refine']);
  runs.set(id, run);
  return run;
};
const error = (run: Run, id: string): number => run.methods.find((m) => m.id === id)!.relativeError;
const gain = (run: Run): number => error(run, 'smooth') / error(run, 'svdquant');
const holds = (run: Run, id: string): boolean | null => run.claims.find((c) => c.id === id)!.holds;

test('presets name parameters of the schema, with values it keeps as they are', () => {
  expect(presetsOf('svdquant').map((p) => p.id)).toEqual(seed.presets.map((p) => p.id));
  expect(seed.presets.length).toBeGreaterThanOrEqual(7);
  for (const { params } of seed.presets) {
    for (const [name, value] of Object.entries(params)) expect(clamp(paper.schema[name as keyof typeof paper.schema], value)).toBe(value);
  }
});

describe('what the notes say', () => {
  test('default: the branch halves the error of smoothing', async () => expect(gain(await runOf('default'))).toBeGreaterThan(1.9));
  test('16 outliers: the branch gains less', async () => expect(gain(await runOf('sixteen'))).toBeLessThan(gain(await runOf('default'))));
  test('control: the branch gains almost nothing, and claims about it fail', async () => {
    const run = await runOf('control');
    expect(gain(run)).toBeLessThan(1.1);
    expect([holds(run, 'branch-helps'), holds(run, 'energy-concentrates')]).toEqual([false, false]);
  });
  test('rank 0: smoothing alone', async () => {
    const run = await runOf('rank0');
    expect(error(run, 'svdquant')).toBeCloseTo(error(run, 'smooth'), 8);
    expect(holds(run, 'branch-helps')).toBe(false);
  });
  test('NVFP4: less error than INT4', async () => {
    expect(error(await runOf('nvfp4'), 'svdquant')).toBeLessThan(error(await runOf('default'), 'svdquant'));
    expect(holds(await runOf('nvfp4'), 'nvfp4-below-int4')).toBe(true);
  });
  test('MXFP4: smoothing alone gains almost nothing, the branch much', async () => {
    const run = await runOf('mxfp4');
    expect(error(run, 'smooth')).toBeGreaterThan(0.9 * error(run, 'rtn'));
    expect(gain(run)).toBeGreaterThan(3);
  });
  test('heavy tails: rounding alone is worse than on the default', async () => expect(error(await runOf('tails'), 'rtn')).toBeGreaterThan(error(await runOf('default'), 'rtn')));
  test('planted: the SVD alone removes much', async () => {
    const [planted, plain] = [await runOf('planted'), await runOf('default')];
    expect(error(planted, 'lowrank')).toBeLessThan(0.6 * error(planted, 'rtn'));
    expect(error(plain, 'lowrank')).toBeGreaterThan(0.8 * error(plain, 'rtn'));
  });
});

describe('the search among smoothing pairs', () => {
  const small = { tokens: 16, in: 32, out: 24, rank: 3, group: '16' };
  const searched = (params: Record<string, number | string>): Promise<Run> =>
    runPreset(paper, { id: 'small', label: '', note: '', params: { ...small, ...params } }, ['landscape']);

  test('the landscape marks the 39 candidates, on clean places', async () => {
    const { points } = (await searched({})).landscapes.smoothing;
    const candidates = points.filter((p) => p.candidate);
    expect(candidates).toHaveLength(39);
    for (const p of points) expect([p.x, p.y].map((v) => Math.round(v * 20) / 20)).toEqual([p.x, p.y]);
    expect(candidates).toContainEqual(expect.objectContaining({ x: 0.85, y: 0.15 }));
    expect(points.length).toBeGreaterThan(candidates.length);
  });
  test.each<[string, number | string]>([['residual', 'gptq'], ['lora', 1], ['smoothing', 'none'], ['smoothing', 'search']])('with %s %s the claim compares like with like, and holds for a pair that the search tries', async (name, value) => {
    const run = await searched({ [name]: value });
    const claim = run.claims.find((c) => c.id === 'search-not-worse')!;
    expect(claim.holds).toBe(true);
    expect(claim.numbers.searched).toBeLessThanOrEqual(claim.numbers.here);
  });
});

describe('stored runs', () => {
  test('the stored default has the numbers of a computation now', async () => {
    const file = readFileSync(new URL('../../public/presets/svdquant/default.bin', import.meta.url));
    const stored = decodeRun(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
    const now = await runOf('default');
    expect(stored.methods.map((m) => m.id)).toEqual(now.methods.map((m) => m.id));
    stored.methods.forEach((m, i) => expect(m.relativeError).toBeCloseTo(now.methods[i].relativeError, 8));
    expect(stored.landscapes.smoothing.done).toBe(stored.landscapes.smoothing.total);
    expect(stored.stages.x.data).toHaveLength(now.stages.x.data.length);
  });

  test('a round trip keeps everything but the last bits of the pictures, and the same run gives the same bytes', async () => {
    const run = { ...(await runOf('default')), scalars: { odd: Infinity } };
    const bytes = encodeRun(run);
    const back = decodeRun(bytes);
    expect({ ...back, stages: {}, vectors: {}, spectra: {} }).toEqual({ ...run, stages: {}, vectors: {}, spectra: {} });
    for (const [id, stage] of Object.entries(run.stages)) {
      const read = back.stages[id].data;
      const most = stage.data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      stage.data.forEach((v, i) => { if (Math.abs(v - read[i]) > Math.abs(v) * 2 ** -11 + most * 2 ** -38) throw new Error(`${id}[${i}]: ${v} became ${read[i]}`); });
      expect(back.stages[id].codes?.join()).toBe(stage.codes?.join());
    }
    expect(Buffer.from(encodeRun(run)).equals(Buffer.from(bytes))).toBe(true);
  });

  test('bytes that are no stored run, or cut short, are refused', async () => {
    const bytes = encodeRun(await runOf('default'));
    expect(() => decodeRun(new ArrayBuffer(4))).toThrow(StoreError);
    expect(() => decodeRun(bytes.slice(0, bytes.byteLength - 1))).toThrow(StoreError);
    expect(() => decodeRun(bytes.slice(0, 40))).toThrow(StoreError);
  });
});
