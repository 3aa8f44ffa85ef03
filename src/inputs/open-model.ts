/** Opens a file, or the files of a sharded model, as one model. Only headers are read. */

import { InputError } from './error';
import type { Model } from './model';
import { openFile, READABLE_FILES, stem } from './open-file';
import { readRowsOf, type OpenedFile, type OpenedTensor } from './opened';
import type { ByteSource } from './source';

/**
 * @param sources one .safetensors, .gguf or .npy file
 * @throws InputError when a file is none of these or malformed
 */
export async function openModel(sources: readonly ByteSource[]): Promise<Model> {
  if (sources.length === 0) throw new InputError('No file was given.', `Choose a ${READABLE_FILES} file.`);
  if (sources.length > 1) throw new InputError(`${sources.length} files were given.`, 'Choose one.');
  const [source] = sources;
  return modelOf(source.name, sources, await openFile(source), () => source.name);
}

function modelOf(name: string, sources: readonly ByteSource[], { format, metadata, tensors }: OpenedFile, fileOf: (tensor: OpenedTensor) => string): Model {
  const byName = new Map(tensors.map((tensor) => [tensor.entry.name, tensor]));
  return {
    name,
    format,
    metadata,
    size: sources.reduce((sum, { size }) => sum + size, 0),
    tensors: tensors.map((tensor) => ({ ...tensor.entry, file: fileOf(tensor) })),
    async readRows(wanted, begin, end, signal) {
      const tensor = byName.get(wanted);
      if (!tensor) throw new InputError(`${name} has no tensor "${wanted}".`, 'Choose one of its tensors.');
      const file = fileOf(tensor);
      return readRowsOf(tensor, wanted === stem(file) ? file : `${file}#${wanted}`, begin, end, signal);
    },
  };
}
