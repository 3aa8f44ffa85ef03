/** What p, the tile side, the iterations and the number of clusters change. */

import type { MethodSlot, RunPatch, Sweep } from '../../run/run';
import { including, streamSweep, type SweepPlan } from '../../run/stream-sweep';
import { densityAt } from './density';
import type { Problem } from './inputs';
import { densityOf, type CentroidMap } from './map';
import { tileUse } from './measure';
import { blocksOf, placeMap, variantOf, type AtP } from './methods';
import { METHODS } from './names';
import { mapOf, type Shown } from './outcome';
import { besides, pointsOf } from './points';
import { clustersAt, clustersKey, inertiaOverSteps } from './steps';
import { mapWithText, withText } from './text';
import { massOf, recallOfMap } from './weights';

const SHARES = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99];
const SIDES = [8, 16, 32, 64, 128];
const COUNTS = [8, 16, 32, 64, 128, 256];

export async function* sweeps(problem: Problem, shown: Shown): AsyncGenerator<RunPatch> {
  const { memo, pause } = problem;
  yield { sweeps: { tiles: tiles(shown), ...iterations(problem, shown) } };
  const maps = await mapSweeps(problem, shown);
  for (const plan of maps) yield* streamSweep(memo, pause, plan);
  yield* inertiaOverSteps(problem);
  yield* streamSweep(memo, pause, errorPlan(problem, shown));
  yield* streamSweep(memo, pause, await clustersPlan(problem, shown));
}

/** Active tiles of the kept pairs before and after the permutation. */
function tiles({ outcome: { queries, keys, map, density } }: Shown): Sweep {
  const of = (arranged: 'place' | 'cluster'): number[] => SIDES.map((side) => tileUse(queries, keys, map, side, arranged)[0].active);
  return {
    id: 'tiles', title: 'Active tiles against tile side', measure: 'share', yLabel: 'tiles that hold a kept pair, %', note: 'counted from the map', param: '', xLabel: 'tile side, tokens', xLog: true,
    x: SIDES, current: 16, done: SIDES.length, total: SIDES.length,
    series: [
      { method: 'before', slot: 'rtn', label: 'by place', y: of('place') },
      { method: 'after', slot: 'hero', label: 'by cluster', y: of('cluster') },
      { method: 'density', slot: 'svd', label: 'density', y: SIDES.map(() => density[0]), flat: true },
    ],
  };
}

/** Mean squared distance to the centroid at each iteration of this step. */
function iterations({ step }: Problem, { of: { clusters: { runs } } }: Shown): Record<string, Sweep> {
  const sides = ([['queries', 'hero', runs.queries], ['keys', 'svd', runs.keys]] as const).flatMap(([method, slot, run]) => (run ? [{ method, slot: slot as MethodSlot, run }] : []));
  const most = Math.max(...sides.map(({ run }) => run.inertia.length));
  const x = Array.from({ length: most + 1 }, (_, i) => i);
  // Queries are longer than keys: both as a share of where they began.
  const y = (inertia: readonly number[], final: number): (number | null)[] => x.map((i) => (i < inertia.length ? inertia[i] : i === inertia.length ? final : null)).map((v) => v && v / inertia[0]);
  return {
    iterations: {
      id: 'iterations', title: 'Inertia over k-means iterations', measure: 'share', yLabel: 'inertia, % of that of the first centroids', note: 'of this run', param: '', xLabel: `iterations of step ${step}`, x, current: most,
      series: sides.map(({ method, slot, run }) => ({ method, slot, label: method, y: y(run.inertia, run.finalInertia) })), done: x.length, total: x.length,
    },
  };
}

const MAPPED = ['svg2', 'place-p', 'shared', 'unsized'] as const satisfies readonly AtP[];
type Mapped = (typeof MAPPED)[number];
const seriesOf = (ids: readonly Mapped[]): SweepPlan<Mapped>['series'] => ids.map((method) => ({ method, ...METHODS[method] }));

