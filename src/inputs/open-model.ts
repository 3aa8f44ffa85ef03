/** Opens a file, or the files of a sharded model, as one model. Only headers are read. */

import { InputError } from './error';
import type { Model } from './model';
import { openFile, READABLE_FILES, stem } from './open-file';
import { readRowsOf, type OpenedFile, type OpenedTensor } from './opened';
import { isIndexName, openSharded } from './sharded';
import type { ByteSource } from './source';

/**
 * @param sources one .safetensors, .gguf or .npy file, or the index of a sharded .safetensors model and any of its
 * files, in any order; tensors of files that are missing say so in `unfit`
 * @throws InputError when a file is none of these, malformed, or does not belong to the others
 */
export async function openModel(sources: readonly ByteSource[]): Promise<Model> {
  if (sources.length === 0) throw new InputError('No file was given.', `Choose a ${READABLE_FILES} file.`);
  const indices = sources.filter(({ name }) => isIndexName(name));
  if (indices.length > 1) throw new InputError(`${indices[0].name} and ${indices[1].name} were both given.`, 'Choose one index and the files it names.');
  const [index] = indices;
  if (index) {
    const { opened, fileOf } = await openSharded(index, sources.filter((source) => source !== index));
    return modelOf(index.name, sources, opened, ({ entry }) => fileOf.get(entry.name) ?? index.name);
  }
  const [source, another] = sources;
  if (another) throw new InputError(`${source.name} and ${another.name} were given without an index that says how they belong together.`, 'Choose one file, or add model.safetensors.index.json.');
  return modelOf(source.name, sources, await openFile(source), () => source.name);
}

function modelOf(name: string, sources: readonly ByteSource[], { format, metadata, tensors }: OpenedFile, fileOf: (tensor: OpenedTensor) => string): Model {
  const byName = new Map(tensors.map((tensor) => [tensor.entry.name, tensor]));
  const find = (wanted: string): OpenedTensor => {
    const tensor = byName.get(wanted);
    if (!tensor) throw new InputError(`${name} has no tensor "${wanted}".`, 'Choose one of its tensors.');
    return tensor;
  };
  const label = (tensor: OpenedTensor): string => {
    const file = fileOf(tensor);
    return tensor.entry.name === stem(file) ? file : `${file}#${tensor.entry.name}`;
  };
  return {
    name,
    format,
    metadata,
    size: sources.reduce((sum, { size }) => sum + size, 0),
    tensors: tensors.map((tensor) => ({ ...tensor.entry, file: fileOf(tensor) })),
    async readRows(wanted, begin, end, signal) {
      const tensor = find(wanted);
      return readRowsOf(tensor, label(tensor), begin, end, signal);
    },
    async readBytes(wanted, begin, end, signal) {
      const tensor = find(wanted);
      const { entry, bytes } = tensor;
      if (!bytes) throw new InputError(`The bytes of ${label(tensor)} are not stored in the order of its shape.`, 'Save it again as .safetensors.');
      if (!(begin >= 0 && begin <= end && end <= entry.bytes)) throw new RangeError(`Bytes ${begin} to ${end} of ${label(tensor)}, which has ${entry.bytes}.`);
      return bytes(begin, end, signal);
    },
  };
}
