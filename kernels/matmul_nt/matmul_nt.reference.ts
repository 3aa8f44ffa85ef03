import type { Dims } from '../define';
import { doubles, productNT } from '../product';

/** C = A Bᵀ with float64 sums. a: [M,K], b: [N,K], both row-major. */
export function matmulNtReference({ a, b }: { a: Float32Array; b: Float32Array }, { M, N, K }: Dims): { c: Float32Array } {
  return { c: new Float32Array(productNT(doubles(a), doubles(b), M, N, K)) };
}
