import type { Dims } from '../define';
import { doubles, productNT } from '../product';
import { w4a4MatmulExact } from '../w4a4_matmul/w4a4_matmul.reference';

interface Inputs {
  readonly xCodes: Uint32Array;
  readonly xScales: Float32Array;
  readonly wCodes: Uint32Array;
  readonly wScales: Float32Array;
  readonly h: Float32Array;
  readonly up: Float32Array;
}

/** Y = Q(X) Q(R)ᵀ + h upᵀ in float64. Codes and scales as in w4a4_matmul; h: [T,R], up: [N,R], y: [T,N]. */
export function w4a4UpReference(inputs: Inputs, d: Dims): { y: Float32Array } {
  const { T, N, R } = d;
  const sum = w4a4MatmulExact(inputs, d);
  const branch = productNT(doubles(inputs.h), doubles(inputs.up), T, N, R);
  for (let i = 0; i < sum.length; i++) sum[i] += branch[i];
  return { y: new Float32Array(sum) };
}
