/** Error against rank, bit width and outlier count. Points are kept as long as their inputs are, so an interrupted sweep goes on. */

import { Memo } from '../../run/memo';
import type { RunPatch } from '../../run/run';
import { including, streamSweep, type SweepPlan } from '../../run/stream-sweep';
import { errorCorrection, lowRankOnly, roundOnly } from './baselines';
import { makeInputs, type Files } from './inputs';
import { emptyBranch, score } from './method';
import { branchOf, smoothed, unsmoothed, weightBranch, weightFactors, type Layer, type Smoothed } from './layer';
import { METHODS, type MethodId } from './names';
import type { MethodOptions, SvdquantParams } from './params';
import { makeTarget, relative, type Target } from './target';

export interface SweepContext {
  readonly layer: Layer;
  readonly smoothed: Smoothed;
  readonly options: MethodOptions;
  readonly target: Target;
  readonly params: SvdquantParams;
  readonly files: Files;
  readonly outliers: number;
  readonly exponents: { readonly alpha: number; readonly beta: number };
}

const RANKS = [0, 1, 2, 4, 6, 8, 12, 16, 24, 32];
const BITS = [2, 3, 4, 5, 6, 7, 8];
const OUTLIERS = [0, 1, 2, 4, 6, 8, 12, 16, 24];

/** Relative errors by method. */
type Plan = SweepPlan<MethodId>;

const seriesOf = (ids: readonly MethodId[], flat: readonly MethodId[] = []): Plan['series'] =>
  ids.map((method) => ({ method, ...METHODS[method], ...(flat.includes(method) && { flat: true }) }));

export async function* sweeps(c: SweepContext): AsyncGenerator<RunPatch> {
  yield* streamSweep(c.layer.memo, c.layer.pause, rankPlan(c));
  yield* streamSweep(c.layer.memo, c.layer.pause, bitsPlan(c));
  if (!c.files.activations) yield* streamSweep(c.layer.memo, c.layer.pause, outlierPlan(c));
}

function rankPlan(c: SweepContext): Plan {
  const { layer, options, target } = c;
  const most = Math.min(layer.inFeatures, layer.outFeatures);
  const x = including(RANKS, options.rank).filter((r) => r <= most);
  const error = (squares: number): number => relative(squares, target);
  const largest = x[x.length - 1];
  return {
    base: {
      id: 'rank', title: 'Error against rank', param: 'rank', xLabel: 'rank r, 16-bit columns in the branch', x, current: options.rank,
      ...(c.outliers > 0 && { marks: [{ x: c.outliers, label: `${c.outliers} outlier channels` }] }),
    },
    series: seriesOf(['rtn', 'smooth', 'lowrank', 'lorc', 'svdquant'], ['rtn', 'smooth']),
    deps: [layer.xKey, layer.wKey, c.smoothed.key, layer.unsigned, { ...options, rank: 0 }, target.squares],
    point: async (rank) => {
      const at = { ...options, rank };
      const { svd } = await weightFactors(layer, c.smoothed, options.svd, largest);
      const branch = branchOf(svd, rank, c.smoothed.lambda);
      return {
        rtn: error((await roundOnly(layer, unsmoothed(layer), at)).squares),
        smooth: error((await roundOnly(layer, c.smoothed, at)).squares),
        lowrank: error((await lowRankOnly(layer, at)).squares),
        lorc: error((await errorCorrection(layer, c.smoothed, at)).squares),
        svdquant: error(await score(layer, c.smoothed, branch, at)),
      };
    },
  };
}

function bitsPlan(c: SweepContext): Plan {
  const { layer, options, target, params } = c;
  const group = params.group === 'channel' ? 'channel' as const : Number(params.group);
  return {
    base: {
      id: 'bits', title: 'Error against bit width', param: '', xLabel: `bits of symmetric integers, group ${group === 'channel' ? 'K' : group}`, x: BITS, current: 4,
    },
    series: seriesOf(['rtn', 'smooth', 'svdquant']),
    deps: [layer.xKey, layer.wKey, c.smoothed.key, layer.unsigned, options.rank, options.svd, group, target.squares],
    point: async (bits) => {
      const at: MethodOptions = { ...options, residual: 'rtn', format: { kind: 'int', bits, group } };
      const branch = await weightBranch(layer, c.smoothed, options.svd, options.rank);
      const wide = { ...layer, unsigned: false };
      return {
        rtn: relative(await score(wide, unsmoothed(layer), emptyBranch, at), target),
        smooth: relative(await score(wide, c.smoothed, emptyBranch, at), target),
        svdquant: relative(await score(wide, c.smoothed, branch, at), target),
      };
    },
  };
}

function outlierPlan(c: SweepContext): Plan {
  const { options, params } = c;
  const x = including(OUTLIERS, Math.min(params.outliers, c.layer.inFeatures)).filter((n) => n <= c.layer.inFeatures);
  // The method's own settings enter by `options` and the exponents; these two concern other methods.
  const { outliers: _outliers, rank: _rank, alpha: _alpha, beta: _beta, refine: _refine, threshold: _threshold, ...others } = params;
  return {
    base: { id: 'outliers', title: 'Error against outlier channels', param: 'outliers', xLabel: 'outlier channels of X', x, current: params.outliers, marks: [{ x: options.rank, label: `rank ${options.rank}` }] },
    series: seriesOf(['rtn', 'smooth', 'svdquant']),
    deps: [others, c.layer.wKey, options, c.exponents],
    point: async (outliers) => {
      const { layer: inputs } = makeInputs(params, c.files, outliers);
      // A memory of its own: the points of a sweep must not push out what the sliders need.
      const layer: Layer = { ...c.layer, ...inputs, memo: new Memo() };
      const target = await makeTarget(layer, params.lora, params.seed);
      const s = await smoothed(layer, c.exponents.alpha, c.exponents.beta);
      const branch = await weightBranch(layer, s, options.svd, options.rank);
      return {
        rtn: relative((await roundOnly(layer, unsmoothed(layer), options)).squares, target),
        smooth: relative((await roundOnly(layer, s, options)).squares, target),
        svdquant: relative(await score(layer, s, branch, options), target),
      };
    },
  };
}
