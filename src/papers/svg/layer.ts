/** All heads of the layer: every method over them, and what is known of each. */

import { SPATIAL, TEMPORAL } from '../../attention/layout';
import { singleMask } from '../../attention/band';
import { realTokens } from '../../attention/masks';
import { densityOfMask } from '../../attention/pairs';
import { sqnrDb, type MethodResult, type RunPatch } from '../../run/run';
import { randomBlocks, slidingWindow } from './baselines';
import { judgedFacts, type Core } from './core';
import { factVectors, type Facts } from './facts';
import type { Problem } from './inputs';
import { METHODS, METHOD_ORDER, type MethodId } from './names';
import { mapsOf } from './maps';
import { denseOf, maskedOf, measured, profileOf, relativeOf, runMask, wholeProfileOf, type Measured } from './outcomes';
import type { Settings } from './params';
import { thumbsOf } from './stages';
import { agreementOf } from './agreement';

/** What a method gives on each head, and the share of pairs it keeps there. */
export type HeadResult = Measured & { readonly density: number };

/** Share of pairs that each type keeps, by its number. */
export const densitiesOf = (problem: Problem, s: Settings): readonly number[] => [SPATIAL, TEMPORAL].map((type) => densityOfMask(runMask(problem, s, type)));

const RANDOM_STREAM = 0x51ab;

/** The baselines that are no mask of a type. undefined: this model has no sink to leave out, so the window is the spatial mask. */
export async function baselineOf(id: 'sliding' | 'random', problem: Problem, h: number, s: Settings, density: number): Promise<HeadResult | undefined> {
  const { engine, video, key } = problem;
  if (id === 'sliding' && s.sink === 'none') return undefined;
  const dense = await denseOf(problem, h);
  const { keptFraction, grain, tile, seed } = s;
  const deps = id === 'random' ? [key, tile, density, seed] : [key, keptFraction, grain, s.transform];
  return (problem.apart ?? problem.memo).get(`${id} ${h}`, deps, async () => {
    const head = await problem.head(h);
    if (id === 'sliding') return { ...measured(await slidingWindow(engine, head, video, s), dense, video), density: densityOfMask(runMask(problem, { ...s, sink: 'none' }, SPATIAL)) };
    const output = await randomBlocks(engine, head, tile, density, (seed ^ RANDOM_STREAM) + h);
    return { ...measured(output, dense, video), density: output.density };
  });
}

/** ‖O − O*‖_F / ‖O*‖_F over all heads, and the means over them of what is kept. */
export function overHeads(results: readonly HeadResult[]): { readonly error: number; readonly recall: number; readonly density: number } {
  const sum = (of: (r: HeadResult) => number): number => results.reduce((total, r) => total + of(r), 0);
  return { error: relativeOf({ gap: sum((r) => r.gap), whole: sum((r) => r.whole) }), recall: sum((r) => r.mass) / results.length, density: sum((r) => r.density) / results.length };
}

/** Peak of the dense outputs of all heads, max − min. */
async function peakOf(problem: Problem): Promise<number> {
  let [low, high] = [Infinity, -Infinity];
  const numbers = realTokens(problem.video) * problem.headDim;
  for (const h of problem.kinds.keys()) for (const v of (await denseOf(problem, h)).o.subarray(0, numbers)) [low, high] = [Math.min(low, v), Math.max(high, v)];
  return high - low;
}

function methodResult(id: MethodId, results: readonly HeadResult[], peak: number, { video, headDim }: Problem, note?: string): MethodResult {
  const { error, recall, density } = overHeads(results);
  const gap = results.reduce((sum, r) => sum + r.gap, 0);
  const psnrDb = gap === 0 ? undefined : 10 * Math.log10((peak ** 2 * results.length * realTokens(video) * headDim) / gap);
  return { id, ...METHODS[id], relativeError: error, sqnrDb: sqnrDb(error), recall, density, ...(psnrDb !== undefined && { psnrDb }), ...(note && { note }) };
}

const inOrder = (methods: readonly MethodResult[]): MethodResult[] => [...methods].sort((a, b) => METHOD_ORDER.indexOf(a.id as MethodId) - METHOD_ORDER.indexOf(b.id as MethodId));

