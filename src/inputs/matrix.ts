/** Two-dimensional inputs, as the labs take them. */

import { InputError } from './error';

/** A matrix that came from a file, row-major float32. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
  /** 'silero.safetensors#lstm_cell.weight_ih, transposed' */
  readonly source: string;
  /** Changes whenever the data does; enters the memo keys. */
  readonly key: string;
}

/**
 * Takes the numbers over as a matrix.
 * @param numbers rows × cols, row-major; float64 is rounded to float32
 * @throws InputError when a number is NaN or infinite, or too large for a float32
 */
export function toMatrix(source: string, rows: number, cols: number, numbers: ArrayLike<number>, transpose = false): Matrix {
  const stored = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  checkFinite(source, cols, numbers, stored);
  const data = transpose ? transposed(stored, rows, cols) : stored;
  const [r, c] = transpose ? [cols, rows] : [rows, cols];
  return { rows: r, cols: c, data, source: transpose ? `${source}, transposed` : source, key: matrixKey(r, c, data) };
}

/** [rows, cols] to [cols, rows]. */
export function transposed(data: Float32Array, rows: number, cols: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < cols; j++, at++) out[j * rows + i] = data[at];
  return out;
}

/** Shape and a 64-bit hash of the bits (two multiplicative streams over 32-bit words, finalised as in murmur3). */
export function matrixKey(rows: number, cols: number, data: Float32Array): string {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (const word of words) {
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15; // or two changed sign bits would cancel
    b = Math.imul((b << 13) | (b >>> 19), 0x85ebca6b) ^ Math.imul(word, 0xcc9e2d51);
  }
  const finish = (h: number): string => {
    const mixed = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    return ((Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ mixed) >>> 0).toString(16).padStart(8, '0');
  };
  return `${rows}x${cols}-${finish(a)}${finish(b)}`;
}

function checkFinite(source: string, cols: number, given: ArrayLike<number>, stored: Float32Array): void {
  let [nan, infinite, large, first] = [0, 0, 0, -1];
  for (let i = 0; i < stored.length; i++) {
    if (Number.isFinite(stored[i])) continue;
    if (first < 0) first = i;
    if (Number.isNaN(stored[i])) nan++;
    else if (Number.isFinite(given[i])) large++;
    else infinite++;
  }
  if (first < 0) return;
  const kinds = [[nan, 'NaN'], [infinite, 'infinite'], [large, 'beyond the range of float32']] as const;
  const counts = kinds.filter(([n]) => n > 0).map(([n, kind]) => `${n} ${kind}`).join(' and ');
  throw new InputError(
    `${source} has values that are no usable numbers: ${counts}, of ${stored.length}; the first is in row ${Math.floor(first / cols)}, column ${first % cols} (counted from 0).`,
    'Choose another tensor, or replace these values and save the file again.',
  );
}
