import type { Dims } from '../define';
import { lowrankDownReference } from '../lowrank_down/lowrank_down.reference';
import { quantizeInt4Reference } from '../quantize_int4/quantize_int4.reference';
import { scaleChannelsReference } from '../scale_channels/scale_channels.reference';

interface Inputs {
  readonly x: Float32Array;
  readonly lambda: Float32Array;
  readonly down: Float32Array;
}
interface Outputs {
  readonly codes: Uint32Array;
  readonly scales: Float32Array;
  readonly h: Float32Array;
}

/**
 * The three steps it fuses, one after the other: X̂ = X / λ, Q(X̂), and h = X downᵀ of the raw X.
 * x: [T,K], lambda: [K], down: [R,K], codes: [T,ceil(K/8)], scales: [T,ceil(K/G)], h: [T,R].
 */
export function quantizeDownReference({ x, lambda, down }: Inputs, { T, K, G, R }: Dims): Outputs {
  const { y } = scaleChannelsReference({ x, s: lambda }, { M: T, K }, { divide: 1 });
  return { ...quantizeInt4Reference({ x: y }, { M: T, K, G }), ...lowrankDownReference({ x, down }, { T, K, R }) };
}
