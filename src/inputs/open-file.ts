/** Opens a file by what it begins with. Only its header is read. */

import { describe } from './entry';
import { InputError } from './error';
import { GGUF_MAGIC, MAX_GGUF_HEADER, parseGguf } from './gguf';
import { decodeNpy, NPY_MAGIC, NPY_PREFIX, npyHeaderLength, npyItemBytes, readNpyHeader, type NpyData, type NpyHeader } from './npy';
import { spanBytes, spanNumbers, type OpenedFile, type OpenedTensor } from './opened';
import { BITS, decodeSafetensor, isReadable, parseSafetensorsHeader, READABLE_DTYPES, safetensorsHeaderLength } from './safetensors';
import type { ByteSource } from './source';

/** The kinds of file that are read, for sentences. */
export const READABLE_FILES = '.npy, .safetensors or .gguf';

/** @throws InputError when it is none of the formats, or malformed */
export async function openFile(source: ByteSource): Promise<OpenedFile> {
  if (source.size === 0) throw new InputError(`${source.name} is empty.`, `Choose a ${READABLE_FILES} file.`);
  const prefix = await source.read(0, Math.min(source.size, NPY_PREFIX));
  if (begins(prefix, NPY_MAGIC) || /\.npy$/i.test(source.name)) return openNpy(source, prefix);
  if (begins(prefix, GGUF_MAGIC) || /\.gguf$/i.test(source.name)) return openGguf(source);
  refuseOtherFormats(source, prefix);
  return openSafetensors(source, prefix);
}

const begins = (prefix: Uint8Array, codes: readonly number[]): boolean => codes.every((code, i) => prefix[i] === code);

/** The name of a .npy file's only tensor. */
export const stem = (file: string): string => file.replace(/\.npy$/i, '');

async function openNpy(source: ByteSource, prefix: Uint8Array): Promise<OpenedFile> {
  const header = readNpyHeader(await source.read(0, npyHeaderLength(prefix, source.size, source.name)), source.size, source.name);
  const entry = describe(stem(source.name), header.dtype, header.shape, header.byteLength);
  const fortran = header.fortranOrder && header.shape.length > 1;
  if (fortran && header.byteLength > MAX_FORTRAN) {
    const { matrix: _, ...rest } = entry;
    return npyFile({ entry: { ...rest, unfit: `is stored by columns (Fortran order) and takes ${header.byteLength} bytes, and only up to ${MAX_FORTRAN} can be turned here` } });
  }
  if (fortran) return npyFile({ entry, numbers: fortranNumbers(source, header) });
  return npyFile({ entry, numbers: npySpan(source, header), ...(header.bigEndian ? {} : { bytes: spanBytes(source, header.offset) }) });
}

const npyFile = (tensor: OpenedTensor): OpenedFile => ({ format: 'npy', metadata: {}, tensors: [tensor] });

function npySpan(source: ByteSource, header: NpyHeader): OpenedTensor['numbers'] {
  const decode = (bytes: Uint8Array): NpyData => decodeNpy(header, bytes, source.name).data;
  return spanNumbers(source, { begin: header.offset, unit: { bytes: npyItemBytes(header.dtype), numbers: 1 }, decode });
}

/** An array stored by columns is turned whole, once; bytes. */
const MAX_FORTRAN = 2 ** 28;

function fortranNumbers(source: ByteSource, header: NpyHeader): OpenedTensor['numbers'] {
  let whole: Promise<NpyData> | undefined;
  return async (first, count, take, signal) => {
    whole ??= source.read(header.offset, header.byteLength, signal).then((bytes) => decodeNpy(header, bytes, source.name).data);
    const data = await whole.catch((error: unknown) => {
      whole = undefined; // a lost connection or an abort is not for ever
      throw error;
    });
    take(data.subarray(first, first + count), 0);
  };
}

async function openSafetensors(source: ByteSource, prefix: Uint8Array): Promise<OpenedFile> {
  const length = safetensorsHeaderLength(prefix, source.size, source.name);
  const { entries, metadata } = parseSafetensorsHeader(await source.read(8, length), source.size, source.name);
  const tensors = entries.map(({ name, dtype, shape, begin, end }): OpenedTensor => {
    const bytes = spanBytes(source, begin);
    if (!isReadable(dtype)) return { bytes, entry: { name, dtype, shape, bytes: end - begin, unfit: `has the dtype ${dtype}, and only ${READABLE_DTYPES.join(', ')} can be read` } };
    const unit = { bytes: BITS[dtype] / 8, numbers: 1 };
    return { bytes, entry: describe(name, dtype, shape, end - begin), numbers: spanNumbers(source, { begin, unit, decode: (piece) => decodeSafetensor(dtype, piece) }) };
  });
  return { format: 'safetensors', metadata, tensors };
}

/** The first guess at a GGUF header's length; bytes. */
const GGUF_PREFIX = 2 ** 20;

async function openGguf(source: ByteSource): Promise<OpenedFile> {
  let bytes = await source.read(0, Math.min(source.size, GGUF_PREFIX));
  let header = parseGguf(bytes, source.size, source.name);
  while (!header) {
    const longer = new Uint8Array(Math.min(source.size, 4 * bytes.length, MAX_GGUF_HEADER));
    longer.set(bytes);
    longer.set(await source.read(bytes.length, longer.length - bytes.length), bytes.length);
    bytes = longer;
    header = parseGguf(bytes, source.size, source.name);
  }
  const tensors = header.tensors.map(({ name, type, shape, begin, end, block }): OpenedTensor => {
    const bytes = spanBytes(source, begin);
    return block
      ? { bytes, entry: describe(name, type, shape, end - begin), numbers: spanNumbers(source, { begin, unit: block, decode: block.decode }) }
      : { bytes, entry: { name, dtype: type, shape, bytes: end - begin, unfit: `is stored as ${type}, which is not read here` } };
  });
  return { format: 'gguf', metadata: header.metadata, tensors };
}

/** Sentences for the files that people are most likely to drop by mistake. */
function refuseOtherFormats(source: ByteSource, prefix: Uint8Array): void {
  if (begins(prefix, [0x50, 0x4b, 3, 4])) throw new InputError(`${source.name} is a zip archive (an .npz or a PyTorch file), which cannot be read here.`, 'Save the tensor as .npy or .safetensors.');
  if (/\.safetensors$/i.test(source.name)) return;
  // Any other name: a safetensors header begins with an opening brace after its length.
  if (prefix[8] !== 0x7b) throw new InputError(`${source.name} is no ${READABLE_FILES} file.`, 'Save the tensor in one of these formats.');
}
