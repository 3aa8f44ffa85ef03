import type { Dims } from '../define';
import { dequantizeInt4Exact, turnBack } from '../nibbles';
import { doubles, productNT } from '../product';

interface Inputs {
  readonly x: Float32Array;
  readonly wCodes: Uint32Array;
  readonly wScales: Float32Array;
}

/**
 * Y = X Q(W)ᵀ with float64 sums. x: [T,K], wCodes: [ceil(K/8),ceil(N/4)*4], wScales: [ceil(K/G),ceil(N/4)*4], y: [T,N].
 */
export function w4a16MatmulReference({ x, wCodes, wScales }: Inputs, { T, N, K, G }: Dims): { y: Float32Array } {
  const { codes, scales } = turnBack({ wCodes, wScales }, { N, K, G });
  return { y: new Float32Array(productNT(doubles(x), dequantizeInt4Exact(codes, scales, N, K, G), T, N, K)) };
}
