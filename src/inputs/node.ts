/** Files on disk, for the command line. */

import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from './error';
import { ChangedFileError, type ByteSource } from './source';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist.',
  EACCES: 'may not be read.',
  EISDIR: 'is a folder, not a file.',
};

/** @throws InputError when there is no readable file at `path` */
export async function pathSource(path: string): Promise<ByteSource> {
  const refuse = (cause: unknown): never => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new InputError(`${path} ${REASONS[code] ?? `cannot be opened (${code || String(cause)}).`}`, 'Give the path of a .npy or .safetensors file.', { cause });
  };
  const info = await stat(path).catch(refuse);
  if (!info.isFile()) throw new InputError(`${path} is ${info.isDirectory() ? 'a folder' : 'not an ordinary file'}.`, 'Give the path of a .npy or .safetensors file.');
  const name = basename(path);
  return {
    name,
    size: info.size,
    async read(offset, length) {
      const file = await open(path).catch(refuse);
      try {
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length;) {
          const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
          if (bytesRead === 0) throw new ChangedFileError(name);
          done += bytesRead;
        }
        return bytes;
      } finally {
        await file.close();
      }
    },
  };
}
