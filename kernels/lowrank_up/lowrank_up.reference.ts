import type { Dims } from '../define';
import { doubles, productNT } from '../product';

type Inputs = { h: Float32Array; up: Float32Array; y: Float32Array };

/** out = y + h upᵀ with float64 sums. h: [T,R], up: [N,R], y, out: [T,N]. */
export function lowrankUpReference({ h, up, y }: Inputs, { T, N, R }: Dims): { out: Float32Array } {
  const branch = productNT(doubles(h), doubles(up), T, N, R);
  const out = new Float32Array(T * N);
  for (let i = 0; i < out.length; i++) out[i] = y[i] + branch[i];
  return { out };
}
