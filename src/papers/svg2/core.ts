/** What the strip and the headline need of the chosen head: clusters, map, permutation, attention, all in one patch. */

import type { RunPatch } from '../../run/run';
import type { Problem } from './inputs';
import { attended, denseAt, EXACT, mapped, methodResult, scoreOf, type Shown } from './outcome';
import { scalarsOf } from './scalars';
import { view } from './view';
import { massOf, weightsOf } from './weights';

export interface Core extends Shown {
  readonly patch: RunPatch;
}

export async function makeCore(problem: Problem): Promise<Core> {
  const { memo, chosen } = problem;
  const of = await mapped(problem, chosen);
  const dense = await denseAt(problem, chosen, of.given);
  await problem.pause();
  const outcome = await attended(problem, of);
  await problem.pause();
  const weights = await weightsOf(problem, of.given, dense);
  const mass = await memo.get('mass', [of.clustersKey], () => massOf(weights, outcome.queries, outcome.keys));
  const score = scoreOf(of.given.heads, outcome.attention, dense, outcome.density[0], outcome.kept);
  const shown: Shown = { of, dense, outcome, score, weights, mass };
  const pictures = await view(problem, shown);
  return {
    ...shown,
    patch: {
      ...pictures, scalars: { ...scalarsOf(problem, shown), ...pictures.scalars },
      methods: [methodResult('dense', EXACT), methodResult('svg2', score)], traffic: [],
    },
  };
}
