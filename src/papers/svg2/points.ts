/** Scores at many settings, each computed once: what the charts of error share. */

import { Memo } from '../../run/memo';
import type { Problem } from './inputs';
import { atGivenDensity, atGivenP, oracleAt, type AtDensity, type AtP } from './methods';
import type { Score, Shown } from './outcome';

export interface Points {
  readonly known: ReadonlyMap<string, Score>;
  /** What was found elsewhere. */
  tell(id: AtP | AtDensity, at: number, score: Score): void;
  /** At p, the run's minimum kept. */
  p(id: AtP, topP: number): Promise<Score>;
  /** At a density of the video's pairs. */
  density(id: AtDensity, density: number): Promise<Score>;
}

export const pointName = (id: AtP | AtDensity, at: number): string => `${id} ${at}`;

/** Densities at which methods that take one are measured. */
export const DENSITIES = [0.05, 0.1, 0.2, 0.4] as const;

/** A memory of its own: other settings must not push out what the sliders need. */
export const besides = ({ memo }: Problem): Promise<Memo> => memo.get('besides', [], () => new Memo(10));

export async function pointsOf(problem: Problem, shown: Shown): Promise<Points> {
  const { of } = shown;
  const { minKept, sizeWeighted, compensated } = problem.settings;
  const known = await problem.memo.get('points', [of.clustersKey, minKept, sizeWeighted, compensated], () => new Map<string, Score>());
  const at: Problem = { ...problem, memo: await besides(problem) };
  const once = async (name: string, make: () => Promise<Score>): Promise<Score> => {
    const score = known.get(name) ?? await make();
    known.set(name, score);
    return score;
  };
  return {
    known,
    tell: (id, at, score) => { known.set(pointName(id, at), score); },
    p: (id, topP) => once(pointName(id, topP), () => atGivenP(id, at, shown, topP)),
    density: async (id, density) => {
      if (id === 'oracle' && !known.has(pointName(id, density))) {
        // One pass over the scores serves all of them.
        const all = [...DENSITIES, density];
        for (const [i, score] of (await oracleAt(at, shown, all)).entries()) known.set(pointName(id, all[i]), score);
      }
      return once(pointName(id, density), () => atGivenDensity(id, at, shown, density));
    },
  };
}
