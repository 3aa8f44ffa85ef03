import type { Dims } from '../define';
import { dequantizeInt4Exact, turnBack } from '../nibbles';
import { productNT } from '../product';

interface Inputs {
  readonly xCodes: Uint32Array;
  readonly xScales: Float32Array;
  readonly wCodes: Uint32Array;
  readonly wScales: Float32Array;
}

/**
 * Y = Q(X) Q(W)ᵀ in float64. xCodes: [T,ceil(K/8)], xScales: [T,ceil(K/G)], y: [T,N];
 * wCodes: [ceil(K/8),ceil(N/4)*4] and wScales: [ceil(K/G),ceil(N/4)*4], as transpose_int4 gives them.
 * Code times scale is exact in float64, so dequantizing first changes nothing but the order of the sum.
 */
export function w4a4MatmulExact({ xCodes, xScales, wCodes, wScales }: Inputs, { T, N, K, G }: Dims): Float64Array {
  const w = turnBack({ wCodes, wScales }, { N, K, G });
  return productNT(dequantizeInt4Exact(xCodes, xScales, T, K, G), dequantizeInt4Exact(w.codes, w.scales, N, K, G), T, N, K);
}

export function w4a4MatmulReference(inputs: Inputs, d: Dims): { y: Float32Array } {
  return { y: new Float32Array(w4a4MatmulExact(inputs, d)) };
}
