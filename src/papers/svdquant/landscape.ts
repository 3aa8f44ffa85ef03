/** Error over the two smoothing exponents: the 39 official candidates, then a coarse grid between them. */

import type { Landscape, RunPatch } from '../../run/run';
import type { Layer } from './layer';
import { bestPair, scorePair, smoothingCandidates, type ScoredPair } from './method';
import type { MethodOptions } from './params';
import { relative, type Target } from './target';

const COARSE = [0, 0.2, 0.4, 0.6, 0.8, 1];

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;

const onGrid = (power: number): number => Number(power.toFixed(6));

/** Grid points that are not among the candidates. */
function coarsePairs(known: readonly { alpha: number; beta: number }[]): { alpha: number; beta: number }[] {
  return COARSE.flatMap((alpha) => COARSE.map((beta) => ({ alpha, beta })))
    .filter((p) => !known.some((q) => near(p.alpha, q.alpha) && near(p.beta, q.beta)));
}

export async function* landscape(layer: Layer, options: MethodOptions, target: Target, current: { alpha: number; beta: number }): AsyncGenerator<RunPatch> {
  const candidates = smoothingCandidates();
  const pairs = [...candidates, ...coarsePairs(candidates)];
  const isCandidate = (p: ScoredPair): boolean => candidates.some((c) => near(c.alpha, p.alpha) && near(c.beta, p.beta));
  const scored: ScoredPair[] = [];
  const patch = (): RunPatch => {
    const points = scored.map((p) => ({
      // 1 − 0.85 is 0.15000000000000002 in the search; places are shown on their grid.
      x: onGrid(p.alpha), y: onGrid(p.beta), error: relative(p.squares, target), ...(isCandidate(p) && { candidate: true }),
    }));
    const best = points.reduce((b, p, i) => (p.error <= points[b].error ? i : b), 0);
    const shape: Landscape = {
      id: 'smoothing', title: 'Error over the smoothing powers', xParam: 'alpha', yParam: 'beta', points, best,
      current: { x: current.alpha, y: current.beta }, done: points.length, total: pairs.length,
    };
    if (scored.length < candidates.length) return { landscapes: { smoothing: shape } };
    const winner = bestPair(scored.slice(0, candidates.length));
    return {
      landscapes: { smoothing: shape },
      scalars: { bestAlpha: onGrid(winner.alpha), bestBeta: onGrid(winner.beta), errorSearched: relative(winner.squares, target), errorPair: relative(here.squares, target) },
    };
  };
  // The run's own pair by the search's own measure: one shot, rounded to nearest, without a LoRA.
  const here = await scorePair(layer, current.alpha, current.beta, options);
  let last = performance.now();
  for (const { alpha, beta } of pairs) {
    scored.push(await scorePair(layer, alpha, beta, options));
    if (performance.now() - last > 150) {
      last = performance.now();
      yield patch();
    }
    await layer.pause();
  }
  yield patch();
}
