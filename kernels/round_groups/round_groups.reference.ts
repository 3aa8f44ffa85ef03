import type { Dims, Scalars } from '../define';
import { absmax, symmetricCode, symmetricScale } from '../round';

/** Quantize and dequantize at once: each group of G along K to the integers [-qmax, qmax] and back. x, y: [M,K]. */
export function roundGroupsReference({ x }: { x: Float32Array }, { M, K, G }: Dims, { qmax }: Scalars): { y: Float32Array } {
  const y = new Float32Array(M * K);
  for (let i = 0; i < M; i++) {
    for (let start = 0; start < K; start += G) {
      const end = i * K + Math.min(K, start + G);
      const scale = symmetricScale(absmax(x, i * K + start, end), qmax);
      for (let k = i * K + start; k < end; k++) y[k] = symmetricCode(x[k], scale, qmax) * scale;
    }
  }
  return { y };
}
