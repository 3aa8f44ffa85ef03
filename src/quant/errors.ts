/** Errors in the Frobenius norm. The engine sums each row; the host adds the rows in float64. */

import { differenceSquares } from '../../kernels/difference_squares/difference_squares';
import { sumSquares } from '../../kernels/sum_squares/sum_squares';
import type { Scope, Tensor } from '../engine/engine';

/** Sum in float64. */
export function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** ‖A − B‖², both [M,N]. */
export async function squaredDifference(scope: Scope, a: Tensor, b: Tensor): Promise<number> {
  return total(await scope.readF32(scope.run(differenceSquares, { a, b }).s));
}

/** ‖X‖², [M,N]. */
export async function squaredNorm(scope: Scope, x: Tensor): Promise<number> {
  return total(await scope.readF32(scope.run(sumSquares, { x }).s));
}

/** ‖x‖ of host data, float64. */
export function norm(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
}

/** a − b, element by element. */
export function difference(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i];
  return out;
}
