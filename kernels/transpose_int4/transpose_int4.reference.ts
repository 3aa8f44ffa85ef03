import type { Dims } from '../define';
import { turnWeights } from '../nibbles';

/** codes: [N,ceil(K/8)], scales: [N,ceil(K/G)], wCodes: [ceil(K/8),ceil(N/4)*4], wScales: [ceil(K/G),ceil(N/4)*4]. */
export function transposeInt4Reference(
  { codes, scales }: { codes: Uint32Array; scales: Float32Array },
  { N, K, G }: Dims,
): { wCodes: Uint32Array; wScales: Float32Array } {
  return turnWeights(codes, scales, { N, K, G });
}
