import type { Dims } from '../define';
import { dequantizeInt4Exact } from '../nibbles';

/** Codes times their group's scale. codes: [M,ceil(K/8)], scales: [M,ceil(K/G)], x: [M,K]. */
export function dequantizeInt4Reference(
  { codes, scales }: { codes: Uint32Array; scales: Float32Array },
  { M, K, G }: Dims,
): { x: Float32Array } {
  return { x: new Float32Array(dequantizeInt4Exact(codes, scales, M, K, G)) };
}