/** Head by head: first what the method itself does, then what it is held against. */
export async function* layerOf(problem: Problem, core: Core): AsyncGenerator<RunPatch> {
  const { kinds, pause } = problem;
  const { settings: s, shown } = core;
  const heads = [shown.head, ...[...kinds.keys()].filter((h) => h !== shown.head)];
  const facts: Facts[] = [];
  const densities = densitiesOf(problem, s);
  const result = async (h: number, type: number): Promise<HeadResult> => {
    const { gap, whole, mass } = await maskedOf(problem, h, type, s);
    return { gap, whole, mass, density: densities[type] };
  };
  for (const h of heads) {
    const judged = judgedFacts(await profileOf(problem, h, s));
    const { density, mass, ...sums } = await result(h, judged.verdict ?? SPATIAL);
    facts[h] = { ...judged, error: relativeOf(sums), mass, density };
    await pause();
    yield { vectors: factVectors(problem, facts) };
  }
  const peak = await peakOf(problem);
  const all = (of: (h: number) => Promise<HeadResult>): Promise<HeadResult[]> => Promise.all(kinds.map((_, h) => of(h)));
  const rows = [
    methodResult('svg', await all((h) => result(h, facts[h].verdict ?? SPATIAL)), peak, problem),
    methodResult('dense', await all(async (h) => ({ ...await result(h, SPATIAL), gap: 0, mass: 1, density: 1 })), peak, problem),
  ];
  yield { methods: inOrder(rows), scalars: layerScalars(rows[0]) };
  for (const h of heads.slice(1)) {
    yield { stages: Object.fromEntries(thumbsOf(h, await mapsOf(problem, h)).map((stage) => [stage.id, stage])) };
    await pause();
  }
  for (const h of heads) {
    const [space, time] = [await result(h, SPATIAL), await result(h, TEMPORAL)];
    await pause();
    const whole = await wholeProfileOf(problem, h, s);
    facts[h] = {
      ...facts[h], oracle: time.gap < space.gap ? TEMPORAL : SPATIAL, spatial_full: relativeOf(space), temporal_full: relativeOf(time),
      agreement: agreementOf(whole, s, s.rows),
    };
    await pause();
    yield { vectors: factVectors(problem, facts) };
  }
  rows.push(
    methodResult('oracle', await all((h) => result(h, facts[h].oracle ?? SPATIAL)), peak, problem, 'Judged by all rows, which costs more than it saves.'),
    methodResult('spatial', await all((h) => result(h, SPATIAL)), peak, problem),
    methodResult('temporal', await all((h) => result(h, TEMPORAL)), peak, problem),
  );
  yield { methods: inOrder(rows), scalars: { ...verdictScalars(facts), oracleVerdict: facts[shown.head].oracle ?? SPATIAL } };
  for (const id of ['random', 'sliding'] as const) {
    const results: HeadResult[] = [];
    for (const h of heads) {
      const one = await baselineOf(id, problem, h, s, facts[h].density ?? 1);
      await pause();
      if (one) results.push(one);
    }
    if (results.length > 0) rows.push(methodResult(id, results, peak, problem, id === 'random' ? 'Whole tiles at the density of each head’s mask.' : 'The spatial mask without its sink.'));
    yield { methods: inOrder(rows) };
  }
  const { key, memo } = problem;
  const layout = await memo.get('layout error', [key, shown.head, s.keptFraction, s.grain, s.sink, s.transform], () => layoutError(problem, core));
  yield { scalars: { layoutError: layout } };
}

const layerScalars = ({ relativeError, recall = 0, density = 0 }: MethodResult): Record<string, number> => ({ layerError: relativeError, layerRecall: recall, layerDensity: density });

/** Oracle, then verdict: confusionST counts spatial heads that were taken for temporal ones. */
function verdictScalars(facts: readonly Facts[]): Record<string, number> {
  const count = (oracle: number, verdict: number): number => facts.filter((f) => f.oracle === oracle && f.verdict === verdict).length;
  return {
    agree: count(SPATIAL, SPATIAL) + count(TEMPORAL, TEMPORAL), temporalHeads: facts.filter((f) => f.verdict === TEMPORAL).length,
    confusionSS: count(SPATIAL, SPATIAL), confusionST: count(SPATIAL, TEMPORAL), confusionTS: count(TEMPORAL, SPATIAL), confusionTT: count(TEMPORAL, TEMPORAL),
  };
}

/** The temporal mask by the transform, the band and the inverse against the re-indexed mask in place: relative difference. */
async function layoutError(problem: Problem, { settings, shown }: Core): Promise<number> {
  const head = await problem.head(shown.head);
  const [here, there] = [await maskedOf(problem, shown.head, TEMPORAL, settings), await singleMask(problem.engine, head, TEMPORAL, problem.video, { ...settings, transform: !settings.transform })];
  const { gap, whole } = measured(there, here, problem.video);
  return relativeOf({ gap, whole });
}
