/**
 * The GGUF format, versions 2 and 3, little-endian (ggml-org/ggml, docs/gguf.md; llama.cpp, ggml/src/gguf.cpp): magic,
 * version, counts, metadata, tensor descriptions, then the tensors, each at a multiple of the alignment. The header
 * does not say how long it is, so it is read from a growing prefix of the file.
 */

import { InputError } from './error';
import { BLOCK_TYPES, typeName, type BlockType } from './gguf-blocks';

export const GGUF_MAGIC = [0x47, 0x47, 0x55, 0x46];

/** Headers of real models take a few megabytes, of which most is the vocabulary. */
export const MAX_GGUF_HEADER = 100_000_000;

export interface GgufTensor {
  readonly name: string;
  /** 'Q4_K' */
  readonly type: string;
  /** Slowest dimension first, as a weight is written: [out, in]. The file has them the other way round. */
  readonly shape: readonly number[];
  /** Byte span, from the start of the file; with the padding after it where the type is not read here. */
  readonly begin: number;
  readonly end: number;
  /** Absent when the type is not read here. */
  readonly block?: BlockType;
}

export interface GgufHeader {
  readonly version: number;
  /** As text; long lists as their count. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In the file's order. */
  readonly tensors: readonly GgufTensor[];
}

const DAMAGED = 'The file was cut short or is damaged; copy it again.';
const CONVERT = 'Convert the model again with a current llama.cpp.';
const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** The prefix ends before the header does, and the file goes on. */
class NeedsMore extends Error {}

/** Reads numbers from a prefix; every length is checked against the whole file before it is used. */
class Cursor {
  private at = 0;
  private readonly view: DataView;
  constructor(private readonly bytes: Uint8Array, private readonly size: number, private readonly name: string) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.at;
  }

  /** Where the next `length` bytes begin. */
  skip(length: number): number {
    const begin = this.at;
    if (begin + length > this.size) throw new InputError(`${this.name} ends inside its header.`, DAMAGED);
    if (begin + length > this.bytes.length) throw new NeedsMore();
    this.at += length;
    return begin;
  }

  u32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.skip(8), true);
  }

  /** A count of things that take at least `least` bytes each. */
  count(least: number, what: string): number {
    const claimed = this.u64();
    const rest = this.size - this.at;
    if (claimed * BigInt(least) > BigInt(rest)) throw new InputError(`${this.name} announces ${claimed} ${what}, but only ${rest} bytes follow.`, DAMAGED);
    return Number(claimed);
  }

  text(what: string): string {
    const length = this.count(1, `bytes for ${what}`);
    const begin = this.skip(length);
    return UTF8.decode(this.bytes.subarray(begin, begin + length));
  }

  /** A number or truth value of the metadata, as text. */
  scalar({ bytes, get }: Scalar): string {
    return get(this.view, this.skip(bytes));
  }
}

const UTF8 = new TextDecoder();

interface Scalar {
  readonly bytes: number;
  readonly get: (view: DataView, at: number) => string;
}

const scalar = (bytes: number, get: (view: DataView, at: number) => number | bigint | boolean): Scalar => ({ bytes, get: (view, at) => String(get(view, at)) });

/** By the number of the metadata type; 8 is a text and 9 a list. */
const SCALARS: Readonly<Record<number, Scalar>> = {
  0: scalar(1, (v, at) => v.getUint8(at)), 1: scalar(1, (v, at) => v.getInt8(at)),
  2: scalar(2, (v, at) => v.getUint16(at, true)), 3: scalar(2, (v, at) => v.getInt16(at, true)),
  4: scalar(4, (v, at) => v.getUint32(at, true)), 5: scalar(4, (v, at) => v.getInt32(at, true)),
  6: scalar(4, (v, at) => shortest(v.getFloat32(at, true))), 7: scalar(1, (v, at) => v.getUint8(at) !== 0),
  10: scalar(8, (v, at) => v.getBigUint64(at, true)), 11: scalar(8, (v, at) => v.getBigInt64(at, true)), 12: scalar(8, (v, at) => v.getFloat64(at, true)),
};
/** The shortest decimal that is this float32: 1e-5, not 0.000009999999747. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return value;
}

const TEXT = 8;
const LIST = 9;
const MAX_DEPTH = 8;
const LISTED = 16;

/**
 * Reads the header.
 * @param prefix the file from its start
 * @param size of the whole file
 * @returns undefined when the header is longer than the prefix
 * @throws InputError when the file is no GGUF file that is read here, or malformed
 */
