import type { Dims } from '../define';
import { dequantizeInt4Exact } from '../nibbles';
import { productNT } from '../product';

interface Inputs {
  readonly xCodes: Uint32Array;
  readonly xScales: Float32Array;
  readonly wCodes: Uint32Array;
  readonly wScales: Float32Array;
}

/**
 * Y = Q(X) Q(W)ᵀ in float64. xCodes: [T,ceil(K/8)], wCodes: [N,ceil(K/8)], scales: [T|N,ceil(K/G)], y: [T,N].
 * Code times scale is exact in float64, so dequantizing first changes nothing but the order of the sum.
 */
export function w4a4MatmulExact({ xCodes, xScales, wCodes, wScales }: Inputs, { T, N, K, G }: Dims): Float64Array {
  return productNT(dequantizeInt4Exact(xCodes, xScales, T, K, G), dequantizeInt4Exact(wCodes, wScales, N, K, G), T, N, K);
}

export function w4a4MatmulReference(inputs: Inputs, d: Dims): { y: Float32Array } {
  return { y: new Float32Array(w4a4MatmulExact(inputs, d)) };
}
