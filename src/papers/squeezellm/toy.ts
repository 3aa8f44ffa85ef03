/** One heavy-tailed matrix with planted outliers that crowd in some rows. */

import { createRng } from '../../../kernels/rng';
import { makeToy } from '../../inputs/toy';

export interface MatrixToyOptions {
  readonly tokens: number;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Degrees of freedom of Student's t; 0 is Gaussian. */
  readonly tails: number;
  /** Percent of W scaled by `size`. */
  readonly planted: number;
  readonly size: number;
  /** Row n attracts outliers in proportion to exp(skew · z_n), z_n standard normal. */
  readonly skew: number;
  readonly seed: number;
}

const PLANTED_STREAM = 0x5c0a7e11;

/** X [T,K] with channels of unlike scale, and W [N,K]. More outliers keep those that were there. */
export function makeMatrixToy({ tokens, inFeatures, outFeatures, tails, planted, size, skew, seed }: MatrixToyOptions): { x: Float32Array; w: Float32Array } {
  const { x, w } = makeToy({ tokens, inFeatures, outFeatures, outliers: 0, size: 1, spread: 0, tails, planted: 0, seed });
  const rng = createRng((Math.imul(seed | 0, 0x9e3779b1) ^ PLANTED_STREAM) >>> 0);
  const attraction = Float64Array.from({ length: outFeatures }, () => Math.exp(skew * rng.normal()));
  // A race of exponential clocks: the first m to ring are m draws without replacement, in proportion to their rates.
  const clocks = Float64Array.from(w, (_, i) => -Math.log(1 - rng.uniform()) / attraction[Math.floor(i / inFeatures)]);
  const chosen = Array.from(w.keys()).sort((a, b) => clocks[a] - clocks[b]).slice(0, Math.round((w.length * planted) / 100));
  for (const i of chosen) w[i] *= size;
  return { x, w };
}
