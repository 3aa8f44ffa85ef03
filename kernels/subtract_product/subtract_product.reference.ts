import type { Dims } from '../define';
import { doubles, productNT, transposed } from '../product';

type Inputs = { w: Float32Array; up: Float32Array; down: Float32Array };

/** R = W − up · down with float64 sums. w, r: [N,K], up: [N,R], down: [R,K]. */
export function subtractProductReference({ w, up, down }: Inputs, { N, K, R }: Dims): { r: Float32Array } {
  const product = productNT(doubles(up), transposed(down, R, K), N, K, R);
  const r = new Float32Array(N * K);
  for (let i = 0; i < r.length; i++) r[i] = w[i] - product[i];
  return { r };
}
