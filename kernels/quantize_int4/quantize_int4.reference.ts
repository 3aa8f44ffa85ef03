import type { Dims } from '../define';
import { requireWholeWords, wordsPerRow } from '../nibbles';
import { absmax, symmetricCode, symmetricScale } from '../round';

/**
 * Symmetric 4-bit codes in [-7, 7], one scale for each group of G along K.
 * x: [M,K], codes: [M,ceil(K/8)], scales: [M,ceil(K/G)].
 */
export function quantizeInt4Reference({ x }: { x: Float32Array }, { M, K, G }: Dims): { codes: Uint32Array; scales: Float32Array } {
  requireWholeWords(K, G);
  const [W, groups] = [wordsPerRow(K), Math.ceil(K / G)];
  const codes = new Uint32Array(M * W);
  const scales = new Float32Array(M * groups);
  for (let i = 0; i < M; i++) {
    for (let g = 0; g < groups; g++) {
      const start = g * G;
      const end = Math.min(K, start + G);
      const scale = symmetricScale(absmax(x, i * K + start, i * K + end), 7);
      scales[i * groups + g] = scale;
      for (let first = start; first < end; first += 8) {
        let word = 0;
        for (let k = first; k < Math.min(first + 8, end); k++) word |= (symmetricCode(x[i * K + k], scale, 7) & 15) << (4 * (k - first));
        codes[i * W + (first >>> 3)] = word;
      }
    }
  }
  return { codes, scales };
}
