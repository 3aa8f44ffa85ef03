/** The Sparse VideoGen 2 lab: presets do what their notes say, claims can fail, nothing is computed that a change does not touch. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { attention } from '../../kernels/attention/attention';
import { attentionBlocks } from '../../kernels/attention_blocks/attention_blocks';
import { kmeansAssign } from '../../kernels/kmeans_assign/kmeans_assign';
import { seed } from '../../seeds/svg2';
import { main } from '../../src/cli/lab';
import { ReferenceEngine } from '../../src/engine/reference';
import type { Matrix } from '../../src/inputs/matrix';
import { writeNpy } from '../../src/inputs/npy';
import type { Phase } from '../../src/papers/contract';
import { claimsOf } from '../../src/papers/svg2/claims';
import { makeCore } from '../../src/papers/svg2/core';
import { densityAt } from '../../src/papers/svg2/density';
import { experiment } from '../../src/papers/svg2/experiment';
import { makeProblem, type Problem } from '../../src/papers/svg2/inputs';
import { atGivenP, oracleAt, placeAt, videoDensity } from '../../src/papers/svg2/methods';
import { METHOD_ORDER } from '../../src/papers/svg2/names';
import { methodResult } from '../../src/papers/svg2/outcome';
import { schema, settingsOf, typed } from '../../src/papers/svg2/params';
import { paper } from '../../src/papers/svg2/paper';
import { sideAt } from '../../src/papers/svg2/steps';
import { recallOfMap } from '../../src/papers/svg2/weights';
import { Memo } from '../../src/run/memo';
import { mergeRun, type Params, type Run } from '../../src/run/run';
import { clamp, defaultsOf } from '../../src/run/schema';

const engine = new ReferenceEngine();
const TINY: Params = { frames: 4, grid: 6, heads: 2, dim: '16', queryClusters: 6, keyClusters: 8, classes: 6, token: 70 };
const PHASES: readonly Phase[] = ['methods', 'landscape', 'sweeps'];

const at = (over: Params): Params => ({ ...defaultsOf(schema), ...over });

async function runOf(over: Params, want: readonly Phase[] = [], memo = new Memo(), files: Record<string, Matrix> = {}): Promise<Run> {
  let run: Partial<Run> = {};
  const ctx = { engine, memo, params: at(over), files, signal: new AbortController().signal, pause: () => Promise.resolve(), want: new Set(want) };
  for await (const patch of experiment(ctx)) run = mergeRun(run, patch);
  return run as Run;
}

/** Presets share what they have in common. */
const common = new Memo();
const problemOf = (over: Params): Promise<Problem> => makeProblem({ engine, memo: common, pause: () => Promise.resolve() }, typed(at(over)), {});
const shown = new Map<string, Promise<Run>>();
/** The core of a preset, once. */
const coreOf = (id: string): Promise<Run> => {
  const run = shown.get(id) ?? runOf(preset(id), [], common);
  shown.set(id, run);
  return run;
};
const preset = (id: string): Params => seed.presets.find((p) => p.id === id)!.params;
const holds = (run: Run, id: string): boolean | null => run.claims.find((c) => c.id === id)!.holds;

afterEach(() => vi.restoreAllMocks());

test('presets name parameters of the schema, with values it keeps as they are', () => {
  expect(seed.presets.length).toBeGreaterThanOrEqual(6);
  for (const { params } of seed.presets) for (const [name, value] of Object.entries(params)) expect(clamp(schema[name as keyof typeof schema], value)).toBe(value);
});

