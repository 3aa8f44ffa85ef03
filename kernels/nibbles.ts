/**
 * Packed 4-bit codes: eight to a u32 word along K, the first in the lowest nibble. Every row starts a
 * new word and is padded with zero nibbles: M rows of K codes take M * ceil(K/8) words.
 */

import { ShapeError, type Dims } from './shape';

export const wordsPerRow = (K: number): number => Math.ceil(K / 8);

/** True where every group of G codes starts a word: G is a multiple of 8, or there is one group to a row. */
export const groupsFillWords = ({ K, G }: Dims): boolean => G > 0 && (G % 8 === 0 || G >= K);

/** @throws ShapeError where groups of G would share a word */
export function requireWholeWords(K: number, G: number): void {
  if (!groupsFillWords({ K, G })) {
    throw new ShapeError(`groups of ${G} codes do not fill whole words of 8; use a multiple of 8, or G = K = ${K} (per channel).`);
  }
}

/** Packs M x K codes; of each only the low four bits are kept (two's complement for negative codes). */
export function packInt4(codes: ArrayLike<number>, M: number, K: number): Uint32Array {
  const W = wordsPerRow(K);
  const words = new Uint32Array(M * W);
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < K; k++) words[m * W + (k >>> 3)] |= (codes[m * K + k] & 15) << (4 * (k & 7));
  }
  return words;
}

/** The signed codes, [-8, 7], of M rows of K. */
export function unpackInt4(words: Uint32Array, M: number, K: number): Int8Array {
  const codes = new Int8Array(M * K);
  const W = wordsPerRow(K);
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < K; k++) codes[m * K + k] = (words[m * W + (k >>> 3)] << (28 - 4 * (k & 7))) >> 28;
  }
  return codes;
}

/** The unsigned codes, [0, 15] (indices of a codebook), of M rows of K. */
export function unpackCodes(words: Uint32Array, M: number, K: number): Uint8Array {
  const codes = new Uint8Array(M * K);
  const W = wordsPerRow(K);
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < K; k++) codes[m * K + k] = (words[m * W + (k >>> 3)] >>> (4 * (k & 7))) & 15;
  }
  return codes;
}

/** Columns of turned weights: N filled up to whole vectors of four. */
export const turnedColumns = (N: number): number => 4 * Math.ceil(N / 4);

export interface TurnedWeights {
  /** [ceil(K/8),ceil(N/4)*4]: word j of column n holds codes 8j … 8j+7 of output channel n. */
  readonly wCodes: Uint32Array;
  /** [ceil(K/G),ceil(N/4)*4] */
  readonly wScales: Float32Array;
}

/**
 * 4-bit weights as the products read them: words of neighbouring output channels side by side, columns beyond N zero.
 * codes: [N,ceil(K/8)], scales: [N,ceil(K/G)].
 */
export function turnWeights(codes: Uint32Array, scales: Float32Array, { N, K, G }: Dims): TurnedWeights {
  requireWholeWords(K, G);
  const [words, groups, pitch] = [wordsPerRow(K), Math.ceil(K / G), turnedColumns(N)];
  const wCodes = new Uint32Array(words * pitch);
  const wScales = new Float32Array(groups * pitch);
  for (let n = 0; n < N; n++) {
    for (let j = 0; j < words; j++) wCodes[j * pitch + n] = codes[n * words + j];
    for (let g = 0; g < groups; g++) wScales[g * pitch + n] = scales[n * groups + g];
  }
  return { wCodes, wScales };
}

/** Undoes `turnWeights`: codes [N,ceil(K/8)] and scales [N,ceil(K/G)]. */
export function turnBack({ wCodes, wScales }: TurnedWeights, { N, K, G }: Dims): { codes: Uint32Array; scales: Float32Array } {
  const [words, groups, pitch] = [wordsPerRow(K), Math.ceil(K / G), turnedColumns(N)];
  const codes = new Uint32Array(N * words);
  const scales = new Float32Array(N * groups);
  for (let n = 0; n < N; n++) {
    for (let j = 0; j < words; j++) codes[n * words + j] = wCodes[j * pitch + n];
    for (let g = 0; g < groups; g++) scales[n * groups + g] = wScales[g * pitch + n];
  }
  return { codes, scales };
}

/**
 * Weights as ONNX Runtime's MatMulNBits stores them: bytes [N,ceil(K/block),block/2], of two codes the first in the
 * low nibble, as code + 8 (its default zero point). @param codes N rows of K, each in [-8, 7]
 */
export function toNBits(codes: ArrayLike<number>, N: number, K: number, block: number): Uint8Array {
  const perRow = Math.ceil(K / block) * block;
  const bytes = new Uint8Array((N * perRow) / 2).fill(0x88);
  for (let n = 0; n < N; n++) {
    for (let k = 0; k < K; k++) {
      const [at, shift] = [(n * perRow + k) >>> 1, 4 * (k & 1)];
      bytes[at] = (bytes[at] & ~(15 << shift)) | ((codes[n * K + k] + 8) << shift);
    }
  }
  return bytes;
}

/** Codes times their group's scale, in float64 (exact: 4 bits times 24). words: [M,ceil(K/8)], scales: [M,ceil(K/G)]. */
export function dequantizeInt4Exact(words: Uint32Array, scales: Float32Array, M: number, K: number, G: number): Float64Array {
  requireWholeWords(K, G);
  const x = new Float64Array(M * K);
  const codes = unpackInt4(words, M, K);
  const groups = Math.ceil(K / G);
  for (let m = 0; m < M; m++) {
    for (let g = 0; g < groups; g++) {
      const scale = scales[m * groups + g];
      const end = m * K + Math.min(K, (g + 1) * G);
      for (let i = m * K + g * G; i < end; i++) x[i] = codes[i] * scale;
    }
  }
  return x;
}
