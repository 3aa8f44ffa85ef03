/** An opened file: its tensors, and the numbers of each, piece by piece. What every format's opener makes. */

import type { TensorEntry } from './entry';
import { InputError } from './error';
import { Finiteness } from './matrix';
import type { ByteSource } from './source';

/** Takes over the numbers from position `at` on, counted from the first that was asked for. */
export type Take = (numbers: ArrayLike<number>, at: number) => void;

export interface OpenedTensor {
  readonly entry: TensorEntry;
  /** Numbers [first, first + count) of an entry that reads as a matrix, in order and without holes; both at unit boundaries. */
  readonly numbers?: (first: number, count: number, take: Take, signal?: AbortSignal) => Promise<void>;
  /** Its stored bytes [begin, end), little-endian in the order of its shape; absent where the file has them otherwise. */
  readonly bytes?: (begin: number, end: number, signal?: AbortSignal) => Promise<Uint8Array>;
}

export interface OpenedFile {
  readonly format: 'safetensors' | 'gguf' | 'npy';
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly OpenedTensor[];
}

/** Numbers stored one after the other. */
export interface Span {
  /** From the start of the file, bytes. */
  readonly begin: number;
  /** The smallest part that decodes alone: one number, or one block of a quantized type. */
  readonly unit: { readonly bytes: number; readonly numbers: number };
  readonly decode: (bytes: Uint8Array) => ArrayLike<number>;
}

/** The bytes of a tensor that lies at `start` of its file. */
export const spanBytes = (source: ByteSource, start: number): NonNullable<OpenedTensor['bytes']> =>
  (begin, end, signal) => source.read(start + begin, end - begin, signal);

/** Bytes read and decoded at a time. */
const PIECE = 2 ** 22;

/** Reads a span in pieces of about 4 MiB. */
export const spanNumbers = (source: ByteSource, { begin, unit, decode }: Span): NonNullable<OpenedTensor['numbers']> =>
  async (first, count, take, signal) => {
    const most = Math.max(1, Math.floor(PIECE / unit.bytes)) * unit.numbers;
    for (let at = 0; at < count; at += most) {
      signal?.throwIfAborted();
      const length = Math.min(most, count - at);
      const offset = begin + ((first + at) / unit.numbers) * unit.bytes;
      take(decode(await source.read(offset, (length / unit.numbers) * unit.bytes, signal)), at);
    }
  };

/** What fits into one array here; a float32 copy of it takes 1 GiB. */
export const MAX_NUMBERS = 2 ** 28;

/**
 * Rows [begin, end) of a tensor that reads as a matrix, as float32.
 * @param label names the tensor in sentences
 * @throws InputError when it is no matrix, the rows are too many to hold, or a number is NaN, infinite or beyond float32
 */
export async function readRowsOf({ entry, numbers }: OpenedTensor, label: string, begin: number, end: number, signal?: AbortSignal): Promise<Float32Array> {
  const { matrix } = entry;
  if (!matrix || !numbers) throw new InputError(`${label} ${entry.unfit ?? 'is no matrix'}.`, 'Choose another tensor.');
  const [rows, cols] = matrix;
  if (!(Number.isInteger(begin) && Number.isInteger(end) && begin >= 0 && begin <= end && end <= rows)) throw new RangeError(`Rows ${begin} to ${end} of ${label}, which has ${rows}.`);
  const count = (end - begin) * cols;
  if (count > MAX_NUMBERS) throw new InputError(`${label} has ${count} numbers in these ${end - begin} rows, more than the ${MAX_NUMBERS} that fit in memory here.`, 'Take fewer rows at a time.');
  const out = new Float32Array(count);
  const finite = new Finiteness();
  await numbers(begin * cols, count, (given, at) => {
    out.set(given, at);
    finite.look(given, out.subarray(at, at + given.length), at);
  }, signal);
  finite.refuse(label, cols, count, begin);
  return out;
}
