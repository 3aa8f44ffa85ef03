import type { Dims } from '../define';
import { wordsPerRow } from '../nibbles';
import { absmax, symmetricCode, symmetricScale } from '../round';

/**
 * Symmetric 4-bit codes in [-7, 7], one scale for each group of G along K.
 * x: [M,K], codes: [M,ceil(K/8)], scales: [M,ceil(K/G)].
 */
export function quantizeInt4Reference({ x }: { x: Float32Array }, { M, K, G }: Dims): { codes: Uint32Array; scales: Float32Array } {
  const [W, groups] = [wordsPerRow(K), Math.ceil(K / G)];
  const codes = new Uint32Array(M * W);
  const scales = new Float32Array(M * groups);
  for (let i = 0; i < M; i++) {
    for (let g = 0; g < groups; g++) {
      const [start, end] = [g * G, Math.min(K, (g + 1) * G)];
      const scale = symmetricScale(absmax(x, i * K + start, i * K + end), 7);
      scales[i * groups + g] = scale;
      for (let k = start; k < end; k++) {
        codes[i * W + (k >>> 3)] |= (symmetricCode(x[i * K + k], scale, 7) & 15) << (4 * (k & 7));
      }
    }
  }
  return { codes, scales };
}
