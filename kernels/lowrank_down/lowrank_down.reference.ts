import type { Dims } from '../define';
import { doubles, productNT } from '../product';

/** h = X downᵀ with float64 sums. x: [T,K], down: [R,K], h: [T,R]. */
export function lowrankDownReference({ x, down }: { x: Float32Array; down: Float32Array }, { T, K, R }: Dims): { h: Float32Array } {
  return { h: new Float32Array(productNT(doubles(x), doubles(down), T, R, K)) };
}
