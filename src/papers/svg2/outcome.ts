/** What one head comes to: dense attention, and attention over the clusters that a map keeps. */

import type { Attention } from '../../attention/dense';
import { psnr } from '../../attention/measure';
import { withScope } from '../../engine/engine';
import { sqnrDb, type MethodResult } from '../../run/run';
import { denseOf } from './attention';
import type { Clusters } from './clusters';
import { realLength, type VideoHeads } from './heads';
import type { Given, Problem } from './inputs';
import { centroidMap, type CentroidMap, type MapSettings } from './map';
import { errorOf, recallOf } from './measure';
import { attend, type Attended, type MethodSettings } from './method';
import { METHODS, type MethodId } from './names';
import { clustersAt, clustersKey } from './steps';
import type { Weights } from './weights';

/** Of one head, against dense attention. */
export interface Score {
  /** Share of all pairs. */
  readonly density: number;
  /** Attention on kept pairs, mean over the queries. */
  readonly recall: number;
  readonly relativeError: number;
  readonly psnrDb: number;
  readonly note?: string;
}

/** A head at the run's step, its clusters and its map: all that comes before attention. */
export interface Mapped {
  readonly head: number;
  readonly given: Given;
  readonly clusters: Clusters;
  /** Of the video's clusters. */
  readonly map: CentroidMap;
  /** Names the clusters, and the map, in memo keys. */
  readonly clustersKey: string;
  readonly key: string;
}

/** The head that is shown, at the run's step. */
export interface Shown {
  readonly of: Mapped;
  readonly dense: Attention;
  readonly outcome: Attended;
  readonly score: Score;
  readonly weights: Weights;
  /** [Cq,Ck], those of text too: the attention that really falls on each key cluster. */
  readonly mass: Float32Array;
}

/** Dense attention, beside itself. */
export const EXACT: Score = { density: 1, recall: 1, relativeError: 0, psnrDb: Infinity };

export async function mapped(problem: Problem, head: number): Promise<Mapped> {
  const { step, settings: s } = problem;
  const given = await problem.given(head, step);
  const clusters = await clustersAt(problem, head, step);
  const name = clustersKey(problem, head, step, given);
  return { head, given, clusters, clustersKey: name, key: `${name} ${mapKey(s)}`, map: await mapOf(problem, head, name, clusters, s) };
}

const mapKey = ({ topP, minKept, sizeWeighted }: MapSettings): string => JSON.stringify([topP, minKept, sizeWeighted]);

/** @param name of the clusters, for the memo */
export const mapOf = ({ engine, memo }: Problem, head: number, name: string, { queries, keys }: Pick<Clusters, 'queries' | 'keys'>, s: MapSettings): Promise<CentroidMap> =>
  memo.get(`map ${head}`, [name, mapKey(s)], () => withScope(engine, (scope) => centroidMap(scope, queries, keys, s)));

export const denseAt = ({ engine, memo }: Problem, head: number, given: Given): Promise<Attention> =>
  memo.get(`dense ${head}`, [given.key], () => withScope(engine, (scope) => denseOf(scope, given.heads)));

/** Attention over what the map keeps. */
export const attended = ({ engine, memo, settings: s }: Problem, { head, given, clusters, map, key }: Mapped): Promise<Attended> =>
  memo.get(`attention ${head}`, [key, s.compensated], () => withScope(engine, (scope) => attend(scope, given.heads, clusters, map, s.compensated)));

/** @param kept attention over the kept pairs alone, where the output is more than that */
export function scoreOf(heads: VideoHeads, attention: Attention, dense: Attention, density: number, kept: Attention = attention): Score {
  const real = realLength(heads) * heads.D;
  return {
    density, recall: recallOf(heads, kept, dense)[0], relativeError: errorOf(heads, attention, dense)[0],
    psnrDb: psnr(attention.o.subarray(0, real), dense.o.subarray(0, real)),
  };
}

/** Scores of SVG2 as the settings say, for any head. */
export async function scoreAt(problem: Problem, head: number, settings: MethodSettings = problem.settings): Promise<{ readonly score: Score; readonly of: Mapped }> {
  const at = settings === problem.settings ? problem : { ...problem, settings };
  const of = await mapped(at, head);
  const dense = await denseAt(at, head, of.given);
  const { attention, kept, density } = await attended(at, of);
  return { of, score: scoreOf(of.given.heads, attention, dense, density[0], kept) };
}

export const methodResult = (id: MethodId, { relativeError, recall, density, psnrDb, note }: Score): MethodResult => ({
  id, ...METHODS[id], relativeError, sqnrDb: sqnrDb(relativeError), recall, density, ...(Number.isFinite(psnrDb) && { psnrDb }), ...(note && { note }),
});
