/** Reads a quantized file back: the weights of any rows, from those rows' parts only. */

import { decodeE4m3 } from '../../kernels/formats';
import { unpackBits } from '../../kernels/formats/bits';
import { InputError } from '../inputs/error';
import { decodeF16 } from '../inputs/half';
import type { Model } from '../inputs/model';
import type { Csr } from '../quant/csr';
import { isReportMethod } from './options';
import type { ReportControl, ReportMethodId } from './contract';
import type { TensorLayout } from './export';
import { squaredDifference } from './measure';
import { DTYPE_BYTES, LAYOUT_KEY, LAYOUT_VERSION, partsOf, type PartName, type PartSpec } from './parts';
import { BLOCK } from './rows';
import { decode, type Encoded, type ScaleType, type Scheme } from './scheme';

export interface QuantizedTensor {
  readonly name: string;
  readonly method: ReportMethodId;
  readonly bits: number;
  readonly shape: readonly number[];
  readonly matrix: readonly [number, number];
  /** As the original stored it. */
  readonly dtype: string;
  /** As it was measured when the file was written. */
  readonly relativeError: number;
  readonly bytes: number;
}

export interface QuantizedModel {
  readonly name: string;
  /** Name of the file that was quantized. */
  readonly source: string;
  readonly tensors: readonly QuantizedTensor[];
  readonly kept: readonly string[];
  readonly omitted: Readonly<Record<string, string>>;
  /** Ŵ, rows [begin, end), [end − begin, cols]. */
  readRows(tensor: string, begin: number, end: number, signal?: AbortSignal): Promise<Float32Array>;
}

export const isQuantized = (model: Model): boolean => Object.hasOwn(model.metadata, LAYOUT_KEY);

const REWRITE = 'Export the model again.';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isShape = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);

/** @throws InputError when the description is not what this version writes, or a part is missing or has another size */
export function readQuantized(model: Model): Promise<QuantizedModel> {
  return Promise.resolve().then(() => open(model));
}

function open(model: Model): QuantizedModel {
  const description = parse(model);
  const stored = new Map(model.tensors.map((t) => [t.name, t]));
  const opened = new Map<string, Opened>();
  for (const [name, value] of Object.entries(description.tensors)) opened.set(name, openTensor(model, stored, name, value));
  return {
    name: model.name,
    source: description.source,
    tensors: [...opened.values()].map((o) => o.tensor),
    kept: description.kept,
    omitted: description.omitted,
    async readRows(tensor, begin, end, signal) {
      const found = opened.get(tensor);
      if (!found) throw new InputError(`${model.name} has no quantized tensor "${tensor}".`, 'Choose one of its tensors.');
      if (!(begin >= 0 && begin <= end && end <= found.scheme.rows)) throw new RangeError(`Rows ${begin} to ${end} of ${tensor}, which has ${found.scheme.rows}.`);
      found.ready ??= wholeParts(model, found, signal).catch((error: unknown) => {
        found.ready = undefined; // a lost connection or an abort is not for ever
        throw error;
      });
      const scheme = await found.ready;
      return decode(scheme, await readBlock(model, found, begin, end, signal));
    },
  };
}

interface Description {
  readonly source: string;
  readonly tensors: Readonly<Record<string, unknown>>;
  readonly kept: readonly string[];
  readonly omitted: Readonly<Record<string, string>>;
}

function parse(model: Model): Description {
  const refuse = (what: string): never => {
    throw new InputError(`${model.name} ${what}.`, REWRITE);
  };
  if (!isQuantized(model)) return refuse(`has no description of quantized tensors ("${LAYOUT_KEY}" in its metadata)`);
  let json: unknown;
  try {
    json = JSON.parse(model.metadata[LAYOUT_KEY]);
  } catch {
    return refuse('describes its quantized tensors in a text that is not JSON');
  }
  if (!isRecord(json) || !isRecord(json.tensors)) return refuse('describes its quantized tensors in another way than this version does');
  const { version, source, tensors, kept = [], omitted = {} } = json;
  if (version !== LAYOUT_VERSION) return refuse(`is laid out by version ${JSON.stringify(version)}, and only version ${LAYOUT_VERSION} is known`);
  const texts = (list: unknown): list is string[] => Array.isArray(list) && list.every((v) => typeof v === 'string');
  if (typeof source !== 'string' || !texts(kept) || !isRecord(omitted) || !texts(Object.values(omitted))) return refuse('has an incomplete description of its quantized tensors');
  return { source, tensors, kept, omitted: omitted as Record<string, string> };
}

