/**
 * AWQ-style scaling (Lin et al., arXiv 2306.00978), weight only: channels with large activations are scaled up before
 * rounding and down after it, s_k = mean|X_k|^α over √(max s · min s), the α with the least output error of a grid.
 */

import { matmul } from '../../kernels/matmul/matmul';
import { scaleChannels } from '../../kernels/scale_channels/scale_channels';
import { transpose } from '../../kernels/transpose/transpose';
import { withScope, type Engine, type Scope, type Tensor } from '../engine/engine';
import { difference } from './errors';

/** 0, 0.05 … 0.95, as the official search. */
export const AWQ_POWERS: readonly number[] = Array.from({ length: 20 }, (_, i) => i / 20);

export interface AwqOptions {
  /** [N,K] */
  readonly weights: Float32Array;
  /** N */
  readonly rows: number;
  /** K */
  readonly cols: number;
  /** Mean |X_k|, [K]. */
  readonly means: ArrayLike<number>;
  /** XᵀX, [K,K]. */
  readonly gram: Float32Array;
  /** Quantize and dequantize, [N,K] to [N,K]. */
  readonly round: (scope: Scope, weights: Tensor) => Tensor | Promise<Tensor>;
  readonly powers?: readonly number[];
  readonly pause?: () => Promise<void>;
}

export interface AwqResult {
  /** ‖X (Ŵ − W)ᵀ‖² */
  readonly squares: number;
  /** α */
  readonly power: number;
  /** Ŵ = Q(W s)/s, [N,K]. */
  readonly weights: Float32Array;
}

/** Mean |X_k| of X [tokens, cols]. */
export function channelMeans(x: Float32Array, tokens: number, cols: number): Float64Array {
  const means = new Float64Array(cols);
  for (let i = 0; i < x.length; i++) means[i % cols] += Math.abs(x[i]) / tokens;
  return means;
}

/** XᵀX of X [tokens, cols], [cols, cols]. */
export function gramMatrix(engine: Engine, x: Float32Array, tokens: number, cols: number): Promise<Float32Array> {
  return withScope(engine, (scope) => {
    const b = scope.hold(x, [tokens, cols]);
    return scope.readF32(scope.run(matmul, { a: scope.run(transpose, { a: b }).b, b }).c);
  });
}

/** The error is tr(D (XᵀX) Dᵀ) with D = W − Ŵ, which spares T/K of the work for many tokens. */
export async function activationAware(engine: Engine, o: AwqOptions): Promise<AwqResult> {
  const { weights, rows: N, cols: K, means, gram, round, powers = AWQ_POWERS } = o;
  let best: AwqResult = { squares: Infinity, power: 0, weights };
  for (const power of powers) {
    const raw = Array.from(means, (m) => Math.max(m ** power, 1e-4));
    const middle = Math.sqrt(raw.reduce((a, b) => Math.max(a, b), 0) * raw.reduce((a, b) => Math.min(a, b), Infinity));
    const scales = Float32Array.from(raw, (v) => v / middle);
    const tried = await withScope(engine, async (scope) => {
      const s = scope.upload(scales, [K]);
      const scaled = scope.run(scaleChannels, { x: scope.hold(weights, [N, K]), s }, { scalars: { divide: 0 } }).y;
      const back = await scope.readF32(scope.run(scaleChannels, { x: await round(scope, scaled), s }, { scalars: { divide: 1 } }).y);
      const d = difference(weights, back);
      const dg = await scope.readF32(scope.run(matmul, { a: scope.upload(d, [N, K]), b: scope.hold(gram, [K, K]) }).c);
      let sum = 0;
      for (let i = 0; i < d.length; i++) sum += d[i] * dg[i];
      return { squares: Math.max(0, sum), power, weights: back };
    });
    if (tried.squares < best.squares) best = tried;
    await o.pause?.();
  }
  return best;
}
