/** Two-dimensional inputs, as the labs take them. */

import { NumbersError } from './error';

/** A matrix that came from a file, row-major float32. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
  /** 'silero.safetensors#lstm_cell.weight_ih, transposed' */
  readonly source: string;
  /** Changes whenever the data does; enters the memo keys. */
  readonly key: string;
  /** Of the tensor that was read as this matrix, where it is known and nothing was turned. */
  readonly shape?: readonly number[];
}

/**
 * Takes the numbers over as a matrix.
 * @param numbers rows × cols, row-major; float64 is rounded to float32
 * @throws InputError when a number is NaN or infinite, or too large for a float32
 */
export function toMatrix(source: string, rows: number, cols: number, numbers: ArrayLike<number>, transpose = false): Matrix {
  const stored = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  const finite = new Finiteness();
  finite.look(numbers, stored);
  finite.refuse(source, cols, stored.length);
  const data = transpose ? transposed(stored, rows, cols) : stored;
  const [r, c] = transpose ? [cols, rows] : [rows, cols];
  return { rows: r, cols: c, data, source: transpose ? `${source}, transposed` : source, key: matrixKey(r, c, data) };
}

/** [rows, cols] to [cols, rows], in an array of the same kind. */
export function transposed<T extends Float32Array | Int8Array>(data: T, rows: number, cols: number): T {
  const out = data.slice() as T;
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

/** Counts the numbers that no matrix may have, piece by piece, so that a refusal can name the first of them. */
export class Finiteness {
  private nan = 0;
  private infinite = 0;
  private large = 0;
  private first = -1;

  /**
   * @param given the numbers as the file has them
   * @param stored the same, rounded to float32
   * @param at how many numbers came before
   */
  look(given: ArrayLike<number>, stored: Float32Array, at = 0): void {
    for (let i = 0; i < stored.length; i++) {
      if (Number.isFinite(stored[i])) continue;
      if (this.first < 0) this.first = at + i;
      if (Number.isNaN(stored[i])) this.nan++;
      else if (Number.isFinite(given[i])) this.large++;
      else this.infinite++;
    }
  }

  /**
   * @param count how many numbers were looked at
   * @param firstRow the row that the first of them is in
   * @throws InputError when one of them was NaN, infinite or beyond float32
   */
  refuse(source: string, cols: number, count: number, firstRow = 0): void {
    if (this.first < 0) return;
    const kinds = [[this.nan, 'NaN'], [this.infinite, 'infinite'], [this.large, 'beyond the range of float32']] as const;
    const counts = kinds.filter(([n]) => n > 0).map(([n, kind]) => `${n} ${kind}`).join(' and ');
    throw new NumbersError(
      `${source} has values that are no usable numbers: ${counts}, of ${count}; the first is in row ${firstRow + Math.floor(this.first / cols)}, column ${this.first % cols} (counted from 0).`,
      'Choose another tensor, or replace these values and save the file again.',
    );
  }
}