interface Opened {
  readonly tensor: QuantizedTensor;
  readonly scheme: Scheme;
  readonly parts: ReadonlyMap<PartName, PartSpec>;
  /** The scheme with its whole parts (tensor scale, down factor), once read. */
  ready?: Promise<Scheme>;
}

type Stored = ReadonlyMap<string, Model['tensors'][number]>;

function openTensor(model: Model, stored: Stored, name: string, value: unknown): Opened {
  const refuse = (what: string): never => {
    throw new InputError(`The quantized tensor "${name}" of ${model.name} ${what}.`, REWRITE);
  };
  const layout = isLayout(value) ? value : refuse('is not described by method, bits, shape and matrix');
  const [rows, cols] = layout.matrix;
  const product = layout.shape.reduce((a, b) => a * b, 1);
  if (product !== rows * cols || product === 0) refuse(`has the shape [${layout.shape.join(', ')}], which is no matrix of ${rows} × ${cols}`);
  const find = (part: PartName): Model['tensors'][number] | undefined => stored.get(`${name}.${part}`);
  const floats = (['scales', 'codebook'] as const).map((part) => find(part)?.dtype).find((dtype) => dtype === 'F32') === 'F32' ? 'F32' : 'F16';
  const id = layout.method;
  const types: Partial<Record<ReportMethodId, ScaleType>> = { rtn: floats, nf4: floats, svdquant: floats, nvfp4: 'F8_E4M3', mxfp4: 'F8_E8M0' };
  const type = types[id];
  if (type && !(isCount(layout.group) && layout.group > 0)) refuse('does not say how many weights share a scale');
  const scheme: Scheme = {
    id, bits: layout.bits, rows, cols, floats, rank: layout.rank ?? 0, down: new Float32Array(0), sparse: id === 'dense-and-sparse',
    ...(type ? { scaled: { group: layout.group ?? 1, type, tensorScale: 1 } } : {}),
  };
  const parts = partsOf(scheme, find('sparse.cols')?.shape[0] ?? 0);
  let bytes = 0;
  for (const { part, dtype, shape } of parts) {
    const found = find(part);
    if (!found) return refuse(`has no part "${part}"`);
    if (found.dtype !== dtype || found.shape.join() !== shape.join()) return refuse(`has a part "${part}" of ${found.dtype} [${found.shape.join(', ')}] where ${dtype} [${shape.join(', ')}] belongs`);
    bytes += found.bytes;
  }
  const tensor = { name, method: id, bits: layout.bits, shape: layout.shape, matrix: layout.matrix, dtype: layout.dtype, relativeError: layout.relativeError, bytes };
  return { tensor, scheme, parts: new Map(parts.map((p) => [p.part, p])) };
}

function isLayout(value: unknown): value is TensorLayout & { readonly method: ReportMethodId } {
  return isRecord(value) && typeof value.method === 'string' && isReportMethod(value.method) && isCount(value.bits) && value.bits >= 2 && value.bits <= 8
    && isShape(value.shape) && isShape(value.matrix) && value.matrix.length === 2 && typeof value.dtype === 'string' && typeof value.relativeError === 'number'
    && (value.rank === undefined || isCount(value.rank));
}

async function wholeParts(model: Model, opened: Opened, signal?: AbortSignal): Promise<Scheme> {
  const { scheme } = opened;
  const down = scheme.rank > 0 ? await floatsOf(model, opened, 'lowrank.down', 0, scheme.rank * scheme.cols, signal) : scheme.down;
  if (scheme.id !== 'nvfp4' || !scheme.scaled) return { ...scheme, down };
  const [tensorScale] = await floatsOf(model, opened, 'tensor_scale', 0, 1, signal);
  return { ...scheme, down, scaled: { ...scheme.scaled, tensorScale } };
}

async function readBlock(model: Model, opened: Opened, begin: number, end: number, signal?: AbortSignal): Promise<Encoded> {
  const { scheme, parts } = opened;
  const rows = end - begin;
  const perRow = (part: PartName): number => parts.get(part)?.shape[1] ?? 0;
  const read = (part: PartName): Promise<Float32Array> => floatsOf(model, opened, part, begin * perRow(part), rows * perRow(part), signal);
  const words = await wordsOf(model, opened, 'codes', begin * perRow('codes'), rows * perRow('codes'), signal);
  return {
    rows,
    codes: unpackBits(words, rows, scheme.cols, scheme.bits),
    ...(scheme.scaled ? { scales: await read('scales') } : { book: await read('codebook') }),
    ...(scheme.rank > 0 ? { up: await read('lowrank.up') } : {}),
    ...(scheme.sparse ? { sparse: await readSparse(model, opened, begin, end, signal) } : {}),
  };
}