export function parseGguf(prefix: Uint8Array, size: number, name: string): GgufHeader | undefined {
  try {
    return parse(new Cursor(prefix, size, name), size, name);
  } catch (error) {
    if (!(error instanceof NeedsMore)) throw error;
    if (prefix.length >= MAX_GGUF_HEADER) throw new InputError(`${name} has a header of more than ${MAX_GGUF_HEADER / 1e6} MB, far more than a model needs.`, CONVERT);
    return undefined;
  }
}

function parse(cursor: Cursor, size: number, name: string): GgufHeader {
  const magic = cursor.u32();
  if (magic !== 0x46554747) throw new InputError(`${name} does not begin with the signature GGUF.`, 'Choose a .gguf file.');
  const version = cursor.u32();
  if ((version & 0xffff) === 0 && version !== 0) throw new InputError(`${name} is a big-endian GGUF file, and only little-endian ones are read here.`, 'Convert it with gguf_convert_endian.py of llama.cpp.');
  if (version !== 2 && version !== 3) throw new InputError(`${name} is GGUF version ${version}, and only versions 2 and 3 are known.`, CONVERT);
  const tensorCount = cursor.count(24, 'tensors');
  const metadataCount = cursor.count(13, 'metadata entries');
  const metadata = new Map<string, { type: number; text: string }>();
  for (let i = 0; i < metadataCount; i++) {
    const key = cursor.text('a metadata name');
    if (metadata.has(key)) throw new InputError(`${name} names the metadata entry "${shown(key)}" twice.`, CONVERT);
    const type = cursor.u32();
    metadata.set(key, { type, text: readValue(cursor, type, name, key, 0) });
  }
  const alignment = alignmentOf(metadata.get('general.alignment'), name);
  const described: Description[] = [];
  for (let i = 0; i < tensorCount; i++) described.push(readDescription(cursor, name));
  const data = Math.ceil(cursor.position / alignment) * alignment;
  return { version, metadata: Object.fromEntries([...metadata].map(([key, { text }]) => [key, text])), tensors: place(described, data, alignment, size, name) };
}

function readValue(cursor: Cursor, type: number, name: string, key: string, depth: number): string {
  if (type === TEXT) return cursor.text(`the metadata entry "${shown(key)}"`);
  if (type in SCALARS) return cursor.scalar(SCALARS[type]);
  if (type !== LIST) throw new InputError(`${name} gives the metadata entry "${shown(key)}" the type ${type}, which the format does not know.`, CONVERT);
  if (depth === MAX_DEPTH) throw new InputError(`${name} nests the lists of the metadata entry "${shown(key)}" more than ${MAX_DEPTH} deep.`, CONVERT);
  const of = cursor.u32();
  const item = SCALARS[of];
  if (!item && of !== TEXT && of !== LIST) throw new InputError(`${name} gives the metadata entry "${shown(key)}" items of type ${of}, which the format does not know.`, CONVERT);
  // A text takes at least its length, a list its item type and count.
  const count = cursor.count(item?.bytes ?? (of === TEXT ? 8 : 12), `items for the metadata entry "${shown(key)}"`);
  const items: string[] = [];
  if (count <= LISTED) {
    for (let i = 0; i < count; i++) items.push(readValue(cursor, of, name, key, depth + 1));
    return `[${items.join(', ')}]`;
  }
  if (item) cursor.skip(item.bytes * count);
  else for (let i = 0; i < count; i++) {
    if (of === TEXT) cursor.skip(cursor.count(1, 'bytes for a text'));
    else readValue(cursor, of, name, key, depth + 1);
  }
  return `${count} ${of === TEXT ? 'texts' : of === LIST ? 'lists' : 'values'}`;
}

