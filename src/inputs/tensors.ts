/** What a file holds, and one of its tensors as a matrix. Only the header and the chosen tensor are read. */

import { product, type TensorEntry } from './entry';
import { InputError } from './error';
import { toMatrix, type Matrix } from './matrix';
import { openFile, stem } from './open-file';
import { MAX_NUMBERS, readRowsOf, type OpenedTensor } from './opened';
import type { ByteSource } from './source';

export type { TensorEntry } from './entry';

export interface ReadOptions {
  readonly transpose?: boolean;
}

/** Every tensor of a .npy, .safetensors or .gguf file, in the file's order. @throws InputError when it is none of them, or malformed */
export const listTensors = async (source: ByteSource): Promise<readonly TensorEntry[]> => (await openWhole(source)).map(({ entry }) => entry);

/**
 * One tensor as a matrix. A convolution weight [out, in, taps] reads as [out, in*taps] (see `describe`).
 * @param name may be left out when exactly one tensor of the file reads as a matrix
 */
export async function readMatrix(source: ByteSource, name?: string, { transpose = false }: ReadOptions = {}): Promise<Matrix> {
  const tensors = await openWhole(source);
  const tensor = choose(source, tensors, name);
  const { entry } = tensor;
  const { matrix } = entry;
  const title = entry.name === stem(source.name) ? source.name : `${source.name}#${entry.name}`;
  if (!matrix) throw new InputError(`${title} ${entry.unfit ?? 'is no matrix'}.`, offer(tensors, 'Choose'));
  const [rows, cols] = matrix;
  const label = entry.shape.length > 2 ? `${title}, read as [${rows}, ${cols}]` : title;
  const read = toMatrix(label, rows, cols, await readRowsOf(tensor, label, 0, rows), transpose);
  return transpose ? read : { ...read, shape: entry.shape };
}

/** The tensors, of which those too large to be held whole are no matrices. */
async function openWhole(source: ByteSource): Promise<readonly OpenedTensor[]> {
  return (await openFile(source)).tensors.map((tensor) => {
    const { matrix, ...entry } = tensor.entry;
    const count = matrix ? product(matrix) : 0;
    if (count <= MAX_NUMBERS) return tensor;
    return { entry: { ...entry, unfit: `has the shape [${entry.shape.join(', ')}]: ${count} numbers, more than the ${MAX_NUMBERS} that fit in memory here` } };
  });
}

function choose(source: ByteSource, tensors: readonly OpenedTensor[], name: string | undefined): OpenedTensor {
  const named = tensors.find(({ entry }) => entry.name === name);
  if (named) return named;
  if (name) throw new InputError(`${source.name} has no tensor "${name}".`, offer(tensors, 'Choose'));
  const fitting = tensors.filter(({ entry }) => entry.matrix);
  if (tensors.length === 1) return tensors[0];
  if (fitting.length === 1) return fitting[0];
  if (fitting.length === 0) throw new InputError(`${source.name} has ${tensors.length} tensors, and none of them reads as a matrix.`, offer(tensors, 'Choose'));
  throw new InputError(`${source.name} holds ${fitting.length} matrices, so one must be named.`, offer(tensors, 'Name'));
}

/** The tensors that would do, by name and shape. */
function offer(tensors: readonly OpenedTensor[], verb: string): string {
  const fitting = tensors.map(({ entry }) => entry).filter((e) => e.matrix);
  if (fitting.length === 0) return 'Choose another file.';
  const listed = fitting.slice(0, 8).map((e) => `${e.name} [${e.shape.join(', ')}]`).join(', ');
  return fitting.length > 8 ? `${verb} ${listed}, or one of ${fitting.length - 8} more.` : `${verb} ${fitting.length > 1 ? 'one of ' : ''}${listed}.`;
}
