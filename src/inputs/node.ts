/** Files on disk, for the command line. */

import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from './error';
import { READABLE_FILES } from './open-file';
import { isIndexName, readIndex } from './sharded';
import { ChangedFileError, type ByteSource } from './source';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist.',
  EACCES: 'may not be read.',
  EISDIR: 'is a folder, not a file.',
};
const MEND = `Give the path of a ${READABLE_FILES} file.`;

function refusal(path: string, cause: unknown): InputError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new InputError(`${path} ${REASONS[code] ?? `cannot be opened (${code || String(cause)}).`}`, MEND, { cause });
}

/** How long a file stays open after a read, ms: the rows of a model are read one after the other. */
const IDLE = 1000;

/**
 * A file, opened at the first read and closed when it has not been read for a while.
 * @throws InputError when there is no readable file at `path`
 */
export async function pathSource(path: string): Promise<ByteSource> {
  const info = await stat(path).catch((cause: unknown) => { throw refusal(path, cause); });
  if (!info.isFile()) throw new InputError(`${path} is ${info.isDirectory() ? 'a folder' : 'not an ordinary file'}.`, MEND);
  const name = basename(path);
  let handle: Promise<FileHandle> | undefined;
  let readers = 0;
  let timer: NodeJS.Timeout | undefined;

  const acquire = (): Promise<FileHandle> => {
    clearTimeout(timer);
    readers++;
    handle ??= openSame(path, name, info).catch((error: unknown) => {
      handle = undefined;
      throw error;
    });
    return handle;
  };
  const release = (): void => {
    if (--readers > 0) return;
    timer = setTimeout(() => {
      void handle?.then((file) => file.close(), () => undefined);
      handle = undefined;
    }, IDLE).unref();
  };
  return {
    name,
    size: info.size,
    async read(offset, length, signal) {
      try {
        const file = await acquire();
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length;) {
          signal?.throwIfAborted();
          const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
          if (bytesRead === 0) throw new ChangedFileError(name);
          done += bytesRead;
        }
        return bytes;
      } finally {
        release();
      }
    },
  };
}

/** Opens the file that was there before; another size or time is another file. */
async function openSame(path: string, name: string, before: { readonly size: number; readonly mtimeMs: number }): Promise<FileHandle> {
  const file = await open(path).catch((cause: unknown) => { throw refusal(path, cause); });
  const now = await file.stat();
  if (now.size === before.size && now.mtimeMs === before.mtimeMs) return file;
  await file.close();
  throw new ChangedFileError(name);
}

/**
 * The files of the model at `path`: a file; an index with those of its files that lie beside it; or a folder that
 * holds one model.
 * @throws InputError when there is no model at `path`, or more than one
 */
export async function pathSources(path: string): Promise<ByteSource[]> {
  const folder = await stat(path).then((info) => info.isDirectory(), () => false);
  if (folder) return pathSources(join(path, await onlyModel(path)));
  const source = await pathSource(path);
  if (!isIndexName(path)) return [source];
  const { files } = await readIndex(source);
  const beside = await readdir(dirname(path));
  return [source, ...(await Promise.all(files.filter((file) => beside.includes(file)).map((file) => pathSource(join(dirname(path), file)))))];
}

/** The one model of a folder: its index, or its only file. */
async function onlyModel(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  const indices = names.filter((name) => /\.safetensors\.index\.json$/i.test(name));
  const found = indices.length > 0 ? indices : names.filter((name) => /\.(safetensors|gguf|npy)$/i.test(name));
  if (found.length === 1) return found[0];
  if (found.length === 0) throw new InputError(`${folder} has no ${READABLE_FILES} file.`, MEND);
  throw new InputError(`${folder} holds ${found.length} models: ${found.slice(0, 8).join(', ')}${found.length > 8 ? ', …' : ''}.`, 'Give the path of one of them.');
}