function alignmentOf(entry: { type: number; text: string } | undefined, name: string): number {
  if (!entry) return 32;
  const alignment = Number(entry.text);
  if (entry.type !== 4 || alignment === 0 || !Number.isInteger(Math.log2(alignment))) {
    throw new InputError(`${name} has the alignment ${shown(entry.text)}, which is not a power of two in 32 bits.`, CONVERT);
  }
  return alignment;
}

interface Description {
  readonly name: string;
  readonly type: number;
  readonly shape: readonly number[];
  readonly offset: bigint;
}

function readDescription(cursor: Cursor, file: string): Description {
  const name = cursor.text('the name of a tensor');
  const label = `The tensor "${shown(name)}" of ${file}`;
  const dimensions = cursor.u32();
  if (dimensions > 4) throw new InputError(`${label} has ${dimensions} dimensions, more than the 4 that the format allows.`, DAMAGED);
  const sizes = Array.from({ length: dimensions }, () => cursor.u64());
  const large = sizes.find((n) => n > BigInt(Number.MAX_SAFE_INTEGER));
  if (large !== undefined) throw new InputError(`${label} has a dimension of ${large}, more than any file holds.`, DAMAGED);
  return { name, shape: sizes.map(Number).reverse(), type: cursor.u32(), offset: cursor.u64() };
}

/** Finds each tensor's bytes and checks that they lie in the file, aligned, and in no other tensor's. */
function place(described: readonly Description[], data: number, alignment: number, size: number, file: string): readonly GgufTensor[] {
  const names = new Set<string>();
  const room = Math.max(0, size - data);
  const offsets = described.map(({ name, offset }) => {
    if (names.has(name)) throw new InputError(`${file} has the tensor "${shown(name)}" twice.`, CONVERT);
    names.add(name);
    if (offset > BigInt(room) || Number(offset) % alignment !== 0) {
      throw new InputError(`The tensor "${shown(name)}" of ${file} begins at byte ${offset} of the data, which is ${Number(offset) % alignment === 0 ? `only ${room} bytes long` : `no multiple of ${alignment}`}.`, DAMAGED);
    }
    return Number(offset);
  });
  const sorted = [...offsets, room].sort((a, b) => a - b);
  const tensors = described.map(({ name, type, shape }, i): GgufTensor => {
    const label = `The tensor "${shown(name)}" of ${file}`;
    const begin = offsets[i];
    const block = BLOCK_TYPES.get(type);
    // Of a type that is not read here: up to the next tensor, or the end of the file.
    if (!block) return { name, type: typeName(type), shape, begin: data + begin, end: data + (shape.includes(0) ? begin : (sorted[upperBound(sorted, begin)] ?? room)) };
    const cols = shape.at(-1) ?? 1;
    if (cols % block.numbers !== 0) throw new InputError(`${label} is ${block.name} with rows of ${cols} numbers, no multiple of its blocks of ${block.numbers}.`, DAMAGED);
    const count = shape.includes(0) ? 0 : shape.reduce((a, b) => a * b, 1);
    const bytes = (count / block.numbers) * block.bytes;
    if (bytes > room - begin) throw new InputError(`${label} is ${block.name} [${shape.join(', ')}] and needs ${bytes} bytes, but only ${room - begin} follow.`, DAMAGED);
    return { name, type: block.name, shape, begin: data + begin, end: data + begin + bytes, block };
  });
  const filled = tensors.filter(({ begin, end }) => end > begin).sort((a, b) => a.begin - b.begin);
  for (let i = 1; i < filled.length; i++) {
    const [before, after] = [filled[i - 1], filled[i]];
    if (before.end > after.begin) throw new InputError(`The tensors "${shown(before.name)}" and "${shown(after.name)}" of ${file} overlap: one ends at byte ${before.end}, the next begins at byte ${after.begin}.`, DAMAGED);
  }
  return tensors;
}

/** The index of the first number that is larger. */
function upperBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