describe('what the notes say', () => {
  test('default: a fraction of the pairs, nine tenths of the attention; blocks of places keep little of it', async () => {
    const problem = await problemOf({});
    const core = await makeCore(problem);
    expect(core.score.density).toBeLessThan(0.16);
    expect(Math.abs(core.score.recall - 0.9)).toBeLessThan(0.03);
    expect((await placeAt(problem, core, videoDensity(core))).score.recall).toBeLessThan(core.score.recall - 0.2);
  });
  test('soft: over a third of the pairs, and most tiles stay active', async () => {
    const run = await coreOf('soft');
    expect(run.scalars.density).toBeGreaterThan(1 / 3);
    expect(run.scalars.active16Cluster).toBeGreaterThan(0.5);
    expect(holds(run, 'tiles-fall')).toBe(false);
  });
  test('sharp: a fifteenth of the pairs', async () => {
    const { scalars } = await coreOf('sharp');
    expect(Math.round(1 / scalars.density)).toBe(15);
    expect(scalars.recall).toBeGreaterThan(0.88);
  });
  test('shared labels need most of the pairs, and tiles stay; with equal regions they cost nothing, and a claim fails', async () => {
    const run = await coreOf('shared');
    expect(run.scalars.density).toBeGreaterThan(0.5);
    expect([holds(run, 'tiles-fall'), run.scalars.ari]).toEqual([false, 1]);
    const problem = await problemOf(preset('equal'));
    const core = await makeCore(problem);
    const score = await atGivenP('shared', problem, core);
    expect(score.density).toBeLessThan(core.score.density);
    const claims = claimsOf({ params: problem.params, scalars: core.patch.scalars, methods: [methodResult('shared', score)] });
    expect(claims.find((c) => c.id === 'labels-apart')!.holds).toBe(false);
  });
  test('scripts: the floor holds the density up, and more than p is kept', async () => {
    const [run, own] = [await coreOf('scripts'), await coreOf('sharp')];
    expect(run.scalars.minKept).toBe(0.1);
    expect(run.scalars.density).toBeGreaterThan(own.scalars.density);
    expect(run.scalars.recall - run.scalars.topP).toBeGreaterThan(0.03);
    expect(holds(run, 'recall-tracks-p')).toBe(false);
  });
  test('without sizes: fewer pairs and more error than with them', async () => {
    const [unsized, sized] = [await coreOf('sizes'), await coreOf('soft')];
    expect(unsized.scalars.density).toBeLessThan(sized.scalars.density);
    expect(unsized.scalars.relativeError).toBeGreaterThan(sized.scalars.relativeError);
  });
  test('scene cut: cached centroids end farther than random tokens; without it nearer', async () => {
    const inertia = async (params: Params, start: 'warm' | 'cold'): Promise<number> => (await sideAt(await problemOf(params), 0, Number(params.step), 'keys', start)).finalInertia;
    expect(await inertia(preset('cut'), 'warm')).toBeGreaterThan(await inertia(preset('cut'), 'cold'));
    expect(await inertia(preset('warm'), 'warm')).toBeLessThan(await inertia(preset('warm'), 'cold'));
  });
  test('clip: shared labels cost next to nothing', async () => {
    const problem = await problemOf(preset('clip'));
    const core = await makeCore(problem);
    expect(Math.abs((await atGivenP('shared', problem, core)).density - core.score.density)).toBeLessThan(0.05);
    expect(core.patch.stages!.pixels.data).toHaveLength(16 * 64 * 64 * 3);
  });
});

test('a setting scales to the video and leaves the sliders as they are', () => {
  const scripts = settingsOf(typed(at({ setting: 'scripts', topP: 0.5 })), 1024);
  expect([scripts.queryClusters, scripts.keyClusters, scripts.topP, scripts.minKept]).toEqual([19, 64, 0.9, 0.1]);
  const paperSetting = settingsOf(typed(at({ setting: 'paper' })), 1024);
  expect([paperSetting.queryClusters, paperSetting.keyClusters, paperSetting.minKept]).toEqual([13, 64, 0]);
  expect(settingsOf(typed(at({ queryClusters: 100 })), 36).queryClusters).toBe(36);
});

