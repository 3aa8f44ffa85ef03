/** Every method on the chosen head, at its own p or at a density. */

import { singleMask, type ExecutionOptions } from '../../attention/band';
import type { Attention } from '../../attention/dense';
import { SPATIAL, TEMPORAL } from '../../attention/layout';
import { executionMask, type Video } from '../../attention/masks';
import { densityOfMask } from '../../attention/pairs';
import { withScope } from '../../engine/engine';
import { atRandom, exactTops, placeBlocks, topShare } from './baselines';
import type { Clusters } from './clusters';
import { realLength, type VideoHeads } from './heads';
import type { Given, Problem } from './inputs';
import { atDensity, centroidMap, densityOf, type CentroidMap, type MapSettings } from './map';
import { attend, type MethodSettings } from './method';
import { denseAt, mapOf, mapped, scoreAt, scoreOf, type Score, type Shown } from './outcome';

/** Methods that take a density, and those that take p. */
export type AtDensity = 'place' | 'random' | 'svg' | 'oracle';
export type AtP = 'svg2' | 'place-p' | 'shared' | 'unsized' | 'compensated';

/** Kept share of the video's pairs: what baselines are given to be equal in. */
export const videoDensity = ({ of: { map, clusters } }: Pick<Shown, 'of'>): number => densityOf(map, clusters.queries, clusters.keys)[0];

interface Blocks extends Pick<Clusters, 'queries' | 'keys'> {
  readonly key: string;
}

/** Blocks of places, as many as there are clusters. */
export async function blocksOf({ engine, memo, settings: s }: Problem, { key, heads }: Given): Promise<Blocks> {
  const [queryClusters, keyClusters] = [s.labels === 'keys' ? s.keyClusters : s.queryClusters, s.labels === 'queries' ? s.queryClusters : s.keyClusters];
  const name = JSON.stringify([key, queryClusters, keyClusters]);
  return memo.get('blocks of places', [name], async () => ({ ...await withScope(engine, (scope) => placeBlocks(scope, heads, queryClusters, keyClusters)), key: name }));
}

export async function placeMap(problem: Problem, given: Given, s: MapSettings): Promise<{ readonly blocks: Blocks; readonly map: CentroidMap }> {
  const blocks = await blocksOf(problem, given);
  return { blocks, map: await mapOf(problem, -1, blocks.key, blocks, s) };
}

const overMap = ({ engine }: Problem, { of: { given: { heads } }, dense }: Pick<Shown, 'of' | 'dense'>, clusters: Pick<Clusters, 'queries' | 'keys'>, map: CentroidMap): Promise<{ score: Score; attention: Attention }> =>
  withScope(engine, async (scope) => {
    const { attention, density } = await attend(scope, heads, clusters, map, false);
    return { attention, score: scoreOf(heads, attention, dense, density[0]) };
  });

type Known = Pick<Shown, 'of' | 'dense'>;

/** Blocks of places at a density of the video's pairs. */
export async function placeAt(problem: Problem, shown: Known, density: number): Promise<{ score: Score; attention: Attention }> {
  const { blocks, map } = await placeMap(problem, shown.of.given, problem.settings);
  return overMap(problem, shown, blocks, atDensity(map, blocks.queries, blocks.keys, density));
}

async function randomAt(problem: Problem, shown: Known, density: number): Promise<Score> {
  const { blocks, map } = await placeMap(problem, shown.of.given, problem.settings);
  return (await overMap(problem, shown, blocks, atDensity(atRandom(map, problem.settings.seed), blocks.queries, blocks.keys, density))).score;
}

const SIDE = 16;

/** Share of the pairs of all but padding, where so much of the video's is kept and all of the prompt's. */
function realShare({ N, text }: VideoHeads, density: number): number {
  const [video, real] = [N - (text?.tokens ?? 0), N - (text ? text.tokens - text.prompt : 0)];
  return 1 - ((1 - density) * video ** 2) / real ** 2;
}

/** Halvings of the kept fraction, where text makes the density of a band no formula. */
const HALVINGS = 12;

