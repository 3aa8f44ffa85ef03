/** One run of the lab: the chosen head in one patch, then the other heads, every baseline, the charts and the timings. */

import { version } from '../../../package.json';
import { withScope } from '../../engine/engine';
import type { MethodResult, RunPatch } from '../../run/run';
import { toQuery } from '../../run/schema';
import type { ExperimentContext } from '../contract';
import { teller } from '../phases';
import { blockAttention } from './attention';
import { claimsOf } from './claims';
import { makeCore, type Core } from './core';
import { howDense } from './density';
import { makeProblem, type Problem } from './inputs';
import { agreementOf, errorOf } from './measure';
import { placeAt, unsizedAt, videoDensity } from './methods';
import { METHOD_ORDER, type MethodId } from './names';
import { methodResult, scoreAt, type Score } from './outcome';
import { schema, typed } from './params';
import { pareto } from './pareto';
import { pointsOf } from './points';
import { errorPerToken, frameStage, stagesOf, vector, vectorsOf } from './stages';
import { sweeps } from './sweeps';
import { timings } from './timings';

export async function* experiment(ctx: ExperimentContext): AsyncGenerator<RunPatch, void, void> {
  const { run, tell, phases } = teller(ctx, claimsOf);
  const problem = await makeProblem({ engine: ctx.engine, memo: ctx.memo, pause: ctx.pause }, typed(ctx.params), ctx.files);
  const core = await makeCore(problem);
  yield* tell({
    kernels: [], spectra: {}, sweeps: {}, landscapes: {}, scatters: {}, ...core.patch,
    vectors: { ...core.patch.vectors, ...headVectors(problem, new Map([[problem.chosen, headOf(core)]])) },
    lab: 'svg2', params: ctx.params, engine: ctx.engine.kind, device: ctx.engine.device, notices: problem.notices,
    provenance: { version, seed: problem.params.seed, inputs: problem.sources, link: `#/svg2?${toQuery(schema, ctx.params)}` },
  });
  yield* phases([
    ['methods', () => baselines(problem, core, run().methods ?? [])],
    ['landscape', () => charts(problem, core)],
    ['sweeps', () => sweeps(problem, core)],
    ['timing', () => timings(problem, core, ctx.signal)],
  ]);
}

async function* charts(problem: Problem, core: Core): AsyncGenerator<RunPatch> {
  yield* howDense(problem);
  yield* pareto(problem, core);
}

interface Head extends Score {
  readonly ari: number;
}

const headOf = ({ score, of: { clusters: { queries, keys } } }: Pick<Core, 'score' | 'of'>): Head => ({ ...score, ari: agreementOf(queries, keys)[0] });

/** One number per head; −1 where a head was not computed yet. */
function headVectors({ count }: Problem, known: ReadonlyMap<number, Head>): NonNullable<RunPatch['vectors']> {
  const of = (name: 'density' | 'recall' | 'relativeError' | 'ari'): Float32Array => Float32Array.from({ length: count }, (_, h) => known.get(h)?.[name] ?? -1);
  return vectorsOf([
    vector('head_density', 'δ', 'density of each head', 'h', of('density')), vector('head_recall', 'r', 'recall of each head', 'h', of('recall')),
    vector('head_error', 'e', 'error of each head', 'h', of('relativeError')), vector('head_ari', 'ARI', 'agreement of query and key labels', 'h', of('ari')),
  ]);
}

/** SVG2 on every head of the layer, and the means over them. */
async function* otherHeads(problem: Problem, core: Core): AsyncGenerator<RunPatch> {
  const known = new Map([[problem.chosen, headOf(core)]]);
  for (let h = 0; h < problem.count; h++) {
    if (known.has(h)) continue;
    known.set(h, headOf(await scoreAt(problem, h)));
    await problem.pause();
    yield { vectors: headVectors(problem, known) };
  }
  const mean = (name: 'density' | 'recall' | 'relativeError'): number => [...known.values()].reduce((sum, head) => sum + head[name], 0) / known.size;
  yield { vectors: headVectors(problem, known), scalars: { layerDensity: mean('density'), layerRecall: mean('recall'), layerError: mean('relativeError') } };
}

/** Every cluster kept: what the permutation by itself changes. */
const identityError = ({ engine, memo }: Problem, { of: { given: { heads }, clustersKey }, outcome: { queries, keys, map }, dense }: Core): Promise<number> =>
  memo.get('identity', [clustersKey], () => withScope(engine, async (scope) => {
    // Padding stays by itself, as in dense attention.
    const kept = map.kept.map((k, at) => (heads.text && (at % map.keyClusters === map.keyClusters - 1 || Math.floor(at / map.keyClusters) === map.queryClusters - 1) ? k : 1));
    return errorOf(heads, await blockAttention(scope, heads, queries, keys, { ...map, kept }), dense)[0];
  }));

async function* baselines(problem: Problem, core: Core, known: readonly MethodResult[]): AsyncGenerator<RunPatch> {
  const { memo, frames, settings: s } = problem;
  const density = videoDensity(core);
  const points = await pointsOf(problem, core);
  let methods = known;
  const withMethod = (id: MethodId, score: Score): readonly MethodResult[] => {
    methods = [...methods.filter((m) => m.id !== id), methodResult(id, score)].sort((a, b) => METHOD_ORDER.indexOf(a.id as MethodId) - METHOD_ORDER.indexOf(b.id as MethodId));
    return methods;
  };
  const place = await memo.get('place', [core.of.key, density], () => placeAt(problem, core, density));
  points.tell('svg2', s.topP, core.score);
  points.tell('place', density, place.score);
  yield {
    methods: withMethod('place', place.score), scalars: { densityPlace: place.score.density, recallPlace: place.score.recall, relativeErrorPlace: place.score.relativeError },
    stages: stagesOf([frameStage('e_token_place', 'e', 'error of each token, blocks of places', 'et', frames, errorPerToken(core.of.given.heads, place.attention, core.dense), 'of the mean output')]),
  };
  yield* otherHeads(problem, core);
  yield { scalars: { identityError: await identityError(problem, core) } };
  if (s.sizeWeighted) {
    const unsized: Score[] = [];
    for (let h = 0; h < problem.count; h++) {
      unsized.push(await unsizedAt(problem, h));
      await problem.pause();
    }
    points.tell('unsized', s.topP, unsized[problem.chosen]);
    const mean = (name: 'density' | 'relativeError'): number => unsized.reduce((sum, score) => sum + score[name], 0) / unsized.length;
    yield { scalars: { unsizedDensity: mean('density'), unsizedError: mean('relativeError') } };
  }
  for (const id of METHOD_ORDER) {
    if (id === 'dense' || id === 'svg2' || id === 'place') continue;
    yield { methods: withMethod(id, await (id === 'random' || id === 'svg' || id === 'oracle' ? points.density(id, density) : points.p(id, s.topP))) };
    await problem.pause();
  }
}
