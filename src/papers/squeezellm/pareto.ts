/** Loss added to the 16-bit network's (or weighted error) against stored bits, every method at every width it has. */

import { Memo } from '../../run/memo';
import type { RunPatch, Scatter } from '../../run/run';
import type { Settings } from './methods';
import { METHOD_ORDER, METHODS, type MethodId } from './names';
import type { Problem } from './problem';
import { baseline, score, scoreDeps, type Score } from './score';

const BITS = [2, 3, 4, 5, 6, 8];

/** NF4 has 4 bits and nothing else. */
const widthsOf = (id: MethodId, own: number): readonly number[] => (id === 'nf4' ? [4] : [...new Set([...BITS, own])].sort((a, b) => a - b));

/** Nats. Less than this added to the loss is no loss: some points even fall below the 16-bit network. */
const NO_LOSS = 1e-4;

/** Left out: what stores more beside the codes than codes, as many levels in short rows do. */
const MOST_STORED = 2;

interface Place {
  readonly id: MethodId;
  readonly bits: number;
}

/** The widths nearest to the run's own come first. */
export async function* pareto(problem: Problem, settings: Settings): AsyncGenerator<RunPatch> {
  const { judge } = problem;
  const key = scoreDeps(problem, { ...settings, bits: 0 });
  const known = await problem.memo.get('pareto', key, () => new Map<string, Score | undefined>());
  const full = await baseline(problem);
  const places = METHOD_ORDER.flatMap((id) => widthsOf(id, settings.bits).map((bits): Place => ({ id, bits })))
    .sort((a, b) => Math.abs(a.bits - settings.bits) - Math.abs(b.bits - settings.bits));
  const name = ({ id, bits }: Place): string => `${id} ${bits}`;
  const yOf = (s: Score): number | undefined => {
    if (!judge) return s.weightedError || undefined;
    return s.loss === undefined || full.loss === undefined ? undefined : s.loss - full.loss;
  };
  const patch = (): RunPatch => {
    const series = METHOD_ORDER.map((id) => ({
      method: id, ...METHODS[id],
      points: widthsOf(id, settings.bits).flatMap((bits) => {
        const s = known.get(name({ id, bits }));
        const y = s && yOf(s);
        const x = s && (judge ? s.networkBits : s.bits);
        if (x === undefined || y === undefined || (x > MOST_STORED * bits && bits !== settings.bits)) return [];
        return [{ x, y, tag: `${bits} bits`, params: { bits }, ...((id === 'nf4' || bits === settings.bits) && { current: true }) }];
      }),
    })).filter(({ points }) => points.length > 0);
    const scatter: Scatter = {
      id: 'pareto', title: judge ? 'Added loss against stored bits' : 'Weighted error against stored bits',
      xLabel: judge ? 'bits per weight, all matrices of the network' : 'bits per weight', yLabel: judge ? 'loss added to the 16-bit network’s, nats' : 'weighted error', yLog: true,
      measure: judge ? 'loss' : 'weightedError', series,
      ...(judge && { floor: NO_LOSS }),
      done: places.filter((p) => known.has(name(p))).length, total: places.length,
    };
    return { scatters: { pareto: scatter } };
  };
  // A memory of its own: other widths must not push out what the sliders need.
  const apart = { ...problem, memo: new Memo() };
  let last = performance.now();
  for (const place of places) {
    if (known.has(name(place))) continue;
    known.set(name(place), await score(place.id, apart, { ...settings, bits: place.bits }));
    if (performance.now() - last > 150) {
      last = performance.now();
      yield patch();
    }
    await problem.pause();
  }
  yield patch();
}