describe('one run', () => {
  test.each([['toy', {}], ['clip', { source: 'clip' }], ['text', { text: 12, prompt: 7 }], ['step', { step: 2, cut: 50 }]])('%s: every phase ends, every claim is tested, stages have their sizes', async (_, over) => {
    const run = await runOf({ ...TINY, ...over }, PHASES);
    expect(run.methods.map((m) => m.id)).toEqual(METHOD_ORDER);
    for (const m of run.methods.slice(1)) {
      for (const v of [m.relativeError, m.density!, m.recall!, m.psnrDb!]) expect(Number.isFinite(v), m.id).toBe(true);
    }
    for (const list of [run.sweeps, run.landscapes, run.scatters!]) for (const chart of Object.values(list)) expect(chart.done, chart.id).toBe(chart.total);
    expect(Object.keys(run.sweeps).sort()).toEqual(['clusters', 'density', 'error', 'iterations', 'recall', 'steps', 'tiles']);
    expect(run.claims.filter((c) => c.holds === null)).toEqual([]);
    expect(holds(run, 'permutation-exact')).toBe(true);
    expect(holds(run, 'below-oracle')).toBe(true);
    for (const stage of Object.values(run.stages)) expect(stage.data.length, stage.id).toBe(stage.rows * stage.cols);
    expect([...run.vectors.head_density.data].every((v) => v > 0)).toBe(true);
    for (const method of ['place', 'random', 'svg', 'oracle']) {
      expect(Math.abs(run.methods.find((m) => m.id === method)!.density! - run.scalars.density), method).toBeLessThan(0.06);
    }
    expect(run.scalars.density).toBeGreaterThanOrEqual(run.scalars.densityFloor);
  });

  test('what a step takes is the sum of its kernels', async () => {
    const { scalars, kernels } = await runOf(TINY, ['timing']);
    for (const part of ['Cluster', 'Map', 'Permutation', 'Attention', 'Dense', 'ClusterLater', 'ClusterFirst']) expect(scalars[`seconds${part}`], part).toBeGreaterThan(0);
    const [dense] = kernels.filter((k) => k.kernel === 'attention');
    expect(scalars.secondsDense).toBe(dense.timing!.median);
    const perIteration = kernels.filter((k) => ['kmeans_assign', 'sort_by_label', 'segment_mean'].includes(k.kernel)).reduce((sum, k) => sum + k.timing!.median, 0);
    expect(scalars.secondsClusterLater).toBeCloseTo(2 * perIteration, 9);
  });

  test('each side is counted by its own iterations over the video; with shared labels one side is', async () => {
    const run = await runOf({ ...TINY, text: 12, prompt: 7 });
    const { iterationsQ, iterationsK, flopsCluster } = run.scalars;
    expect(flopsCluster).toBe(2 * 144 * 16 * (iterationsQ * 7 + iterationsK * 9));
    const shared = await runOf({ ...TINY, labels: 'keys' });
    expect(shared.scalars.flopsClusterLater).toBe(2 * 144 * 16 * 2 * 9);
  });

  test('a video file takes the place of the toy, and one too small is refused', async () => {
    const data = Float32Array.from({ length: 4 * 12 * 12 * 3 }, (_, i) => (Math.sin(i / 7) + 1) / 2);
    const run = await runOf(TINY, [], new Memo(), { video: { source: 'clip.npy', key: 'a', rows: 4, cols: 432, data } as Matrix });
    expect([run.scalars.picture, run.scalars.side]).toEqual([1, 12]);
    expect(run.provenance.inputs.heads).toContain('not a trained model');
    await expect(runOf(TINY, [], new Memo(), { video: { source: 'x.npy', key: 'b', rows: 4, cols: 7, data: new Float32Array(28) } as Matrix })).rejects.toThrow('square');
  });

  test('recall of a map needs no attention, and no density lies below its floor', async () => {
    const problem = await problemOf({ ...TINY, text: 8, prompt: 5 });
    const { of, outcome, mass, score } = await makeCore(problem);
    expect(recallOfMap(outcome.map, mass, outcome.queries, of.given.heads)).toBeCloseTo(score.recall, 5);
    expect(await densityAt(problem, of.given.heads, of.clusters, 0.9, 0)).toBeCloseTo(score.density, 12);
    const all = await runOf({ ...TINY, topP: 0, minKept: 100 });
    expect([all.scalars.density, all.scalars.densityFloor, all.scalars.psnrDb]).toEqual([1, 1, undefined]);
    expect(holds(all, 'tiles-fall')).toBeNull(); // nothing is dropped
    for (const percent of [0, 10, 25, 60]) {
      const { scalars } = await runOf({ ...TINY, topP: 0, minKept: percent });
      expect(scalars.density).toBeGreaterThanOrEqual(scalars.densityFloor - 1e-9);
    }
  });

  test('exact top tokens: from one pass at several densities, each keeps more than the last', async () => {
    const problem = await problemOf(TINY);
    const scores = await oracleAt(problem, await makeCore(problem), [0.05, 0.2, 0.6]);
    expect(scores.map((s) => s.density).every((d, i) => Math.abs(d - [0.05, 0.2, 0.6][i]) < 0.01)).toBe(true);
    expect(scores[0].recall).toBeLessThan(scores[1].recall);
    expect(scores[1].relativeError).toBeGreaterThan(scores[2].relativeError);
  });
});

