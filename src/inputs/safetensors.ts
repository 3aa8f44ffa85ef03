/**
 * The safetensors format (huggingface/safetensors, README "Format"): 8 bytes of header length, a JSON header that
 * names dtype, shape and byte span of every tensor, then the bytes. Like the official reader this one demands that
 * the spans cover the bytes exactly, without overlap and without holes.
 */

import { InputError } from './error';
import { decodeBf16s, decodeE4m3, decodeE5m2, decodeF16s, encodeBf16, encodeF16 } from './half';
import { duplicateKey, jsonText } from './json-keys';

export interface SafetensorsEntry {
  readonly name: string;
  /** As in the file: 'F32', 'BF16', … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Byte span, from the start of the file. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The official reader's own bound. */
export const MAX_HEADER = 100_000_000;

/** Bits of one number, for every dtype of the format. Only those of `DECODERS` can be read as numbers here. */
export const BITS: Readonly<Record<string, number>> = {
  BOOL: 8, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, I16: 16, U16: 16, F16: 16, BF16: 16,
  I32: 32, U32: 32, F32: 32, F64: 64, I64: 64, U64: 64, C64: 64, F4: 4, F6_E2M3: 6, F6_E3M2: 6,
};

const table = (decode: (code: number) => number, codes: number): Float32Array => Float32Array.from({ length: codes }, (_, code) => decode(code));
const E4M3 = table(decodeE4m3, 256);
const E5M2 = table(decodeE5m2, 256);
const dataView = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => Float32Array | Float64Array>> = {
  F64: (bytes) => new Float64Array(new Uint8Array(bytes).buffer),
  F32: (bytes) => new Float32Array(new Uint8Array(bytes).buffer),
  F16: decodeF16s,
  BF16: decodeBf16s,
  I8: (bytes) => Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)),
  U8: (bytes) => Float32Array.from(bytes),
  F8_E4M3: (bytes) => Float32Array.from(bytes, (code) => E4M3[code]),
  F8_E5M2: (bytes) => Float32Array.from(bytes, (code) => E5M2[code]),
};

export const READABLE_DTYPES: readonly string[] = Object.keys(DECODERS);

/** True when the dtype can be read as numbers. */
export const isReadable = (dtype: string): boolean => Object.hasOwn(DECODERS, dtype);

/** The numbers of one tensor, from exactly its bytes. */
export const decodeSafetensor = (dtype: string, bytes: Uint8Array): Float32Array | Float64Array => DECODERS[dtype](bytes);

const COPY = 'The file was cut short or is damaged; copy it again.';
const REWRITE = 'Write the file again with the safetensors library.';

/**
 * Bytes of the JSON header, from the first 8 bytes.
 * @param size of the whole file
 */
export function safetensorsHeaderLength(prefix: Uint8Array, size: number, name: string): number {
  if (size === 0) throw new InputError(`${name} is empty.`, 'Choose a .safetensors file that holds tensors.');
  if (prefix.length < 8) throw new InputError(`${name} is only ${size} bytes long, too short for the header of a .safetensors file.`, COPY);
  const claimed = dataView(prefix).getBigUint64(0, true);
  if (claimed > BigInt(MAX_HEADER)) {
    throw new InputError(`${name} announces a header of ${claimed} bytes, more than the 100 MB the format allows.`, 'It may not be a .safetensors file at all, or it is damaged.');
  }
  if (8 + Number(claimed) > size) throw new InputError(`${name} announces a header of ${claimed} bytes but is only ${size} bytes long.`, COPY);
  return Number(claimed);
}

/**
 * Reads and checks the header.
 * @param json the header's bytes
 * @param size of the whole file
 */
export function parseSafetensorsHeader(json: Uint8Array, size: number, name: string): SafetensorsHeader {
  const header = parseJson(json, name);
  const start = 8 + json.length;
  const { __metadata__: metadata, ...tensors } = header;
  if (metadata !== undefined && !(isRecord(metadata) && Object.values(metadata).every((v) => typeof v === 'string'))) {
    throw new InputError(`${name} has a __metadata__ entry that is not a table of texts.`, REWRITE);
  }
  const entries = Object.entries(tensors).map(([tensor, info]) => checkEntry(name, tensor, info, start, size));
  checkCover(name, entries, start, size);
  return { entries, metadata: (metadata ?? {}) as Record<string, string> };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);

