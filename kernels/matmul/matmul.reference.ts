import type { Dims } from '../define';
import { doubles, productNT, transposed } from '../product';

/** C = A B with float64 sums. a: [M,K], b: [K,N], both row-major. */
export function matmulReference({ a, b }: { a: Float32Array; b: Float32Array }, { M, N, K }: Dims): { c: Float32Array } {
  return { c: new Float32Array(productNT(doubles(a), transposed(b, K, N), M, N, K)) };
}
