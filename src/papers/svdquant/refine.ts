/**
 * Iterated refinement (deepcompressor calib/lowrank.py QuantLowRankCalibrator):
 * Q₀ = 0;  L_i = SVD_r(Ŵ − Q_i);  Q_{i+1} = round(Ŵ − L_i);  keep the L of least output error, stop when it grows.
 */

import { withScope } from '../../engine/engine';
import { difference, squaredDifference } from '../../quant/errors';
import { dequantize, quantize } from '../../quant/quantize';
import { forward } from './forward';
import { branchOf, exactOutput, factorize, uploadX, weightBranch, type Branch, type Layer, type Smoothed } from './layer';
import { emptyBranch, lambdaOf, subtractBranch } from './method';
import type { MethodOptions } from './params';

export interface Refinement {
  /** The branch kept by early stop. */
  readonly branch: Branch;
  /** ‖Ŷ − Y‖² of every iteration that ran. */
  readonly squares: readonly number[];
  /** Index of the kept iteration. */
  readonly best: number;
}

/** Rounding to nearest, branch by branch: one iteration's error and Q. */
async function iterate(layer: Layer, s: Smoothed, branch: Branch, options: MethodOptions): Promise<{ squares: number; rounded: Float32Array }> {
  const exact = await exactOutput(layer);
  return withScope(layer.engine, async (scope) => {
    const r = subtractBranch(scope, scope.hold(s.ws, [layer.outFeatures, layer.inFeatures]), branch);
    const weights = await quantize(scope, r, options.format, 'weights');
    const { y } = await forward(scope, uploadX(scope, layer), { ...options, lambda: lambdaOf(s), weights, branch, unsigned: layer.unsigned });
    const rounded = dequantize(scope, weights);
    const squares = await squaredDifference(scope, y, scope.hold(exact, [layer.tokens, layer.outFeatures]));
    return { squares, rounded: await scope.readF32(rounded) };
  });
}

/** @param limit most iterations; the official setting is 100 */
export async function refine(layer: Layer, s: Smoothed, options: MethodOptions, limit: number, earlyStop = true): Promise<Refinement> {
  const squares: number[] = [];
  let [best, stopped] = [0, false];
  let branch = options.rank ? await weightBranch(layer, s, options.svd, options.rank) : emptyBranch;
  let kept = branch;
  for (let i = 0; i < limit; i++) {
    const { squares: error, rounded } = await iterate(layer, s, branch, options);
    squares.push(error);
    if (!stopped && error <= squares[best]) {
      best = i;
      kept = branch;
    } else {
      stopped = true;
    }
    if ((stopped && earlyStop) || options.rank === 0 || i === limit - 1) break;
    await layer.pause();
    const { svd } = await factorize(layer, difference(s.ws, rounded), options.svd, options.rank);
    branch = branchOf(svd, options.rank, s.lambda);
  }
  return { branch: kept, squares, best };
}
