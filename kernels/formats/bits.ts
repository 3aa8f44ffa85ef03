/**
 * Packed codes of 2 to 8 bits: one contiguous bit stream per row in u32 words, lowest bits first. Code k takes the
 * bits [k·bits, (k+1)·bits) of its row, so a code may straddle two words; a row takes ceil(cols/32) · bits words and is
 * padded with zeros. Thirty-two codes fill `bits` words exactly: with 3 bits that is the official layout (32 values in
 * three words, quant_cuda of SqueezeLLM), with 4 bits eight nibbles a word.
 */

import { ShapeError } from '../shape';

/** @throws ShapeError unless bits is a whole number from 2 to 8 */
export function requireBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < 2 || bits > 8) throw new ShapeError(`codes of ${bits} bits cannot be packed; use 2 to 8.`);
}

/** Words that a row of `cols` codes takes. */
export const bitWords = (cols: number, bits: number): number => Math.ceil(cols / 32) * bits;

/** Code k of the row whose stream begins at word `start`. */
export function codeAt(words: ArrayLike<number>, start: number, k: number, bits: number): number {
  const at = k * bits;
  const [word, shift] = [start + (at >>> 5), at & 31];
  const low = words[word] >>> shift;
  return (shift + bits > 32 ? low | (words[word + 1] << (32 - shift)) : low) & ((1 << bits) - 1);
}

/**
 * Packs rows × cols codes; of each only the low `bits` are kept.
 * @returns rows · ceil(cols/32) · bits words
 * @throws ShapeError where bits is out of range or codes are missing
 */
export function packBits(codes: ArrayLike<number>, rows: number, cols: number, bits: number): Uint32Array {
  requireBits(bits);
  if (codes.length < rows * cols) throw new ShapeError(`${rows} rows of ${cols} codes are ${rows * cols}, but ${codes.length} are given.`);
  const pitch = bitWords(cols, bits);
  const mask = (1 << bits) - 1;
  const words = new Uint32Array(rows * pitch);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < cols; k++) {
      const code = codes[row * cols + k] & mask;
      const [word, shift] = [row * pitch + ((k * bits) >>> 5), (k * bits) & 31];
      words[word] |= code << shift;
      if (shift + bits > 32) words[word + 1] |= code >>> (32 - shift);
    }
  }
  return words;
}

/**
 * The codes, [0, 2^bits), of rows × cols.
 * @throws ShapeError where bits is out of range or words are missing
 */
export function unpackBits(words: Uint32Array, rows: number, cols: number, bits: number): Uint8Array {
  requireBits(bits);
  const pitch = bitWords(cols, bits);
  if (words.length < rows * pitch) throw new ShapeError(`${rows} rows of ${cols} codes of ${bits} bits take ${rows * pitch} words, but ${words.length} are given.`);
  const codes = new Uint8Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < cols; k++) codes[row * cols + k] = codeAt(words, row * pitch, k, bits);
  }
  return codes;
}
