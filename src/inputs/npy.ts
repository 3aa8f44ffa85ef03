/**
 * NumPy's .npy format, versions 1 to 3 (numpy.lib.format): magic, version, header length, a Python dict literal
 * with descr, fortran_order and shape, then the numbers. Nothing is allocated from a claim of the header
 * before the claim has been checked against the bytes at hand.
 */

import { InputError } from './error';
import { decodeF16, encodeF16 } from './half';

/** Numbers of a .npy file. 16-bit floats arrive as Float32Array, 64-bit integers as Float64Array (refused beyond 2^53). */
export type NpyData =
  | Float64Array | Float32Array
  | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** Little-endian, whatever the file's byte order was. */
export type NpyDtype = '<f8' | '<f4' | '<f2' | '|i1' | '|u1' | '<i2' | '<u2' | '<i4' | '<u4' | '<i8' | '<u8' | '|b1';

export interface NpyHeader {
  readonly dtype: NpyDtype;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the numbers begin, and how many bytes they take. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface NpyArray {
  readonly dtype: NpyDtype;
  readonly shape: readonly number[];
  /** Row-major (C order), whatever the file's order was. */
  readonly data: NpyData;
}

export const NPY_MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

interface Kind {
  readonly bytes: number;
  readonly make: (count: number) => NpyData;
  readonly get: (view: DataView, at: number, little: boolean) => number;
  readonly put: (view: DataView, at: number, value: number) => void;
  /** Whole numbers and their range; absent for floats. */
  readonly range?: readonly [number, number];
}

const SAFE = Number.MAX_SAFE_INTEGER;

function wide(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is beyond 2^53`);
  return number;
}

const KINDS: Readonly<Record<NpyDtype, Kind>> = {
  '<f8': { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, le) => v.getFloat64(at, le), put: (v, at, x) => v.setFloat64(at, x, true) },
  '<f4': { bytes: 4, make: (n) => new Float32Array(n), get: (v, at, le) => v.getFloat32(at, le), put: (v, at, x) => v.setFloat32(at, x, true) },
  '<f2': { bytes: 2, make: (n) => new Float32Array(n), get: (v, at, le) => decodeF16(v.getUint16(at, le)), put: (v, at, x) => v.setUint16(at, encodeF16(x), true) },
  '|i1': { bytes: 1, make: (n) => new Int8Array(n), get: (v, at) => v.getInt8(at), put: (v, at, x) => v.setInt8(at, x), range: [-128, 127] },
  '|u1': { bytes: 1, make: (n) => new Uint8Array(n), get: (v, at) => v.getUint8(at), put: (v, at, x) => v.setUint8(at, x), range: [0, 255] },
  '<i2': { bytes: 2, make: (n) => new Int16Array(n), get: (v, at, le) => v.getInt16(at, le), put: (v, at, x) => v.setInt16(at, x, true), range: [-32768, 32767] },
  '<u2': { bytes: 2, make: (n) => new Uint16Array(n), get: (v, at, le) => v.getUint16(at, le), put: (v, at, x) => v.setUint16(at, x, true), range: [0, 65535] },
  '<i4': { bytes: 4, make: (n) => new Int32Array(n), get: (v, at, le) => v.getInt32(at, le), put: (v, at, x) => v.setInt32(at, x, true), range: [-(2 ** 31), 2 ** 31 - 1] },
  '<u4': { bytes: 4, make: (n) => new Uint32Array(n), get: (v, at, le) => v.getUint32(at, le), put: (v, at, x) => v.setUint32(at, x, true), range: [0, 2 ** 32 - 1] },
  '<i8': { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, le) => wide(v.getBigInt64(at, le)), put: (v, at, x) => v.setBigInt64(at, BigInt(x), true), range: [-SAFE, SAFE] },
  '<u8': { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, le) => wide(v.getBigUint64(at, le)), put: (v, at, x) => v.setBigUint64(at, BigInt(x), true), range: [0, SAFE] },
  '|b1': { bytes: 1, make: (n) => new Uint8Array(n), get: (v, at) => (v.getUint8(at) ? 1 : 0), put: (v, at, x) => v.setUint8(at, x), range: [0, 1] },
};

/** Bytes of one number. */
export const npyItemBytes = (dtype: NpyDtype): number => KINDS[dtype].bytes;

const RESAVE = 'Save it again with numpy.save as float32.';

/** Bytes that surely hold the header of an ordinary file; see `npyHeaderLength`. */
export const NPY_PREFIX = 12;

/**
 * Bytes from the start of the file to its numbers, from the first 12 bytes.
 * @param size of the whole file
 */
export function npyHeaderLength(prefix: Uint8Array, size: number, name: string): number {
  if (size === 0) throw new InputError(`${name} is empty.`, 'Choose a .npy file that holds an array.');
  if (NPY_MAGIC.some((byte, i) => prefix[i] !== byte)) {
    throw new InputError(`${name} does not begin with the .npy signature (\\x93NUMPY).`, 'Choose a file written by numpy.save, or a .safetensors or .gguf file.');
  }
  const truncated = new InputError(`${name} ends inside its header.`, 'The file was cut short; copy it again.');
  if (prefix.length < 10) throw truncated;
  const major = prefix[6];
  if (major < 1 || major > 3) {
    throw new InputError(`${name} is .npy version ${major}.${prefix[7]}, and only versions 1 to 3 are known.`, RESAVE);
  }
  if (major > 1 && prefix.length < 12) throw truncated;
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > size) {
    throw new InputError(`${name} announces a header of ${length} bytes but is only ${size} bytes long.`, 'The file was cut short or is damaged; copy it again.');
  }
  if (length > 1 << 20) throw new InputError(`${name} announces a header of ${length} bytes, far more than an array needs.`, RESAVE);
  return start + length;
}

/**
 * @param bytes the file from its start to at least the end of its header
 * @param size of the whole file: the array must end exactly there
 */
export function readNpyHeader(bytes: Uint8Array, size: number, name: string): NpyHeader {
  const offset = npyHeaderLength(bytes, size, name);
  const start = bytes[6] === 1 ? 10 : 12;
  const fields = parseHeaderDict(new TextDecoder('latin1').decode(bytes.subarray(start, offset)), name);
  const count = fields.shape.reduce((product, n) => product * n, 1);
  const byteLength = count * KINDS[fields.dtype].bytes;
  if (offset + byteLength !== size) {
    throw new InputError(
      `${name} should hold [${fields.shape.join(', ')}] numbers of ${KINDS[fields.dtype].bytes} bytes, which is ${byteLength} bytes, but ${size - offset} follow its header.`,
      offset + byteLength > size ? 'The file was cut short; copy it again.' : RESAVE,
    );
  }
  return { ...fields, offset, byteLength };
}

/** The numbers of one array. `bytes` are exactly the `byteLength` bytes at `offset`. */
export function decodeNpy(header: NpyHeader, bytes: Uint8Array, name: string): NpyArray {
  const { dtype, shape, bigEndian, fortranOrder } = header;
  const kind = KINDS[dtype];
  const count = bytes.length / kind.bytes;
  const data = kind.make(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const direct = !bigEndian && data.byteLength === bytes.length && dtype !== '|b1' && dtype !== '<i8' && dtype !== '<u8';
  if (direct) {
    new Uint8Array(data.buffer).set(bytes);
  } else {
    try {
      for (let i = 0; i < count; i++) data[i] = kind.get(view, i * kind.bytes, !bigEndian);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new InputError(`${name} holds a 64-bit integer beyond 2^53, which cannot be kept exactly.`, RESAVE, { cause: error });
    }
  }
  return { dtype, shape, data: fortranOrder && shape.length > 1 ? toRowMajor(data, shape, kind.make(count)) : data };
}

/** Reads a whole .npy file. @throws InputError on anything that is not exactly one array of a known dtype */
export function readNpy(bytes: Uint8Array, name = 'The .npy file'): NpyArray {
  const header = readNpyHeader(bytes, bytes.length, name);
  return decodeNpy(header, bytes.subarray(header.offset), name);
}

/** Writes version 1.0, little-endian, C order. Integers must be whole and in the dtype's range. */
export function writeNpy(dtype: NpyDtype, shape: readonly number[], data: ArrayLike<number>): Uint8Array {
  const kind = KINDS[dtype];
  const count = shape.reduce((product, n) => product * n, 1);
  if (count !== data.length) throw new RangeError(`A .npy array of shape [${shape.join(', ')}] needs ${count} numbers but was given ${data.length}.`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const header = `${dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + header.length + count * kind.bytes);
  const view = new DataView(bytes.buffer);
  bytes.set([...NPY_MAGIC, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  for (let i = 0, at = 10 + header.length; i < count; i++, at += kind.bytes) {
    const value = data[i];
    if (kind.range && !(Number.isInteger(value) && value >= kind.range[0] && value <= kind.range[1])) {
      throw new RangeError(`${value} at position ${i} does not fit the dtype ${dtype}.`);
    }
    kind.put(view, at, value);
  }
  return bytes;
}

const ENTRY = /^\s*'(descr|fortran_order|shape)'\s*:\s*(?:'([^']*)'|(True|False)|\(([\d\s,L]*)\))\s*(,|$)/;

/** The dict is a Python literal; only the three entries that numpy.save writes are accepted, in any order. */
function parseHeaderDict(text: string, name: string): Pick<NpyHeader, 'dtype' | 'bigEndian' | 'fortranOrder' | 'shape'> {
  const unreadable = (): InputError => new InputError(`${name} has a header that cannot be read: ${JSON.stringify(text.trim().slice(0, 80))}.`, RESAVE);
  const body = /^\s*\{([^]*)\}\s*$/.exec(text.replaceAll('"', "'"))?.[1];
  if (body === undefined) throw unreadable();
  if (/'descr'\s*:\s*[[(]/.test(body)) throw new InputError(`${name} holds records (a structured dtype), not plain numbers.`, 'Save one field of it as float32.');
  const found = new Map<string, RegExpExecArray>();
  for (let rest = body; rest.trim() !== '';) {
    const entry = ENTRY.exec(rest);
    if (!entry || found.has(entry[1])) throw unreadable();
    found.set(entry[1], entry);
    rest = rest.slice(entry[0].length);
  }
  const descr = found.get('descr')?.[2];
  const order = found.get('fortran_order')?.[3];
  const tuple = found.get('shape')?.[4];
  if (descr === undefined || order === undefined || tuple === undefined) throw unreadable();
  const extents = tuple.replaceAll('L', '').trim().replace(/,\s*$/, '');
  const shape = extents === '' ? [] : extents.split(',').map((n) => (/^\s*\d+\s*$/.test(n) ? Number(n) : Number.NaN));
  if (shape.some((n) => !Number.isSafeInteger(n)) || (shape.length === 1 && !tuple.includes(','))) throw unreadable();
  if (shape.length > 32) throw unreadable();
  return { ...parseDescr(descr, name), fortranOrder: order === 'True', shape };
}

function parseDescr(descr: string, name: string): { dtype: NpyDtype; bigEndian: boolean } {
  const match = /^([<>=|]?)([a-zA-Z]\d*)$/.exec(descr);
  const little = match && (Number(match[2].slice(1)) === 1 ? `|${match[2]}` : `<${match[2]}`);
  if (!little || !(little in KINDS)) {
    const reason = match?.[2].startsWith('O') ? ' (Python objects)' : '';
    throw new InputError(`${name} has the dtype "${descr.slice(0, 40)}"${reason}, which cannot be read.`, 'Save it as float64, float32, float16, an integer or a bool type.');
  }
  return { dtype: little as NpyDtype, bigEndian: match[1] === '>' };
}

/** Fortran order to C order, any number of dimensions. */
function toRowMajor(data: NpyData, shape: readonly number[], out: NpyData): NpyData {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  for (let i = 0, from = 0; i < data.length; i++) {
    out[i] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
