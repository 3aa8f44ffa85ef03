/** The Sparse VideoGen lab as a run: presets do what their notes say, claims fail where they must, nothing is computed twice. */

import { describe, expect, test } from 'vitest';
import { seed } from '../../seeds/svg';
import type { Engine, Scope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { InputError } from '../../src/inputs/error';
import { toMatrix } from '../../src/inputs/matrix';
import type { Matrix, Phase } from '../../src/papers/contract';
import { agreementOf } from '../../src/papers/svg/agreement';
import { claimsOf } from '../../src/papers/svg/claims';
import { makeProblem, type Problem } from '../../src/papers/svg/inputs';
import { METHOD_ORDER } from '../../src/papers/svg/names';
import { maskedOf, profileOf, relativeOf, wholeProfileOf } from '../../src/papers/svg/outcomes';
import { schema, settingsOf, typed, warmupOf, type Settings } from '../../src/papers/svg/params';
import { paper } from '../../src/papers/svg/paper';
import { Memo } from '../../src/run/memo';
import { mergeRun, type MethodResult, type Params, type Run } from '../../src/run/run';
import { clamp, defaultsOf } from '../../src/run/schema';
import { decodeRun, encodeRun } from '../../src/run/store';

interface Options {
  readonly want?: readonly Phase[];
  readonly files?: Readonly<Record<string, Matrix>>;
  readonly memo?: Memo;
  readonly engine?: Engine;
  /** Ends the run as soon as this holds. */
  readonly until?: (run: Partial<Run>) => boolean;
}

const shared = { memo: new Memo(), engine: new ReferenceEngine() };

async function runOf(params: Params, { want = [], files = {}, memo = shared.memo, engine = shared.engine, until }: Options = {}): Promise<Run> {
  let run: Partial<Run> = {};
  const experiment = paper.experiment({
    engine, memo, files, params: { ...defaultsOf(schema), ...params }, want: new Set(want), signal: new AbortController().signal, pause: () => Promise.resolve(),
  });
  for await (const patch of experiment) {
    run = mergeRun(run, patch);
    if (until?.(run)) break;
  }
  return run as Run;
}

const preset = (id: string, { with: more, ...options }: Options & { readonly with?: Params } = {}): Promise<Run> =>
  runOf({ ...seed.presets.find((p) => p.id === id)!.params, ...more }, options);
/** The heads of a preset, and what is done with them. */
async function problemOf(id: string): Promise<{ readonly problem: Problem; readonly settings: Settings }> {
  const p = typed({ ...defaultsOf(schema), ...seed.presets.find((x) => x.id === id)!.params });
  return { problem: await makeProblem({ ...shared, pause: () => Promise.resolve() }, p, {}), settings: settingsOf(p) };
}
const methods = { want: ['methods'] } as const;
const judged = { ...methods, until: (run: Partial<Run>) => run.scalars?.agree !== undefined } as const;
const holds = (run: Run, id: string): boolean | null => run.claims.find((c) => c.id === id)!.holds;
const fact = (run: Run, id: string): number[] => Array.from(run.vectors[id].data);

test('presets name parameters of the schema, with values it keeps as they are', () => {
  expect(seed.presets.length).toBeGreaterThanOrEqual(8);
  for (const { params } of seed.presets) {
    for (const [name, value] of Object.entries(params)) expect(clamp(schema[name as keyof typeof schema], value)).toBe(value);
  }
});

describe('what the notes say', () => {
  test('default: one head of each kind; the temporal one laid out touches 36 % of the tiles', async () => {
    const run = await preset('default', methods);
    expect(run.methods.map((m) => m.id)).toEqual(METHOD_ORDER);
    expect(fact(run, 'head_kind')).toEqual([0, 1, 2, 3]);
    expect(fact(run, 'verdict').slice(0, 2)).toEqual([0, 1]);
    expect([run.scalars.activeTilesFrame, Math.round(100 * run.scalars.activeTiles)]).toEqual([1, 36]);
    for (const id of ['verdict-is-oracle', 'sampling-suffices', 'profiling-cheap', 'best-per-head', 'beats-random', 'recall-above-density', 'layout-identity', 'layout-tiles', 'sink-costs']) expect(holds(run, id), id).toBe(true);
    // The sink is not charged to the budget.
    expect(holds(run, 'kept-as-asked')).toBe(false);
    for (const id of ['error-falls', 'early-steps-lose-more']) expect(holds(run, id), id).toBeNull();
    const error = (id: string): number => run.methods.find((m: MethodResult) => m.id === id)!.relativeError;
    expect(error('oracle')).toBe(error('svg'));
    expect(run.scalars.layerError).toBeCloseTo(0.5, 2);
    for (const m of run.methods) {
      expect(m.density).toBeGreaterThan(0.2);
      expect(m.recall).toBeGreaterThan(0.2);
    }
    const random = run.methods.find((m) => m.id === 'random')!;
    expect(random.density).toBeCloseTo(run.scalars.layerDensity, 2);
    expect(random.recall).toBeCloseTo(random.density!, 1);
  });

  test('10 %: the error of the layer rises to 82 %, 16 % are kept', async () => {
    const run = await preset('ten', { ...methods, until: (r) => r.scalars?.layerError !== undefined });
    expect([run.scalars.layerError, run.scalars.density].map((v) => Math.round(100 * v))).toEqual([82, 16]);
  });

  test('motion: both masks fail the temporal head alike, and samples disagree', async () => {
    const { problem, settings } = await problemOf('motion');
    const [space, time] = [relativeOf(await maskedOf(problem, 1, 0, settings)), relativeOf(await maskedOf(problem, 1, 1, settings))];
    expect(Math.abs(space - time)).toBeLessThan(0.02 * space);
    expect(Math.abs(agreementOf(await wholeProfileOf(problem, 1, settings), settings, settings.rows) - 0.5)).toBeLessThan(0.1);
  });

  test('one row: the shown head gets the wrong mask, and claims fail', async () => {
    const run = await preset('one', judged);
    expect(run.scalars.verdict).not.toBe(run.scalars.oracleVerdict);
    expect(['verdict-is-oracle', 'sampling-suffices', 'best-per-head'].map((id) => holds(run, id))).toEqual([false, false, false]);
  });

  test('frame 0 as sink: no tile is skipped', async () => {
    const run = await preset('sink');
    expect([run.scalars.tilesSkipped, Math.round(100 * run.scalars.density)]).toEqual([0, 16]);
    expect([holds(run, 'layout-tiles'), holds(run, 'sink-costs')]).toEqual([false, true]);
  });

  test('first step: misjudged, and over twice the error of the last', async () => {
    const [first, last] = [await preset('early'), await preset('default')];
    expect([first.scalars.gateDense, first.scalars.step, first.scalars.verdict, last.scalars.verdict]).toEqual([0, 1, 0, 1]);
    expect(first.scalars.relativeError).toBeGreaterThan(2 * last.scalars.relativeError);
  });

  test('as in code: 48 % kept, judged by rows of the first frames', async () => {
    const run = await preset('code');
    expect([run.scalars.bandTokens, Math.round(100 * run.scalars.density)]).toEqual([256, 48]);
    expect(fact(run, 'rows')).toHaveLength(64);
    expect(Math.max(...fact(run, 'rows'))).toBeLessThan(136);
    expect(holds(run, 'profiling-cheap')).toBe(false);
  });

  test('text first: the band is narrower, every query keeps the text', async () => {
    const [run, wan] = [await preset('text'), await preset('default')];
    expect(run.scalars.bandTokens).toBeLessThan(wan.scalars.bandTokens);
    expect([run.scalars.tokens, run.scalars.lookToken - wan.scalars.lookToken]).toEqual([1056, 32]);
    expect(run.scalars.lookTextKept).toBeGreaterThan(run.scalars.lookText);
  });

  test('clip: the spatial and the temporal head are told apart', async () => {
    const runs = [await preset('clip', { with: { head: 1 } }), await preset('clip')];
    expect(runs.map(({ scalars }) => [scalars.kind, scalars.verdict])).toEqual([[0, 0], [1, 1]]);
    expect(runs[0].provenance.inputs.heads).toContain('not a trained model');
    expect(runs[0].stages.pixels.rows).toBe(16 * runs[0].scalars.side);
  });

  test('layer: ten rows find four temporal heads among twelve', async () => {
    const { problem, settings } = await problemOf('layer');
    const verdicts = await Promise.all(problem.kinds.map(async (_, h) => (await profileOf(problem, h, settings)).verdict[0]));
    expect([settings.rows, verdicts.length, verdicts.filter((v) => v === 1).length]).toEqual([10, 12, 4]);
  });
});

const small = { frames: 6, grid: 4, dim: '16', tile: '16', mix: 'pure', steps: 4, denoise: 4 } as const;
const all = ['methods', 'landscape', 'sweeps'] as const;

describe('a small run, whole', () => {
  test.each<[string, Params]>([['toy', {}], ['clip', { source: 'clip' }], ['text last, as in code', { variant: 'hunyuan', text: 8, prompt: 5, profiling: 'code', grain: '16' }]])('%s: every number is finite, pictures have their sizes, charts are done', async (_, params) => {
    const run = await runOf({ ...small, ...params }, { want: all });
    for (const [id, value] of Object.entries(run.scalars)) expect(Number.isFinite(value), id).toBe(true);
    for (const stage of Object.values(run.stages)) {
      expect(stage.data.length, stage.id).toBe(stage.rows * stage.cols);
      expect(stage.data.every(Number.isFinite), stage.id).toBe(true);
    }
    for (const vector of Object.values(run.vectors)) expect(vector.data.every(Number.isFinite), vector.id).toBe(true);
    expect(Object.keys(run.sweeps).sort()).toEqual(['agreement', 'error', 'recall', 'steps', 'tiles']);
    for (const sweep of Object.values(run.sweeps)) {
      expect(sweep.done, sweep.id).toBe(sweep.total);
      expect(sweep.x).toContain(sweep.current);
      for (const { y } of sweep.series) expect(y.every((v) => v !== null && Number.isFinite(v)), sweep.id).toBe(true);
    }
    // Padding attends to itself alone, so that HunyuanVideo's mask is not dense even where all is kept.
    expect(holds(run, 'error-falls')).toBe(params.variant !== 'hunyuan');
    expect(holds(run, 'early-steps-lose-more')).toBeTypeOf('boolean');
    // A stored run is read as it was.
    expect(decodeRun(encodeRun(run)).scalars).toEqual(run.scalars);
  });

  test('the point of a chart at the run’s own setting is the run', async () => {
    const run = await runOf(small, { want: all });
    const at = (id: string, series: string): number | null => run.sweeps[id].series.find((s) => s.method === series)!.y[run.sweeps[id].x.indexOf(run.sweeps[id].current)];
    expect(at('error', 'svg')).toBeCloseTo(run.scalars.layerError, 12);
    expect(at('recall', 'svg')).toBeCloseTo(run.scalars.layerRecall, 12);
    expect([at('tiles', 'frame'), at('tiles', 'token')]).toEqual([run.scalars.temporalTilesFrame, run.scalars.temporalTiles]);
    expect(at('agreement', 'temporal')).toBeCloseTo((fact(run, 'agreement')[1] + fact(run, 'agreement')[3]) / 2, 6);
  });

  test('where a query looks sums to 1, and under the mask only what is kept is looked at', async () => {
    const { stages, scalars } = await runOf({ ...small, variant: 'cog', text: 8 });
    const sum = (id: string): number => stages[id].data.reduce((a, b) => a + b, 0);
    expect([sum('look') + scalars.lookText, sum('look_kept') + scalars.lookTextKept].map((v) => v.toFixed(5))).toEqual(['1.00000', '1.00000']);
    expect(stages.look_kept.data.filter((v) => v === 0).length).toBeGreaterThan(10);
    // The mean of a map in units of even attention is 1.
    const { rows, data } = stages.map;
    expect(rows).toBe(scalars.tokens);
    expect(data.reduce((a, b) => a + b, 0) / data.length).toBeCloseTo(1, 5);
    // Both maps hold the same numbers in another order.
    expect(Float32Array.from(stages.map_token.data).sort()).toEqual(Float32Array.from(data).sort());
  });

  test('padding is no one’s concern: all else is what the model has without it, and a memory tells models apart', async () => {
    const base = { ...small, variant: 'hunyuan', text: 9 } as const;
    const memo = new Memo();
    const padded = await runOf({ ...base, prompt: 4 }, { ...methods, memo });
    const real = (run: Run, id: string): Float32Array => run.stages[id].data.slice(0, (96 + 4) * 16);
    const { rows, data } = padded.stages.map;
    // Tokens before the padding do not look at it: their rows of the map add up without it.
    expect([data.subarray(0, 100).reduce((a, b) => a + b, 0) / rows, data.subarray(100, rows).every((v) => v === 0)].map(Number)).toEqual([expect.closeTo(1, 4), 1]);
    const gap = real(padded, 'o').reduce((sum, v, i) => sum + (v - real(padded, 'o_dense')[i]) ** 2, 0);
    expect(padded.scalars.relativeError).toBeCloseTo(Math.sqrt(gap / real(padded, 'o_dense').reduce((sum, v) => sum + v * v, 0)), 6);
    const changes: readonly Params[] = [{ prompt: 9 }, { variant: 'cog' }, { text: 0 }, { variant: 'wan', sink: 'none' }];
    for (const change of changes) {
      const [again, fresh] = [await runOf({ ...base, ...change }, { memo }), await runOf({ ...base, ...change }, { memo: new Memo() })];
      expect(again.scalars, JSON.stringify(change)).toEqual(fresh.scalars);
    }
  });

  test('a step that stays dense has no error; the methods are told as if it did not', async () => {
    const run = await runOf({ ...small, denoise: 1, denseSteps: 50 }, methods);
    expect([run.scalars.gateDense, run.scalars.relativeError, run.scalars.density, run.scalars.denseUntil]).toEqual([1, 0, 1, 2]);
    expect(run.scalars.sparseError).toBeGreaterThan(0.1);
    expect(run.stages.e.data.every((v) => v === 0)).toBe(true);
    expect(run.notices.some(({ happened }) => happened.includes('stays dense'))).toBe(true);
    expect(run.methods.find((m) => m.id === 'svg')!.relativeError).toBeGreaterThan(0.1);
  });

  test('everything kept is dense; nothing then is claimed of what is left out', async () => {
    const run = await runOf({ ...small, kept: 1 }, methods);
    expect([run.scalars.relativeError, run.scalars.density, run.scalars.tilesSkipped]).toEqual([0, 1, 0]);
    for (const id of ['beats-random', 'recall-above-density', 'layout-tiles', 'best-per-head']) expect(holds(run, id), id).toBeNull();
  });

  test('queries that keep no key are told', async () => {
    const run = await runOf({ ...small, variant: 'hunyuan', text: 0, kept: 0.02 });
    expect(run.notices.some(({ level, happened }) => level === 'degraded' && happened.includes('keep no key'))).toBe(true);
  });

  test('what is out of range is brought in, and told', async () => {
    const run = await runOf({ ...small, head: 9, denoise: 40, frame: 23, place: 143 });
    expect([run.scalars.head, run.scalars.step, run.scalars.lookToken]).toEqual([4, 4, 95]);
    expect(run.notices).toHaveLength(2);
  });
});

describe('inputs', () => {
  const frames = (count: number): Matrix => toMatrix('mine.npy', count, 48, Float32Array.from({ length: count * 48 }, (_, i) => 0.5 + 0.4 * Math.sin(i * 1.7)));

  test('a video of the reader’s stands in for the toy, and its frames are shown', async () => {
    const run = await runOf(small, { files: { video: frames(4) } });
    expect(run.provenance.inputs.video).toContain('mine.npy');
    expect([run.scalars.picture, run.stages.pixels.rows]).toEqual([1, 24]);
    expect(run.notices.some(({ happened }) => happened.includes('has 4 frames'))).toBe(true);
    const other = await runOf(small, { files: { video: toMatrix('b.npy', 4, 48, frames(4).data.map((v) => 1 - v)) } });
    expect(other.stages.q.data).not.toEqual(run.stages.q.data);
  });

  test('a file that is no clip is refused with a sentence', async () => {
    await expect(runOf(small, { files: { video: toMatrix('w.npy', 4, 50, new Float32Array(200)) } })).rejects.toThrow(InputError);
  });
});

/** An engine that counts launches by kernel. */
function counting(): { readonly engine: Engine; readonly take: () => Record<string, number> } {
  const inner = new ReferenceEngine();
  let counts: Record<string, number> = {};
  const scope = (): Scope => {
    const real = inner.scope();
    return new Proxy(real, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]): unknown => {
          if (name === 'run') {
            const kernel = (given[0] as { readonly name: string }).name;
            counts[kernel] = (counts[kernel] ?? 0) + 1;
          }
          return value.apply(target, given) as unknown;
        };
      },
    });
  };
  const engine = new Proxy<Engine>(inner, { get: (target, name) => (name === 'scope' ? scope : Reflect.get(target, name, target)) });
  return { engine, take: () => { const seen = counts; counts = {}; return seen; } };
}

