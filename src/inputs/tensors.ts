/** What a file holds, and one of its tensors as a matrix. Only the header and the chosen tensor are read. */

import { InputError } from './error';
import { toMatrix, type Matrix } from './matrix';
import { decodeNpy, NPY_MAGIC, NPY_PREFIX, npyHeaderLength, readNpyHeader, type NpyHeader } from './npy';
import { decodeSafetensor, isReadable, parseSafetensorsHeader, READABLE_DTYPES, safetensorsHeaderLength } from './safetensors';
import type { ByteSource } from './source';

export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Rows and columns of the matrix it reads as; absent when it does not read as one. */
  readonly matrix?: readonly [rows: number, cols: number];
  /** Why it does not, as the end of a sentence: 'has 1 dimension'. */
  readonly unfit?: string;
}

export interface ReadOptions {
  readonly transpose?: boolean;
}

interface Opened {
  readonly entries: readonly TensorEntry[];
  /** The numbers of an entry that reads as a matrix. */
  readonly numbers: (entry: TensorEntry) => Promise<ArrayLike<number>>;
}

/** A float32 copy of it takes 1 GiB. */
const MAX_NUMBERS = 2 ** 28;

/** Every tensor of a .npy or .safetensors file, in the file's order. @throws InputError when it is neither, or malformed */
export const listTensors = async (source: ByteSource): Promise<readonly TensorEntry[]> => (await openTensors(source)).entries;

/**
 * One tensor as a matrix. A three-dimensional convolution weight [out, in, taps] reads as [out, in*taps].
 * @param name may be left out when exactly one tensor of the file reads as a matrix
 */
export async function readMatrix(source: ByteSource, name?: string, { transpose = false }: ReadOptions = {}): Promise<Matrix> {
  const { entries, numbers } = await openTensors(source);
  const entry = choose(source, entries, name);
  const { matrix } = entry;
  if (!matrix) throw new InputError(`${title(source, entry)} ${entry.unfit ?? 'is no matrix'}.`, offer(entries, 'Choose'));
  const from = entry.shape.length === 3 ? `, read as [${matrix.join(', ')}]` : '';
  return toMatrix(title(source, entry) + from, matrix[0], matrix[1], await numbers(entry), transpose);
}

const isNpy = (prefix: Uint8Array): boolean => NPY_MAGIC.every((byte, i) => prefix[i] === byte);
const stem = (source: ByteSource): string => source.name.replace(/\.npy$/i, '');
const title = (source: ByteSource, entry: TensorEntry): string => (entry.name === stem(source) ? source.name : `${source.name}#${entry.name}`);

async function openTensors(source: ByteSource): Promise<Opened> {
  if (source.size === 0) throw new InputError(`${source.name} is empty.`, 'Choose a .npy or .safetensors file.');
  const prefix = await source.read(0, Math.min(source.size, NPY_PREFIX));
  if (isNpy(prefix) || /\.npy$/i.test(source.name)) return openNpy(source, prefix);
  refuseOtherFormats(source, prefix);
  return openSafetensors(source, prefix);
}

async function openNpy(source: ByteSource, prefix: Uint8Array): Promise<Opened> {
  const header = readNpyHeader(await source.read(0, npyHeaderLength(prefix, source.size, source.name)), source.size, source.name);
  const entry = describe(stem(source), header.dtype, header.shape, header.byteLength);
  return { entries: [entry], numbers: () => npyNumbers(source, header) };
}

const npyNumbers = async (source: ByteSource, header: NpyHeader): Promise<ArrayLike<number>> =>
  decodeNpy(header, await source.read(header.offset, header.byteLength), source.name).data;

async function openSafetensors(source: ByteSource, prefix: Uint8Array): Promise<Opened> {
  const length = safetensorsHeaderLength(prefix, source.size, source.name);
  const header = parseSafetensorsHeader(await source.read(8, length), source.size, source.name);
  const spans = new Map(header.entries.map((tensor) => [tensor.name, tensor]));
  return {
    entries: header.entries.map(({ name, dtype, shape, begin, end }) =>
      isReadable(dtype)
        ? describe(name, dtype, shape, end - begin)
        : { name, dtype, shape, bytes: end - begin, unfit: `has the dtype ${dtype}, and only ${READABLE_DTYPES.join(', ')} can be read` },
    ),
    async numbers({ name, dtype }) {
      const span = spans.get(name);
      if (!span) throw new InputError(`${source.name} has no tensor "${name}".`, 'Choose one of its tensors.');
      return decodeSafetensor(dtype, await source.read(span.begin, span.end - span.begin));
    },
  };
}

function describe(name: string, dtype: string, shape: readonly number[], bytes: number): TensorEntry {
  const entry = { name, dtype, shape, bytes };
  const size = `[${shape.join(', ')}]`;
  if (shape.length !== 2 && shape.length !== 3) {
    return { ...entry, unfit: `has the shape ${size}, and a matrix needs 2 dimensions (or 3, a convolution [out, in, taps])` };
  }
  const rows = shape[0];
  const cols = shape.slice(1).reduce((product, n) => product * n, 1);
  if (rows * cols === 0) return { ...entry, unfit: `has the shape ${size} and holds no numbers` };
  if (rows * cols > MAX_NUMBERS) return { ...entry, unfit: `has the shape ${size}: ${rows * cols} numbers, more than the ${MAX_NUMBERS} that fit in memory here` };
  return { ...entry, matrix: [rows, cols] };
}

function choose(source: ByteSource, entries: readonly TensorEntry[], name: string | undefined): TensorEntry {
  const named = entries.find((e) => e.name === name);
  if (named) return named;
  if (name) throw new InputError(`${source.name} has no tensor "${name}".`, offer(entries, 'Choose'));
  const fitting = entries.filter((e) => e.matrix);
  if (entries.length === 1) return entries[0];
  if (fitting.length === 1) return fitting[0];
  if (fitting.length === 0) throw new InputError(`${source.name} has ${entries.length} tensors, and none of them reads as a matrix.`, offer(entries, 'Choose'));
  throw new InputError(`${source.name} holds ${fitting.length} matrices, so one must be named.`, offer(entries, 'Name'));
}

/** The tensors that would do, by name and shape. */
function offer(entries: readonly TensorEntry[], verb: string): string {
  const fitting = entries.filter((e) => e.matrix);
  if (fitting.length === 0) return 'Choose another file.';
  const listed = fitting.slice(0, 8).map((e) => `${e.name} [${e.shape.join(', ')}]`).join(', ');
  return fitting.length > 8 ? `${verb} ${listed}, or one of ${fitting.length - 8} more.` : `${verb} ${fitting.length > 1 ? 'one of ' : ''}${listed}.`;
}

/** Sentences for the files that people are most likely to drop by mistake. */
function refuseOtherFormats(source: ByteSource, prefix: Uint8Array): void {
  const begins = (...codes: number[]): boolean => codes.every((code, i) => prefix[i] === code);
  const found = begins(0x50, 0x4b, 3, 4) ? 'is a zip archive (an .npz or a PyTorch file)' : begins(0x47, 0x47, 0x55, 0x46) ? 'is a GGUF file' : undefined;
  if (found) throw new InputError(`${source.name} ${found}, which cannot be read here.`, 'Save the tensor as .npy or .safetensors.');
  if (/\.safetensors$/i.test(source.name)) return;
  // Any other name: a safetensors header begins with an opening brace after its length.
  if (prefix[8] !== 0x7b) throw new InputError(`${source.name} is neither a .npy nor a .safetensors file.`, 'Save the tensor in one of these formats.');
}
