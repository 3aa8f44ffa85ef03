/** Denoising steps: clusters that begin where those of the step before left off, head by head. */

import { withScope } from '../../engine/engine';
import type { RunPatch } from '../../run/run';
import { streamSweep } from '../../run/stream-sweep';
import { clusterSide, together, type Clusters, type ClusterSettings, type Side } from './clusters';
import type { Given, Problem } from './inputs';
import type { Lloyd } from './kmeans';

/** How a later step begins: from the cached centroids, or from random tokens with as many iterations. */
export type Start = 'warm' | 'cold';

const HEAD_STREAM = 0x9e3779b1;

/** Random tokens of their own for every head and, where they are drawn again, for every step. */
const seedAt = ({ settings }: Problem, head: number, step: number): number => (settings.seed + Math.imul(head, HEAD_STREAM) + Math.imul(step, 0x85ebca6b)) >>> 0;

/** k-means of one side of a head at a step. */
export async function sideAt(problem: Problem, head: number, step: number, side: Side, start: Start): Promise<Lloyd> {
  const { memo, engine, settings: s, pause } = problem;
  const { key, heads } = await problem.given(head, step);
  const count = side === 'queries' ? s.queryClusters : s.keyClusters;
  // Where a later step begins anew nothing of the earlier ones matters; a warm one depends on all of them.
  const past = step === 0 ? s.first : start === 'cold' ? 'cold' : [s.first, (await problem.given(head, 0)).key];
  return memo.get(`${side} ${head}.${step}`, [key, count, s.seed, step === 0 ? null : s.later, past], async () => {
    const known = step > 0 && start === 'warm' ? (await sideAt(problem, head, step - 1, side, start)).centers : undefined;
    const at: ClusterSettings = { ...s, seed: seedAt(problem, head, known ? 0 : step), first: step === 0 ? s.first : s.later };
    return withScope(engine, (scope) => clusterSide(scope, heads, side, at, known, pause));
  });
}

/** Clusters of queries and keys of a head at a step, as the settings say. */
export async function clustersAt(problem: Problem, head: number, step: number): Promise<Clusters> {
  const { memo, engine, settings: { labels } } = problem;
  const start: Start = problem.params.warm ? 'warm' : 'cold';
  const runs: { queries?: Lloyd; keys?: Lloyd } = {
    ...(labels !== 'keys' && { queries: await sideAt(problem, head, step, 'queries', start) }),
    ...(labels !== 'queries' && { keys: await sideAt(problem, head, step, 'keys', start) }),
  };
  const given = await problem.given(head, step);
  return memo.get(`clusters ${head}.${step}`, [clustersKey(problem, head, step, given)], () => withScope(engine, (scope) => together(scope, given.heads, runs)));
}

/** Names the clusters of a head at a step in memo keys. */
export const clustersKey = ({ settings: s, params: p }: Problem, head: number, step: number, { key }: Given): string =>
  JSON.stringify([key, s.queryClusters, s.keyClusters, s.first, step === 0 ? null : [s.later, p.warm, p.drift, p.cut], s.labels, s.seed, head]);

/** Steps of the chart, the first included. */
const STEPS = 6;

/** Of the centroids that each way of starting ends with at a step: the mean of |k − c(k)|². */
export async function* inertiaOverSteps(problem: Problem): AsyncGenerator<RunPatch> {
  const { memo, pause, chosen: head, settings: s, params: p, step: current } = problem;
  const given = await problem.given(head, current);
  const x = Array.from({ length: Math.max(STEPS, current + 1) }, (_, step) => step);
  yield* streamSweep(memo, pause, {
    base: {
      id: 'steps', title: 'Inertia of the keys over denoising steps', measure: 'number', yLabel: 'mean squared distance to the centroid',
      param: 'step', xLabel: 'denoising step', x, current,
      note: `later steps run ${s.later} ${s.later === 1 ? 'iteration' : 'iterations'}; settled: up to ${s.first} from random tokens`,
    },
    series: [
      { method: 'warm', slot: 'hero', label: 'from cached centroids' },
      { method: 'cold', slot: 'rtn', label: 'from random tokens' },
      { method: 'frozen', slot: 'gptq', label: 'centroids of step 0' },
      { method: 'settled', slot: 'svd', label: 'settled' },
    ],
    deps: [given.key, p.drift, p.cut, s.keyClusters, s.first, s.later, s.seed, head],
    point: async (step) => {
      const inertia = async (start: Start, of: Problem = problem): Promise<number> => (await sideAt(of, head, step, 'keys', start)).finalInertia;
      return {
        warm: await inertia('warm'), cold: await inertia('cold'), frozen: await frozen(problem, step),
        settled: await inertia('cold', { ...problem, settings: { ...s, later: s.first } }),
      };
    },
  });
}

/** Centroids of step 0 at a later step, each key with the nearest of them. */
async function frozen(problem: Problem, step: number): Promise<number> {
  const { engine, chosen: head, settings } = problem;
  const { centers } = await sideAt(problem, head, 0, 'keys', 'warm');
  const { heads } = await problem.given(head, step);
  const { inertia } = await withScope(engine, (scope) => clusterSide(scope, heads, 'keys', { ...settings, later: 1 }, centers));
  return inertia[0];
}
