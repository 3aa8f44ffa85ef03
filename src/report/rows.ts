/** The rows of one tensor in blocks of about a million numbers: held once read where they fit, read anew for every pass where not. */

import type { Model } from '../inputs/model';
import type { ReportControl } from './contract';

/** Numbers of one block, about; a row is never split. */
export const BLOCK = 2 ** 20;
/** Up to so many numbers a tensor is held: 64 MiB. */
export const HELD = 2 ** 24;
/** Longer rows are refused: nothing is done with less than a row. */
export const LONGEST_ROW = 2 ** 24;

export interface RowBlock {
  /** Position of the first row among the rows measured. */
  readonly first: number;
  readonly rows: number;
  /** [rows, cols] */
  readonly data: Float32Array;
}

export interface Rows {
  /** Rows measured: all, or an even sample. */
  readonly rows: number;
  readonly cols: number;
  /** Every block in order; a second call gives the same numbers again. */
  blocks(): AsyncGenerator<RowBlock>;
}

/** Evenly spread: `want` of `all`, the first and the last among them. */
export function sampleRows(all: number, want: number): Int32Array | undefined {
  if (want <= 0 || want >= all) return undefined;
  return Int32Array.from({ length: want }, (_, i) => (want === 1 ? 0 : Math.round((i * (all - 1)) / (want - 1))));
}

/** @param maxRows 0 for all rows */
export function rowsOf(model: Model, tensor: string, [all, cols]: readonly [number, number], maxRows: number, { signal, pause }: Pick<ReportControl, 'signal' | 'pause'>): Rows {
  const sample = sampleRows(all, maxRows);
  const rows = sample?.length ?? all;
  const perBlock = Math.max(1, Math.floor(BLOCK / cols));
  const held: RowBlock[] | undefined = rows * cols <= HELD ? [] : undefined;
  let complete = false;
  const read = (first: number, count: number): Promise<Float32Array> =>
    sample ? readSample(model, tensor, sample.subarray(first, first + count), cols, signal) : model.readRows(tensor, first, first + count, signal);
  return {
    rows,
    cols,
    async *blocks() {
      if (held && complete) {
        for (const block of held) {
          await pause();
          signal.throwIfAborted();
          yield block;
        }
        return;
      }
      if (held) held.length = 0;
      for (let first = 0; first < rows; first += perBlock) {
        await pause();
        signal.throwIfAborted();
        const count = Math.min(perBlock, rows - first);
        const block = { first, rows: count, data: await read(first, count) };
        held?.push(block);
        yield block;
      }
      complete = true;
    },
  };
}

async function readSample(model: Model, tensor: string, sample: Int32Array, cols: number, signal: AbortSignal): Promise<Float32Array> {
  const out = new Float32Array(sample.length * cols);
  for (let i = 0; i < sample.length;) {
    let end = i + 1;
    while (end < sample.length && sample[end] === sample[end - 1] + 1) end++;
    out.set(await model.readRows(tensor, sample[i], sample[end - 1] + 1, signal), i * cols);
    i = end;
  }
  return out;
}