/** Density and recall of maps at any p: from the masses of clusters, without attention. */
async function mapSweeps(problem: Problem, { of, weights }: Shown): Promise<SweepPlan<Mapped>[]> {
  const { settings: s, chosen, step } = problem;
  const { heads } = of.given;
  const at: Problem = { ...problem, memo: await besides(problem) };
  const kept = async (id: Mapped, topP: number): Promise<{ density: number; recall: number }> => {
    const settings = variantOf(id, s, topP);
    const own: Problem = { ...at, settings };
    const blocks = id === 'place-p' ? await blocksOf(at, of.given) : await clustersAt(own, chosen, step);
    const name = id === 'place-p' ? (await blocksOf(at, of.given)).key : clustersKey(own, chosen, step, of.given);
    const video: CentroidMap = id === 'place-p' ? (await placeMap(at, of.given, settings)).map : await mapOf(at, chosen, name, blocks, settings);
    const [queries, keys, map] = [withText(blocks.queries, heads), withText(blocks.keys, heads), mapWithText(video, heads)];
    const mass = await at.memo.get('mass', [name], () => massOf(weights, queries, keys));
    return { density: densityOf(map, queries, keys)[0], recall: recallOfMap(map, mass, queries, heads) };
  };
  const x = including(SHARES, s.topP);
  const common = { param: problem.params.setting === 'own' ? 'topP' : '', xLabel: 'top-p', x, current: s.topP };
  const plan = (measure: 'density' | 'recall', title: string): SweepPlan<Mapped> => ({
    base: { id: measure, title, measure, ...common, note: 'from the map alone' }, series: seriesOf(MAPPED),
    deps: [of.clustersKey, s.minKept, s.sizeWeighted],
    point: async (topP) => Object.fromEntries(await Promise.all(MAPPED.map(async (id) => [id, (await kept(id, topP))[measure]] as const))),
  });
  return [plan('density', 'Density against p'), plan('recall', 'Recall against p')];
}

function errorPlan(problem: Problem, shown: Shown): SweepPlan<'svg2' | 'place-p'> {
  const { settings: s } = problem;
  return {
    base: { id: 'error', title: 'Error against p', param: problem.params.setting === 'own' ? 'topP' : '', xLabel: 'top-p', x: including(SHARES, s.topP), current: s.topP, yLog: true },
    series: seriesOf(['svg2', 'place-p']) as SweepPlan<'svg2' | 'place-p'>['series'],
    deps: [shown.of.clustersKey, s.minKept, s.sizeWeighted, s.compensated],
    point: async (topP) => {
      const points = await pointsOf(problem, shown);
      return { svg2: (await points.p('svg2', topP)).relativeError || null, 'place-p': (await points.p('place-p', topP)).relativeError || null };
    },
  };
}

async function clustersPlan(problem: Problem, { of }: Shown): Promise<SweepPlan<'svg2'>> {
  const { settings: s, chosen, step, tokens, params: { setting } } = problem;
  const at: Problem = { ...problem, memo: await besides(problem) };
  return {
    base: {
      id: 'clusters', title: 'Density against key clusters', measure: 'density', param: setting === 'own' ? 'keyClusters' : '', xLabel: 'key clusters', xLog: true,
      x: including(COUNTS.filter((n) => n <= tokens / 4), s.keyClusters), current: s.keyClusters,
    },
    series: [{ method: 'svg2', ...METHODS.svg2 }],
    deps: [clustersKey({ ...problem, settings: { ...s, keyClusters: 0 } }, chosen, step, of.given), s.topP, s.minKept, s.sizeWeighted],
    point: async (keyClusters) => ({ svg2: await densityAt(at, of.given.heads, await clustersAt({ ...at, settings: { ...s, keyClusters } }, chosen, step), s.topP, s.minKept) }),
  };
}
