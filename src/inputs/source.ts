/** Bytes that can be read piece by piece: a file of many gigabytes is never held whole. */

import { InputError } from './error';

export interface ByteSource {
  /** The file's name, without its folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes, or an InputError; `offset + length` must lie within the size.
   * @param signal ends a slow read early, with the signal's reason
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

export class ChangedFileError extends InputError {
  constructor(name: string, options?: ErrorOptions) {
    super(`${name} can no longer be read as it was: it was changed, moved or removed.`, 'Choose the file again.', options);
  }
}

/** A file chosen or dropped in a browser. Each read is a slice of it. */
export const fileSource = (file: File): ByteSource => ({
  name: file.name,
  size: file.size,
  async read(offset, length) {
    const bytes = await file.slice(offset, offset + length).arrayBuffer().catch((cause: unknown) => {
      throw new ChangedFileError(file.name, { cause });
    });
    if (bytes.byteLength !== length) throw new ChangedFileError(file.name);
    return new Uint8Array(bytes);
  },
});

/** Bytes already in memory. */
export const bytesSource = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.length,
  read: (offset, length) =>
    offset >= 0 && length >= 0 && offset + length <= bytes.length
      ? Promise.resolve(new Uint8Array(bytes.subarray(offset, offset + length)))
      : Promise.reject(new ChangedFileError(name)),
});
