/** How dense it will be, before attention is run: from clusters and a map of their centroids, and what is known without. */

import { withScope } from '../../engine/engine';
import type { Landscape, RunPatch } from '../../run/run';
import { including } from '../../run/stream-sweep';
import type { Clusters } from './clusters';
import type { VideoHeads } from './heads';
import type { Problem } from './inputs';
import { sizesOf } from './kmeans';
import { centroidMap, densityOf } from './map';
import { besides } from './points';
import { clustersAt, clustersKey } from './steps';
import { mapWithText, withText } from './text';

/**
 * The least density that a minimum share forces on these key clusters: each query cluster keeps at least the smallest
 * ⌊share · C_k⌋ of them, and one where that is none. Prompt and padding come on top.
 */
export function densityFloor(keys: Clusters['keys'], heads: VideoHeads, minKept: number): number {
  const sizes = sizesOf(keys).filter((n) => n > 0).sort();
  const count = Math.max(1, Math.trunc(minKept * keys.count) - (keys.count - sizes.length));
  const { N, text } = heads;
  const video = keys.tokens;
  const least = sizes.subarray(0, count).reduce((sum, n) => sum + n, 0);
  const [prompt, padding] = [text?.prompt ?? 0, text ? text.tokens - text.prompt : 0];
  return (video * (least + prompt) + prompt * (video + prompt) + padding ** 2) / N ** 2;
}

/** Density of a map with p and a minimum of its own, text pairs counted: no attention is run. */
export function densityAt(problem: Problem, heads: VideoHeads, { queries, keys }: Clusters, topP: number, minKept: number): Promise<number> {
  return withScope(problem.engine, async (scope) => {
    const map = await centroidMap(scope, queries, keys, { topP, minKept, sizeWeighted: problem.settings.sizeWeighted });
    return densityOf(mapWithText(map, heads), withText(queries, heads), withText(keys, heads))[0];
  });
}

const COUNTS = [8, 16, 32, 64, 128, 256];
const SHARES = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
/** Percent, as the control has it. */
const LEAST = [0, 2, 5, 10, 15, 20, 30];

/** Density over C_k and p, then over the minimum and p, of the chosen head at the run's step. */
export async function* howDense(problem: Problem): AsyncGenerator<RunPatch> {
  const { settings: s, chosen, step, tokens } = problem;
  const given = await problem.given(chosen, step);
  const { heads } = given;
  const name = (settings: Problem['settings']): string => clustersKey({ ...problem, settings }, chosen, step, given);
  const at: Problem = { ...problem, memo: await besides(problem) };
  const counts = including(COUNTS.filter((n) => n <= tokens / 4), s.keyClusters);
  yield* grid(problem, {
    id: 'density', title: 'Density before running: key clusters and p', xParam: 'keyClusters', x: counts, current: s.keyClusters,
    deps: [name({ ...s, keyClusters: 0 }), s.sizeWeighted, s.minKept],
    clusters: (keyClusters) => clustersAt({ ...at, settings: { ...s, keyClusters } }, chosen, step),
    density: (clusters, _, topP) => densityAt(problem, heads, clusters, topP, s.minKept),
  });
  yield* grid(problem, {
    id: 'floor', title: 'Density before running: minimum kept and p', xParam: 'minKept', x: including(LEAST, Math.round(100 * s.minKept)), current: Math.round(100 * s.minKept),
    deps: [name(s), s.sizeWeighted], clusters: () => clustersAt(problem, chosen, step),
    density: (clusters, percent, topP) => densityAt(problem, heads, clusters, topP, percent / 100),
  });
}

interface GridPlan extends Pick<Landscape, 'id' | 'title' | 'xParam'> {
  readonly x: readonly number[];
  readonly current: number;
  readonly deps: readonly unknown[];
  readonly clusters: (x: number) => Promise<Clusters>;
  readonly density: (clusters: Clusters, x: number, topP: number) => Promise<number>;
}

async function* grid({ memo, pause, settings }: Problem, { id, title, xParam, x, current, deps, clusters, density }: GridPlan): AsyncGenerator<RunPatch> {
  const known = await memo.get(`landscape ${id}`, deps, () => new Map<string, number>());
  const ys = including(SHARES, settings.topP);
  const name = (a: number, b: number): string => `${a} ${b}`;
  const all = x.flatMap((a) => ys.map((b) => ({ x: a, y: b })));
  const patch = (): RunPatch => {
    const points = all.flatMap((p) => {
      const error = known.get(name(p.x, p.y));
      return error === undefined ? [] : [{ ...p, error }];
    });
    const best = points.reduce((b, p, i) => (p.error < points[b].error ? i : b), 0);
    return { landscapes: { [id]: { id, title, xParam, yParam: 'topP', points, best, current: { x: current, y: settings.topP }, done: points.length, total: all.length } } };
  };
  for (const a of x) {
    if (ys.every((b) => known.has(name(a, b)))) continue;
    const found = await clusters(a);
    for (const b of ys) if (!known.has(name(a, b))) known.set(name(a, b), await density(found, a, b));
    yield patch();
    await pause();
  }
  yield patch();
}
