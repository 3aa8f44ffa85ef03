/**
 * Files behind an address, read by HTTP ranges. What is read comes in blocks, a few requests at a time; the blocks
 * read last are kept, so that a failure loses nothing and a later try goes on where it stopped.
 */

import { fileNameOf, parseAddress, siblingAddress } from './address';
import { DEFAULTS, HttpError, requestRange, type HttpOptions, type Remote, type Version } from './http-request';
import { isIndexName, readIndex } from './sharded';
import { bytesSource, ChangedFileError, type ByteSource } from './source';

export { fileNameOf } from './address';
export type { HttpOptions } from './http-request';

export interface HttpSource extends ByteSource {
  /** The address that was asked. */
  readonly address: string;
  /** The address that answered, after redirects. */
  readonly finalAddress: string;
}

/** Neighbouring blocks asked for at once. */
const RUN = 4;

/**
 * Opens the file of an address; the first request learns its size and brings its first block.
 * @throws InputError for an address that is not allowed and for everything a server may do instead of sending the file
 */
export async function httpSource(text: string, options: HttpOptions = {}): Promise<HttpSource> {
  const url = parseAddress(text);
  const name = fileNameOf(url.href);
  const remote: Remote = { url: url.href, label: `${name} at ${url.host}`, options: { ...DEFAULTS, ...options } };
  const first = await requestRange(remote, 0, remote.options.blockBytes);
  const addresses = { address: url.href, finalAddress: first.address };
  if (first.whole) return { ...bytesSource(name, first.bytes), ...addresses };
  const { size, etag, modified } = first;
  const blocks = new Blocks(remote, { size, etag, modified }, first.bytes);
  return { name, size, ...addresses, read: (offset, length, signal) => readBlocks(blocks, name, offset, length, signal) };
}

/**
 * Opens an address: one file, or the index of a sharded model and every file it names beside it. Files that are not
 * there are left out; `openModel` then says which tensors are missing.
 */
export async function openRemote(text: string, options: HttpOptions = {}): Promise<HttpSource[]> {
  const first = await httpSource(text, options);
  if (!isIndexName(first.name)) return [first];
  const { files } = await readIndex(first);
  const found: (HttpSource | undefined)[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < files.length) {
      const i = next++;
      found[i] = await httpSource(siblingAddress(first.address, files[i]), options).catch((error: unknown) => {
        if (error instanceof HttpError && (error.status === 404 || error.status === 410)) return undefined;
        next = files.length;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: options.inFlight ?? DEFAULTS.inFlight }, lane));
  return [first, ...found.filter((source) => source !== undefined)];
}

/** The blocks of one file: those kept, those under way. */
class Blocks {
  readonly bytes: number;
  readonly lanes: number;
  private readonly kept = new Map<number, Uint8Array>();
  private readonly pending = new Map<number, Promise<Uint8Array>>();
  private readonly most: number;
  private readonly queue: (() => void)[] = [];
  private active = 0;

  constructor(private readonly remote: Remote, readonly version: Version, first: Uint8Array) {
    this.bytes = remote.options.blockBytes;
    this.lanes = remote.options.inFlight;
    this.most = Math.max(1, Math.floor(remote.options.cacheBytes / this.bytes));
    this.keep(0, first);
  }

  /** A block that is here or under way. */
  find(index: number): Uint8Array | Promise<Uint8Array> | undefined {
    const block = this.kept.get(index);
    if (block) this.keep(index, block);
    return block ?? this.pending.get(index);
  }

  /** Asks for the blocks [begin, end) at once. */
  fetch(begin: number, end: number): void {
    const run = this.turn(() => requestRange(this.remote, begin * this.bytes, Math.min(end * this.bytes, this.version.size), this.version));
    for (let index = begin; index < end; index++) {
      const at = (index - begin) * this.bytes;
      const block = run.then(({ bytes }) => this.keep(index, bytes.slice(at, at + this.bytes))).finally(() => this.pending.delete(index));
      block.catch(() => undefined); // told to whoever waits for it
      this.pending.set(index, block);
    }
  }

  /** Keeps the blocks used last. */
  private keep(index: number, block: Uint8Array): Uint8Array {
    this.kept.delete(index);
    this.kept.set(index, block);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.most) break;
      this.kept.delete(oldest);
    }
    return block;
  }

  /** Runs when fewer than `lanes` requests are under way. */
  private async turn<T>(request: () => Promise<T>): Promise<T> {
    if (this.active >= this.lanes) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.active++;
    try {
      return await request();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.active--;
    }
  }
}

async function readBlocks(blocks: Blocks, name: string, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (!(offset >= 0 && length >= 0 && offset + length <= blocks.version.size)) throw new ChangedFileError(name);
  const out = new Uint8Array(length);
  if (length === 0) return out;
  const end = Math.floor((offset + length - 1) / blocks.bytes) + 1;
  let next = Math.floor(offset / blocks.bytes);
  const copy = (index: number, block: Uint8Array): void => {
    const begin = index * blocks.bytes;
    out.set(block.subarray(Math.max(0, offset - begin), offset + length - begin), Math.max(0, begin - offset));
  };
  const lane = async (): Promise<void> => {
    while (next < end && !signal?.aborted) {
      const index = next;
      let until = index + 1;
      if (!blocks.find(index)) {
        while (until < end && until - index < RUN && !blocks.find(until)) until++;
        blocks.fetch(index, until);
      }
      next = until;
      const found = Array.from({ length: until - index }, (_, i) => blocks.find(index + i));
      for (const [i, block] of found.entries()) copy(index + i, await block!);
    }
  };
  const stop = (): void => { next = end; };
  const read = Promise.all(Array.from({ length: blocks.lanes }, () => lane().catch((error: unknown) => { stop(); throw error; })));
  await (signal ? untilAborted(read, signal) : read);
  return out;
}

/** The promise, or the signal's reason; requests that are under way go on, and their blocks are kept. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
