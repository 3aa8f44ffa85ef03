/** Matrices named on the command line: FILE or FILE#TENSOR. */

import { stat } from 'node:fs/promises';
import type { Matrix } from './matrix';
import { pathSource } from './node';
import { readMatrix, type ReadOptions } from './tensors';

/**
 * Splits 'FILE#TENSOR'. A file whose own name has a '#' is taken whole when it exists.
 * @returns the path and, where one is given, the tensor's name
 */
export async function splitReference(reference: string): Promise<{ path: string; tensor?: string }> {
  const at = reference.lastIndexOf('#');
  if (at < 0 || (await stat(reference).then((info) => info.isFile(), () => false))) return { path: reference };
  return { path: reference.slice(0, at), tensor: reference.slice(at + 1) };
}

/** @throws InputError naming the file or the tensor, with the tensors that would do */
export async function openMatrix(reference: string, options: ReadOptions = {}): Promise<Matrix> {
  const { path, tensor } = await splitReference(reference);
  return readMatrix(await pathSource(path), tensor, options);
}
