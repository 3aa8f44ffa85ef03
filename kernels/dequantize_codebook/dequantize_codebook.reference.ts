import type { Dims, Scalars } from '../define';

/** codes: [M,ceil(K/8)], scales: [M,ceil(K/G)], book: [16]. Gives x: [M,K]. */
export function dequantizeCodebookReference(
  { codes, scales, book }: { codes: Uint32Array; scales: Float32Array; book: Float32Array },
  { M, K, G }: Dims,
  { tensorScale = 1 }: Scalars,
): { x: Float32Array } {
  const words = Math.ceil(K / 8);
  const groups = Math.ceil(K / G);
  const x = new Float32Array(M * K);
  for (let row = 0; row < M; row++) {
    for (let k = 0; k < K; k++) {
      const code = (codes[row * words + (k >> 3)] >>> (4 * (k & 7))) & 15;
      x[row * K + k] = book[code] * Math.fround(scales[row * groups + Math.floor(k / G)] * Math.fround(tensorScale));
    }
  }
  return { x };
}