test('a slider computes only what depends on it', async () => {
  const { engine, take } = counting();
  const memo = new Memo();
  const go = async (params: Params): Promise<Record<string, number>> => {
    await runOf({ ...small, ...params }, { engine, memo });
    return take();
  };
  expect(await go({})).toMatchObject({ attention: 1, attention_masked: 1, attention_profile: 1, matmul_nt: 1 });
  for (const [name, value] of Object.entries({ frame: 2, place: 9, tile: '32', share: 50, layer: 3, denseSteps: 30 })) expect(await go({ [name]: value }), name).toEqual({});
  expect(await go({ rows: 4 })).toEqual({ attention_profile: 1 });
  const kept = await go({ kept: 0.5 });
  expect(kept).toMatchObject({ attention_profile: 1, attention_masked: 1 });
  expect([kept.attention, kept.matmul_nt]).toEqual([undefined, undefined]);
  expect(await go({ seed: 3 })).toMatchObject({ attention: 1, matmul_nt: 1 });
});

test('the schema in the method’s terms', () => {
  const p = (params: Params) => typed({ ...defaultsOf(schema), ...params });
  expect(settingsOf(p({ rowsFrom: 'first' })).below).toBe(136);
  expect(settingsOf(p({ rowsFrom: 'first', variant: 'cog' })).below).toBe(1056);
  expect(settingsOf(p({ variant: 'hunyuan' })).sink).toBe('none');
  const warmup = warmupOf(p({ denseSteps: 25, steps: 8, denseLayers: 10, layers: 30, layer: 4 }));
  expect([warmup.denseSteps, warmup.denseLayers, warmup.dense(2), warmup.dense(3)]).toEqual([2, 3, true, false]);
  expect(warmupOf(p({ denseLayers: 10, layer: 3 })).dense(10)).toBe(true);
});

test('of an empty run nothing is claimed', () => {
  for (const { holds: held, id } of claimsOf({})) expect(held, id).toBeNull();
});
