/** Recall and error against density, every method at several settings of its own. */

import type { RunPatch, Scatter } from '../../run/run';
import { including } from '../../run/stream-sweep';
import type { Problem } from './inputs';
import { videoDensity, type AtDensity, type AtP } from './methods';
import { METHODS } from './names';
import type { Score, Shown } from './outcome';
import { DENSITIES, pointName, pointsOf, type Points } from './points';

/** The hero has more of them than those it is held against. */
const MANY = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99];
const SOME = [0.7, 0.95];

/** Chance and bands need no more to be drawn. */
const FEW = [0.1, 0.4];

interface Place {
  readonly id: AtP | AtDensity;
  readonly at: number;
  readonly current: boolean;
  readonly get: (points: Points) => Promise<Score>;
}

function placesOf(own: number, density: number): Place[] {
  const atP = (id: AtP, list: readonly number[]): Place[] => including(list, own).map((at) => ({ id, at, current: at === own, get: (points) => points.p(id, at) }));
  const atDensity = (id: AtDensity, list: readonly number[] = DENSITIES): Place[] => [...list, density].map((at) => ({ id, at, current: at === density, get: (points) => points.density(id, at) }));
  return [
    ...atP('svg2', MANY), ...atDensity('place'), ...atDensity('oracle'), ...atP('place-p', SOME), ...atP('shared', SOME), ...atDensity('svg', FEW), ...atDensity('random', FEW),
    ...atP('unsized', SOME), ...atP('compensated', SOME),
  ];
}

const isP = (id: AtP | AtDensity): id is AtP => !['place', 'random', 'svg', 'oracle'].includes(id);

export async function* pareto(problem: Problem, shown: Shown): AsyncGenerator<RunPatch> {
  const places = placesOf(problem.settings.topP, videoDensity(shown));
  const points = await pointsOf(problem, shown);
  const scatter = (id: string, title: string, yOf: (s: Score) => number, rest: Pick<Scatter, 'yLabel' | 'yLog' | 'measure' | 'largerIsBetter'>): Scatter => ({
    id, title, xLabel: 'density, share of pairs', ...rest,
    series: [...new Set(places.map((p) => p.id))].map((method) => ({
      method, ...METHODS[method],
      points: places.filter((p) => p.id === method).flatMap(({ at, current }) => {
        const score = points.known.get(pointName(method, at));
        const y = score && yOf(score);
        // An exact output has no place on a log axis.
        if (!score || y === undefined || (rest.yLog && y <= 0)) return [];
        return [{
          x: score.density, y, tag: isP(method) ? `p ${at}` : `density ${(100 * at).toFixed(0)} %`, ...(isP(method) && { params: { topP: at } }), ...(current && { current }),
        }];
      }).sort((a, b) => a.x - b.x),
    })).filter((series) => series.points.length > 0),
    done: places.filter(({ id: method, at }) => points.known.has(pointName(method, at))).length, total: places.length,
  });
  const patch = (): RunPatch => ({
    scatters: {
      recall: scatter('recall', 'Recall against density', (s) => s.recall, { yLabel: 'attention kept, %', measure: 'recall', largerIsBetter: true }),
      error: scatter('error', 'Error against density', (s) => s.relativeError, { yLabel: 'relative error of the output, %', yLog: true, measure: 'relativeError' }),
    },
  });
  let last = performance.now();
  for (const place of places) {
    if (points.known.has(pointName(place.id, place.at))) continue;
    await place.get(points);
    if (performance.now() - last > 150) {
      last = performance.now();
      yield patch();
    }
    await problem.pause();
  }
  yield patch();
}