test('p, sizes, the floor and compensation cluster nothing anew and run no dense attention; a picked token runs nothing', async () => {
  const memo = new Memo();
  await runOf(TINY, [], memo);
  const spies = [kmeansAssign, attention, attentionBlocks].map((kernel) => vi.spyOn(kernel, 'reference'));
  const changes: readonly Params[] = [{ topP: 0.8 }, { minKept: 20 }, { sizeWeighted: false }, { compensated: true }];
  for (const over of changes) await runOf({ ...TINY, ...over }, [], memo);
  expect(spies.map((s) => s.mock.calls.length)).toEqual([0, 0, 5]);
  await runOf({ ...TINY, token: 3 }, [], memo);
  await runOf({ ...TINY, share: 50 }, [], memo);
  expect(spies.map((s) => s.mock.calls.length)).toEqual([0, 0, 5]);
  // Labels of one side are those it had already.
  await runOf({ ...TINY, labels: 'keys' }, [], memo);
  expect(spies[0].mock.calls).toHaveLength(0);
  // Other key clusters leave the queries as they are.
  await runOf({ ...TINY, keyClusters: 5 }, [], memo);
  const sizes = spies[0].mock.calls.map(([, dims]) => (dims as { C: number }).C);
  expect(new Set(sizes)).toEqual(new Set([5]));
});

test('each claim can fail, and says nothing where the run does not tell', async () => {
  const run = await runOf(TINY, ['methods', 'sweeps']);
  for (const { holds: told } of claimsOf({ params: run.params })) expect(told).toBe(null);
  const methods = run.methods.map((m) => ({ ...m, recall: m.id === 'oracle' ? 0 : 0.5, density: m.id === 'unsized' ? 1 : 0.01, relativeError: 1 }));
  const steps = { ...run.sweeps.steps, series: run.sweeps.steps.series.map((s) => ({ ...s, y: s.y.map(() => (s.method === 'warm' ? 2 : 1)) })) };
  const density = { ...run.sweeps.density, series: run.sweeps.density.series.map((s) => ({ ...s, y: s.y.map((_, i) => -i) })) };
  const scalars = { ...run.scalars, identityError: 1, unsizedDensity: 1, recall: 0.1, active16Place: 0.1, active16Cluster: 0.1, density: 0.9, overheadLater: 0.5 };
  const worst = claimsOf({ ...run, methods, scalars, sweeps: { ...run.sweeps, steps, density } });
  expect(worst.filter((c) => c.holds !== false).map((c) => c.id)).toEqual([]);
});

test('the command line runs it, with a clip of its own', async () => {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out += String(text); return true; });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const file = join(mkdtempSync(join(tmpdir(), 'svg2-')), 'clip.npy');
  writeFileSync(file, writeNpy('<f4', [4, 12 * 12 * 3], Float32Array.from({ length: 4 * 432 }, (_, i) => (Math.cos(i / 5) + 1) / 2)));
  const flags = Object.entries(TINY).flatMap(([name, value]) => [`--${name}`, String(value)]);
  expect(await main(['svg2', ...flags, '--video', file, '--json'])).toBe(0);
  const { metrics, provenance } = JSON.parse(out) as { metrics: { methods: { id: string }[]; scalars: Record<string, number> }; provenance: { inputs: Record<string, string> } };
  expect(metrics.methods.map((m) => m.id)).toEqual(METHOD_ORDER);
  expect(metrics.scalars.picture).toBe(1);
  expect(provenance.inputs.video).toContain('clip.npy');
  expect(paper.fileInputs).toEqual(['video']);
});
