/**
 * A model in several .safetensors files. Its index (as the transformers library writes it: "weight_map" gives the
 * file of every tensor) says which files belong to it; files that are not there leave their tensors out.
 */

import { InputError } from './error';
import { duplicateKey, jsonText } from './json-keys';
import { openFile } from './open-file';
import type { OpenedFile, OpenedTensor } from './opened';
import type { ByteSource } from './source';

export interface ShardIndex {
  /** Of the index, values as text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The file of every tensor, in the index's order. */
  readonly fileOf: ReadonlyMap<string, string>;
  /** Every file, once. */
  readonly files: readonly string[];
}

export const isIndexName = (file: string): boolean => /\.json$/i.test(file);

const MAX_INDEX = 100_000_000;
const REWRITE = 'Fetch or save the model again, with its index.';
const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws InputError when it is no such index */
export async function readIndex(source: ByteSource): Promise<ShardIndex> {
  if (source.size > MAX_INDEX) throw new InputError(`${source.name} is ${source.size} bytes long, far more than an index needs.`, 'Choose the index of the model.');
  return parseIndex(await source.read(0, source.size), source.name);
}

/** @param bytes the whole index */
export function parseIndex(bytes: Uint8Array, name: string): ShardIndex {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${name} is not JSON.`, 'Choose the index of a sharded model (model.safetensors.index.json).', { cause });
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new InputError(`${name} names "${shown(twice)}" twice.`, REWRITE);
  if (!isRecord(json) || !isRecord(json.weight_map)) throw new InputError(`${name} is no index of a sharded model: it has no weight_map.`, 'Choose model.safetensors.index.json, or the model without this file.');
  const fileOf = new Map<string, string>();
  for (const [tensor, file] of Object.entries(json.weight_map)) {
    if (typeof file !== 'string') throw new InputError(`${name} gives no file for the tensor "${shown(tensor)}".`, REWRITE);
    if (!/^[^/\\\0]+$/.test(file) || file === '.' || file === '..') throw new InputError(`${name} puts the tensor "${shown(tensor)}" in "${shown(file)}", which is no file beside it.`, REWRITE);
    fileOf.set(tensor, file);
  }
  if (fileOf.size === 0) throw new InputError(`${name} names no tensors.`, REWRITE);
  const metadata = isRecord(json.metadata) ? Object.entries(json.metadata).map(([key, value]) => [key, typeof value === 'string' ? value : jsonText(value)]) : [];
  return { metadata: Object.fromEntries(metadata) as Record<string, string>, fileOf, files: [...new Set(fileOf.values())] };
}

/**
 * Opens the shards that are there, as one file.
 * @param shards any of the index's files, in any order
 * @throws InputError for a file that the index does not name, one given twice, one that is malformed, a tensor in
 * another file than the index says
 */
export async function openSharded(index: ByteSource, shards: readonly ByteSource[]): Promise<{ readonly opened: OpenedFile; readonly fileOf: ReadonlyMap<string, string> }> {
  const { metadata, fileOf, files } = await readIndex(index);
  checkFiles(index.name, files, shards);
  const found = new Map<string, OpenedTensor>();
  const place = new Map(fileOf);
  const merged: Record<string, string> = {};
  for (const [i, file] of (await Promise.all(shards.map(openFile))).entries()) {
    const { name } = shards[i];
    if (file.format !== 'safetensors') throw new InputError(`${name} is no .safetensors file, and ${index.name} is the index of such files.`, 'Choose the files that belong together.');
    for (const tensor of file.tensors) {
      const label = `The tensor "${shown(tensor.entry.name)}"`;
      const wanted = fileOf.get(tensor.entry.name);
      if (found.has(tensor.entry.name)) throw new InputError(`${label} is in ${place.get(tensor.entry.name)} and in ${name}.`, 'Choose files of one model only.');
      if (wanted !== undefined && wanted !== name) throw new InputError(`${label} is in ${name}, but ${index.name} puts it in ${wanted}.`, 'The files may be of different versions; fetch them again.');
      found.set(tensor.entry.name, tensor);
      place.set(tensor.entry.name, name);
    }
    Object.assign(merged, file.metadata);
  }
  const given = new Set(shards.map(({ name }) => name));
  const tensors = [...place].map(([name, file]): OpenedTensor => found.get(name) ?? absent(name, given.has(file) ? `is not in ${file}, where ${index.name} puts it` : `is in ${file}, which was not given`));
  return { opened: { format: 'safetensors', metadata: { ...merged, ...metadata }, tensors }, fileOf: place };
}

const absent = (name: string, unfit: string): OpenedTensor => ({ entry: { name, dtype: 'unknown', shape: [], bytes: 0, unfit } });

function checkFiles(index: string, files: readonly string[], shards: readonly ByteSource[]): void {
  const given = new Set<string>();
  for (const { name } of shards) {
    if (!files.includes(name)) throw new InputError(`${name} is no part of the model of ${index}, which names ${listed(files)}.`, 'Choose only files that the index names.');
    if (given.has(name)) throw new InputError(`${name} was given twice.`, 'Choose each file once.');
    given.add(name);
  }
  if (given.size === 0) throw new InputError(`${index} only names the files of a model (${listed(files)}), and none of them was given.`, 'Choose them together with the index.');
}

const listed = (files: readonly string[]): string =>
  files.length > 3 ? `${files.slice(0, 2).map(shown).join(', ')} and ${files.length - 2} more` : files.map(shown).join(', ');