function parseJson(bytes: Uint8Array, name: string): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${name} has a header that is not JSON.`, 'It may not be a .safetensors file at all, or it is damaged.', { cause });
  }
  if (!isRecord(header) || text[0] !== '{') throw new InputError(`${name} has a header that is not a table of tensors.`, REWRITE);
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new InputError(`${name} names "${shown(twice)}" twice in its header.`, REWRITE);
  return header;
}

function checkEntry(file: string, tensor: string, info: unknown, start: number, size: number): SafetensorsEntry {
  const label = `The tensor "${shown(tensor)}" of ${file}`;
  if (!isRecord(info)) throw new InputError(`${label} is not described by dtype, shape and data_offsets.`, REWRITE);
  const { dtype, shape, data_offsets: offsets } = info;
  if (typeof dtype !== 'string') throw new InputError(`${label} has no dtype.`, REWRITE);
  if (!Object.hasOwn(BITS, dtype)) {
    throw new InputError(`${label} has the dtype "${shown(dtype)}", which the format does not know.`, `Store it as one of ${READABLE_DTYPES.join(', ')}.`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw new InputError(`${label} has the shape ${shown(jsonText(shape))}, which is not a list of whole numbers from 0.`, REWRITE);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw new InputError(`${label} has the offsets ${shown(jsonText(offsets))}, which are not two whole numbers from 0.`, REWRITE);
  }
  const [begin, end] = offsets;
  if (begin > end || end > size - start) {
    throw new InputError(`${label} lies at bytes ${begin} to ${end}, but the data has bytes 0 to ${size - start}.`, COPY);
  }
  // A product that overflows is no safe integer and cannot equal the span, which is one.
  const count = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1);
  const needed = (count * BITS[dtype]) / 8;
  if (needed !== end - begin) {
    throw new InputError(`${label} is ${dtype} [${shape.join(', ')}] and needs ${needed} bytes, but its offsets span ${end - begin}.`, REWRITE);
  }
  return { name: tensor, dtype, shape, begin: start + begin, end: start + end };
}

function checkCover(file: string, entries: readonly SafetensorsEntry[], start: number, size: number): void {
  let at = start;
  let before = '';
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at) throw new InputError(`The tensors "${shown(before)}" and "${shown(name)}" of ${file} overlap: one ends at byte ${at - start}, the next begins at byte ${begin - start}.`, REWRITE);
    if (begin > at) throw new InputError(`${file} has ${begin - at} bytes before the tensor "${shown(name)}" that belong to no tensor.`, REWRITE);
    [at, before] = [end, name];
  }
  if (at !== size) throw new InputError(`${file} has ${size - at} bytes after its last tensor that belong to none.`, REWRITE);
}

const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

export interface TensorToWrite {
  readonly name: string;
  readonly dtype: 'F64' | 'F32' | 'F16' | 'BF16' | 'I8' | 'U8' | 'I32' | 'F8_E4M3' | 'F8_E5M2';
  readonly shape: readonly number[];
  /** Numbers; for the FP8 pair the codes 0 to 255. */
  readonly data: ArrayLike<number>;
}

const WRITERS: Readonly<Record<TensorToWrite['dtype'], (view: DataView, at: number, value: number) => void>> = {
  F64: (view, at, value) => view.setFloat64(at, value, true),
  F32: (view, at, value) => view.setFloat32(at, value, true),
  F16: (view, at, value) => view.setUint16(at, encodeF16(value), true),
  BF16: (view, at, value) => view.setUint16(at, encodeBf16(value), true),
  I32: (view, at, value) => view.setInt32(at, value, true),
  I8: (view, at, value) => view.setInt8(at, value),
  U8: (view, at, value) => view.setUint8(at, value),
  F8_E4M3: (view, at, value) => view.setUint8(at, value),
  F8_E5M2: (view, at, value) => view.setUint8(at, value),
};

export interface TensorToDescribe {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/**
 * The first part of a file: the header's length and the header, padded to 8 bytes. The tensors' bytes follow in the order given.
 * @throws RangeError for a name that is taken, or a dtype that the format does not know
 */
export function safetensorsPreamble(tensors: readonly TensorToDescribe[], metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const described = new Map<string, unknown>(Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []);
  let end = 0;
  for (const { name, dtype, shape } of tensors) {
    if (name === '__metadata__' || described.has(name)) throw new RangeError(`"${name}" cannot be the name of a further tensor.`);
    if (!Object.hasOwn(BITS, dtype)) throw new RangeError(`"${name}" has the dtype ${dtype}, which the format does not know.`);
    const begin = end;
    end += (shape.reduce((product, n) => product * n, 1) * BITS[dtype]) / 8;
    described.set(name, { dtype, shape, data_offsets: [begin, end] });
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(described)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength).fill(0x20, 8);
  dataView(bytes).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  return bytes;
}

/** Writes a file as the official library would: widest dtypes first, then by name; the header padded to 8 bytes. */
export function writeSafetensors(tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const sorted = [...tensors].sort((a, b) => BITS[b.dtype] - BITS[a.dtype] || (a.name < b.name ? -1 : 1));
  let size = 0;
  for (const { name, dtype, shape, data } of sorted) {
    const count = shape.reduce((product, n) => product * n, 1);
    if (count !== data.length) throw new RangeError(`"${name}" of shape [${shape.join(', ')}] needs ${count} numbers but was given ${data.length}.`);
    size += (count * BITS[dtype]) / 8;
  }
  const preamble = safetensorsPreamble(sorted, metadata);
  const bytes = new Uint8Array(preamble.length + size);
  bytes.set(preamble);
  const view = dataView(bytes);
  let at = preamble.length;
  for (const { dtype, data } of sorted) {
    for (let i = 0; i < data.length; i++, at += BITS[dtype] / 8) WRITERS[dtype](view, at, data[i]);
  }
  return bytes;
}
