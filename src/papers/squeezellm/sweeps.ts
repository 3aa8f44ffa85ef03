/** What the outlier share, the calibration set, the bits and the batch change. */

import { Memo } from '../../run/memo';
import type { RunPatch, Sweep } from '../../run/run';
import { including, streamSweep, type SweepPlan } from '../../run/stream-sweep';
import type { Settings } from './methods';
import { METHODS, type MethodId } from './names';
import type { SqueezellmParams } from './params';
import { makeProblem, type Files, type Problem } from './problem';
import { score, scoreDeps, type Score } from './score';

export interface SweepContext {
  readonly problem: Problem;
  readonly settings: Settings;
  readonly params: SqueezellmParams;
  readonly files: Files;
}

const SHARES = [0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2];
const CALIBRATIONS = [4, 10, 30, 100, 300, 1000, 3000];
const BITS = [2, 3, 4, 5, 6, 8];

/** What a sweep tells: the loss where there is a network, else the weighted error. */
const measureOf = ({ judge }: Problem): 'loss' | 'weightedError' => (judge ? 'loss' : 'weightedError');

const titled = (problem: Problem, against: string): Pick<Sweep, 'title' | 'measure'> =>
  ({ title: `${problem.judge ? 'Loss' : 'Weighted error'} against ${against}`, measure: measureOf(problem) });

/** A memory of its own: the points of a sweep must not push out what the sliders need. */
const apart = (problem: Problem): Problem => ({ ...problem, memo: new Memo() });

const seriesOf = (ids: readonly MethodId[], flat: readonly MethodId[] = []): SweepPlan<MethodId>['series'] =>
  ids.map((method) => ({ method, ...METHODS[method], ...(flat.includes(method) && { flat: true }) }));

async function pointOf(problem: Problem, ids: readonly MethodId[], settingsOf: (id: MethodId) => Settings): Promise<Partial<Record<MethodId, number | null>>> {
  const measure = measureOf(problem);
  const out: Partial<Record<MethodId, number | null>> = {};
  for (const id of ids) {
    const scored: Score | undefined = await score(id, problem, settingsOf(id));
    // No error at all has no place on a log axis.
    out[id] = scored?.[measure] || null;
  }
  return out;
}

export async function* sweeps(c: SweepContext): AsyncGenerator<RunPatch> {
  const { memo, pause, judge } = c.problem;
  yield* streamSweep(memo, pause, outlierPlan(c));
  if (judge && c.params.importance === 'fisher' && !c.files.sensitivity) yield* streamSweep(memo, pause, calibrationPlan(c));
  yield* streamSweep(memo, pause, bitsPlan(c));
}

function outlierPlan({ problem, settings, params }: SweepContext): SweepPlan<MethodId> {
  const { range: _range, ...rest } = settings;
  const at = apart(problem);
  return {
    base: {
      id: 'outliers', ...titled(problem, 'outlier share'), param: params.rule === 'share' ? 'share' : '', xLabel: 'outliers kept sparse, % of W',
      x: including(SHARES, params.share), current: params.share,
    },
    series: seriesOf(['kmeans', 'dense-only', 'dense-and-sparse'], ['kmeans', 'dense-only']),
    deps: scoreDeps(problem, { ...rest, outlierPercent: 0 }),
    point: (share) => pointOf(at, ['kmeans', 'dense-only', 'dense-and-sparse'], () => ({ ...rest, outlierPercent: share })),
  };
}

function calibrationPlan({ problem, settings, params, files }: SweepContext): SweepPlan<MethodId> {
  const ids = ['kmeans', 'dense-only', 'dense-and-sparse'] as const;
  const { calibration: _calibration, ...others } = params;
  return {
    base: {
      id: 'calibration', ...titled(problem, 'calibration samples'), param: 'calibration', xLabel: 'samples whose squared gradients F averages', xLog: true,
      x: including(CALIBRATIONS, params.calibration), current: params.calibration,
    },
    series: seriesOf(ids, ['kmeans']),
    deps: [others.source, others.seed, others.evaluation, others.floor, others.layer, files.activations?.key ?? null, settings],
    point: async (calibration) => {
      const at = await makeProblem(apart(problem), { ...params, calibration }, files);
      return pointOf(at, ids, () => settings);
    },
  };
}

function bitsPlan({ problem, settings, params }: SweepContext): SweepPlan<MethodId> {
  const ids = ['rtn', 'kmeans', 'dense-only', 'dense-and-sparse'] as const;
  const at = apart(problem);
  return {
    base: { id: 'bits', ...titled(problem, 'bits'), param: 'bits', xLabel: 'bits per code', x: including(BITS, params.bits), current: params.bits, yLog: !problem.judge },
    series: seriesOf(ids),
    deps: scoreDeps(problem, { ...settings, bits: 0 }),
    point: (bits) => pointOf(at, ids, () => ({ ...settings, bits })),
  };
}