/** Options of a band that comes to a density of the video's pairs; beside text the official formula falls short of it. */
function bandOptions(video: Video, heads: VideoHeads, density: number): ExecutionOptions {
  const at = (keptFraction: number): ExecutionOptions => ({ keptFraction, grain: 1, sink: 'none', tile: SIDE, transform: true });
  if (!heads.text) return at(density);
  const real = realLength(heads);
  const target = (realShare(heads, density) * real ** 2 + (heads.N - real) ** 2) / heads.N ** 2;
  let [low, high] = [0, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (densityOfMask(executionMask(video, at(middle))) < target) low = middle;
    else high = middle;
  }
  return at(high);
}

/** The better of SVG's two bands over the whole head, without the sink of Wan. */
async function bandAt({ engine, frames, grid }: Problem, { of: { given: { heads } }, dense }: Known, density: number): Promise<Score> {
  const { text } = heads;
  const video: Video = { variant: text ? 'hunyuan' : 'wan', frames, positions: grid ** 2, text: text?.tokens ?? 0, prompt: text?.prompt ?? 0 };
  const options = bandOptions(video, heads, density);
  const kept = densityOfMask(executionMask(video, options));
  const scores: Score[] = [];
  for (const type of [SPATIAL, TEMPORAL]) scores.push(scoreOf(heads, await singleMask(engine, heads, type, video, options), dense, kept));
  const [space, time] = scores;
  return space.relativeError <= time.relativeError ? { ...space, note: 'Near frames.' } : { ...time, note: 'Near places, all frames.' };
}

/** The exact top tokens at several densities of the video's pairs, from one pass; padding stays out of it. */
export async function oracleAt({ pause }: Problem, { of: { given: { heads } }, dense }: Known, densities: readonly number[]): Promise<Score[]> {
  const N = realLength(heads);
  const first = (x: Float32Array): Float32Array => x.subarray(0, N * heads.D);
  const real: VideoHeads = { H: 1, N, D: heads.D, q: first(heads.q), k: first(heads.k), v: first(heads.v) };
  const against: Attention = { o: first(dense.o), lse: dense.lse.subarray(0, N) };
  const found = await exactTops(real, densities.map((density) => topShare(realShare(heads, density))), pause);
  const whole = (density: number): number => (density * N ** 2 + (heads.N - N) ** 2) / heads.N ** 2;
  return found.map((oracle) => scoreOf(real, oracle, against, whole(oracle.density[0])));
}

/** @param density of the video's pairs */
export async function atGivenDensity(id: AtDensity, problem: Problem, shown: Known, density: number): Promise<Score> {
  switch (id) {
    case 'place': return (await placeAt(problem, shown, density)).score;
    case 'random': return randomAt(problem, shown, density);
    case 'svg': return bandAt(problem, shown, density);
    case 'oracle': return (await oracleAt(problem, shown, [density]))[0];
  }
}

/** What a method changes of the settings of the run. */
export const variantOf = (id: AtP, s: MethodSettings, topP: number): MethodSettings => ({
  ...s, topP,
  ...(id === 'shared' && { labels: s.labels === 'queries' ? 'queries' : 'keys' }),
  ...(id === 'unsized' && { sizeWeighted: false }),
  ...(id === 'compensated' && { compensated: true }),
});

/** SVG2 on any head with a map that forgets how large clusters are. */
export async function unsizedAt(problem: Problem, head: number): Promise<Score> {
  const { engine, memo, settings: s } = problem;
  const { given, clusters, clustersKey } = await mapped(problem, head);
  const { heads } = given;
  const dense = await denseAt(problem, head, given);
  return memo.get(`unsized ${head}`, [clustersKey, s.topP, s.minKept, s.compensated], () => withScope(engine, async (scope) => {
    const map = await centroidMap(scope, clusters.queries, clusters.keys, { ...s, sizeWeighted: false });
    const { attention, kept, density } = await attend(scope, heads, clusters, map, s.compensated);
    return scoreOf(heads, attention, dense, density[0], kept);
  }));
}

/** @param topP the run's own, or another */
export async function atGivenP(id: AtP, problem: Problem, shown: Known, topP = problem.settings.topP): Promise<Score> {
  const settings = variantOf(id, problem.settings, topP);
  if (id !== 'place-p') return (await scoreAt(problem, shown.of.head, settings)).score;
  const { blocks, map } = await placeMap(problem, shown.of.given, settings);
  return (await overMap(problem, shown, blocks, map)).score;
}
