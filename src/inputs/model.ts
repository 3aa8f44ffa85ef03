/** A model as one thing: the tensors of a file, or of all the files of a sharded one, read row by row. */

import type { TensorEntry } from './tensors';

export interface ModelTensor extends TensorEntry {
  /** The file that holds it. */
  readonly file: string;
}

export interface Model {
  /** 'model.safetensors', or the index file's name for a sharded model. */
  readonly name: string;
  readonly format: 'safetensors' | 'gguf' | 'npy';
  /** Bytes of all files. */
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** In the file's order; those that do not read as a matrix say why in `unfit`. */
  readonly tensors: readonly ModelTensor[];
  /**
   * Rows [begin, end) of a tensor that reads as a matrix [rows, cols], as float32, whatever its stored type.
   * Reads and holds only those rows' bytes.
   * @throws InputError naming the tensor, for a file that changed, a lost connection, a number that is none
   */
  readRows(tensor: string, begin: number, end: number, signal?: AbortSignal): Promise<Float32Array>;
}
