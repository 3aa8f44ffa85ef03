import type { Dims, Scalars } from '../define';

/** Each channel times, or divided by, its factor. x, y: [M,K], s: [K]; divide: 0 or 1. */
export function scaleChannelsReference({ x, s }: { x: Float32Array; s: Float32Array }, { M, K }: Dims, { divide }: Scalars): { y: Float32Array } {
  const y = new Float32Array(M * K);
  for (let i = 0; i < M; i++) {
    for (let k = 0; k < K; k++) y[i * K + k] = divide ? x[i * K + k] / s[k] : x[i * K + k] * s[k];
  }
  return { y };
}