async function readSparse(model: Model, opened: Opened, begin: number, end: number, signal?: AbortSignal): Promise<Csr> {
  const { tensor, scheme, parts } = opened;
  const pointers = await wordsOf(model, opened, 'sparse.rowptr', begin, end - begin + 1, signal);
  const nonzeros = parts.get('sparse.cols')?.shape[0] ?? 0;
  const refuse = (what: string): never => {
    throw new InputError(`The sparse part of the tensor "${tensor.name}" of ${model.name} ${what}.`, REWRITE);
  };
  for (let n = 0; n + 1 < pointers.length; n++) if (pointers[n] > pointers[n + 1]) refuse(`has row pointers that fall at row ${begin + n}`);
  const [first, last] = [pointers[0], pointers[pointers.length - 1]];
  if (last > nonzeros) refuse(`points to value ${last}, but holds ${nonzeros}`);
  const cols = await wordsOf(model, opened, 'sparse.cols', first, last - first, signal);
  if (cols.some((k) => k >= scheme.cols)) refuse(`names a column beyond ${scheme.cols}`);
  return { rowptr: pointers.map((at) => at - first), cols, values: await floatsOf(model, opened, 'sparse.values', first, last - first, signal) };
}

/** Numbers [first, first + count) of a part, as bytes of their own. */
async function bytesOf(model: Model, { tensor, parts }: Opened, part: PartName, first: number, count: number, signal?: AbortSignal): Promise<Uint8Array> {
  const size = DTYPE_BYTES[parts.get(part)?.dtype ?? 'U8'];
  if (count === 0) return new Uint8Array(0);
  return new Uint8Array(await model.readBytes(`${tensor.name}.${part}`, first * size, (first + count) * size, signal));
}

const wordsOf = async (model: Model, opened: Opened, part: PartName, first: number, count: number, signal?: AbortSignal): Promise<Uint32Array> =>
  new Uint32Array((await bytesOf(model, opened, part, first, count, signal)).buffer);

async function floatsOf(model: Model, opened: Opened, part: PartName, first: number, count: number, signal?: AbortSignal): Promise<Float32Array> {
  const bytes = await bytesOf(model, opened, part, first, count, signal);
  const dtype = opened.parts.get(part)?.dtype;
  if (dtype === 'F32') return new Float32Array(bytes.buffer);
  if (dtype === 'F16') return Float32Array.from(new Uint16Array(bytes.buffer), decodeF16);
  return Float32Array.from(bytes, dtype === 'F8_E4M3' ? decodeE4m3 : (code) => 2 ** (code - 127));
}

/** ‖Ŵ − W‖ / ‖W‖ of a tensor of a quantized file against the original, block by block. */
export async function compareQuantized(original: Model, quantized: QuantizedModel, tensor: string, { signal, pause }: Pick<ReportControl, 'signal' | 'pause'>): Promise<number> {
  const [known, found] = [quantized.tensors.find((t) => t.name === tensor), original.tensors.find((t) => t.name === tensor)];
  if (!known) throw new InputError(`${quantized.name} has no quantized tensor "${tensor}".`, 'Choose one of its tensors.');
  if (found?.matrix?.join() !== known.matrix.join()) throw new InputError(`${original.name} has no tensor "${tensor}" of ${known.matrix.join(' × ')}.`, 'Open the file that was quantized.');
  const [rows, cols] = known.matrix;
  const step = Math.max(1, Math.floor(BLOCK / cols));
  let [error, norm] = [0, 0];
  for (let begin = 0; begin < rows; begin += step) {
    await pause();
    signal.throwIfAborted();
    const end = Math.min(rows, begin + step);
    const w = await original.readRows(tensor, begin, end, signal);
    error += squaredDifference(await quantized.readRows(tensor, begin, end, signal), w);
    for (let i = 0; i < w.length; i++) norm += w[i] * w[i];
  }
  return norm === 0 ? 0 : Math.sqrt(error / norm);
}
