/** A model as one thing: the tensors of a file, or of all the files of a sharded one, read row by row. */

import type { TensorEntry } from './entry';

export interface ModelTensor extends TensorEntry {
  /** The file that holds it, or that should. */
  readonly file: string;
}

export interface Model {
  /** 'model.safetensors', or the index file's name for a sharded model. */
  readonly name: string;
  readonly format: 'safetensors' | 'gguf' | 'npy';
  /** Bytes of all files. */
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** In the file's order (a sharded model: its index's); those that do not read as a matrix say why in `unfit`. */
  readonly tensors: readonly ModelTensor[];
  /**
   * Rows [begin, end) of a tensor that reads as a matrix [rows, cols], as float32, whatever its stored type.
   * Reads only those rows' bytes and holds them piece by piece (a .npy in Fortran order: once the whole array).
   * @throws InputError naming the tensor, for a file that changed, a lost connection, a number that is none;
   * the signal's reason when it is aborted
   */
  readRows(tensor: string, begin: number, end: number, signal?: AbortSignal): Promise<Float32Array>;
  /**
   * Bytes [begin, end) of a tensor as they are stored, whether it reads as a matrix or not.
   * @throws InputError as readRows does, and for an array that is stored by columns or big-endian
   */
  readBytes(tensor: string, begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
}
