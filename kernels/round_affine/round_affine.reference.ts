import type { Dims, Scalars } from '../define';
import { roundHalfEven } from '../round';

/** Each group of G along K to the integers [0, 2^bits − 1] and back, zero kept exactly. x, y: [M,K]. */
export function roundAffineReference({ x }: { x: Float32Array }, { M, K, G }: Dims, { bits }: Scalars): { y: Float32Array } {
  const y = new Float32Array(M * K);
  const last = 2 ** bits - 1;
  for (let i = 0; i < M; i++) {
    for (let start = i * K; start < (i + 1) * K; start += G) {
      const end = Math.min((i + 1) * K, start + G);
      let [low, high] = [0, 0];
      for (let k = start; k < end; k++) {
        low = Math.min(low, x[k]);
        high = Math.max(high, x[k]);
      }
      const scale = Math.fround(Math.fround(high - low) / last) || 1;
      const zero = roundHalfEven(Math.fround(-low / scale));
      for (let k = start; k < end; k++) {
        const code = Math.min(last, Math.max(0, roundHalfEven(Math.fround(x[k] / scale)) + zero));
        y[k] = (code - zero) * scale;
      }
    }
  }
  return { y };
}
