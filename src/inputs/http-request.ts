/** One range of a remote file: asked for, checked, and asked for again when the connection breaks. */

import { isAllowed } from './address';
import { InputError } from './error';

export interface HttpOptions {
  readonly fetch?: typeof fetch;
  /** Ends every request of the source. */
  readonly signal?: AbortSignal;
  /** Bytes of a block; what is read is kept by blocks. */
  readonly blockBytes?: number;
  /** Blocks kept, bytes. */
  readonly cacheBytes?: number;
  /** Requests at a time. */
  readonly inFlight?: number;
  /** Further tries after a lost connection or a server that is busy. */
  readonly retries?: number;
  /** Before the first further try, ms; doubled each time. */
  readonly backoffMs?: number;
  /** Without a byte for so long a connection counts as lost, ms. */
  readonly stallMs?: number;
  /** A server without ranges: files up to so many bytes are taken whole. */
  readonly wholeBytes?: number;
}

export const DEFAULTS: Required<Omit<HttpOptions, 'signal' | 'fetch'>> = {
  blockBytes: 2 ** 20, cacheBytes: 64 * 2 ** 20, inFlight: 4, retries: 3, backoffMs: 400, stallMs: 30_000, wholeBytes: 64e6,
};

/** A server that answered with something other than the file. */
export class HttpError extends InputError {
  constructor(readonly status: number, what: string, mend: string) {
    super(what, mend);
  }
}

/** Which state of the file an answer shows. */
export interface Version {
  readonly size: number;
  readonly etag?: string;
  readonly modified?: string;
}

export interface Answer extends Version {
  readonly bytes: Uint8Array;
  /** The server has no ranges, and `bytes` is the whole file. */
  readonly whole: boolean;
  /** After redirects. */
  readonly address: string;
}

export interface Remote {
  readonly url: string;
  /** 'model.gguf at example.org' */
  readonly label: string;
  readonly options: HttpOptions & typeof DEFAULTS;
}

/** A failure that may pass. */
class Passing extends Error {
  constructor(readonly final: InputError, readonly tryAgain: boolean) {
    super(final.message);
  }
}

/**
 * Bytes [begin, end) of the file, or as many of them as it has.
 * @param known the version that earlier answers showed; absent for the first request
 * @throws InputError when the server refuses, has no such file, shows another version or no sound range, or the
 * connection is lost for good; the signal's reason when it is aborted
 */
export async function requestRange(remote: Remote, begin: number, end: number, known?: Version): Promise<Answer> {
  const { retries, backoffMs, signal } = remote.options;
  for (let tried = 0; ; tried++) {
    try {
      return await requestOnce(remote, begin, end, known);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      if (!error.tryAgain || tried >= retries) throw error.final;
      await pause(backoffMs * 2 ** tried, signal);
    }
  }
}

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });

async function requestOnce(remote: Remote, begin: number, end: number, known?: Version): Promise<Answer> {
  const { url, label, options } = remote;
  const control = new AbortController();
  const stop = (): void => control.abort(options.signal?.reason);
  options.signal?.throwIfAborted();
  options.signal?.addEventListener('abort', stop, { once: true });
  const watch = new Stall(options.stallMs, control);
  const lost = (cause: unknown): Passing =>
    new Passing(new InputError(`The connection for ${label} was lost${known ? '' : ' before the file was reached'}.`, known ? 'Try again; what was read is kept.' : 'Check the address and try again.', { cause }), true);
  try {
    // Without If-Range, which would cost a preflight that many servers refuse: each answer's version is compared instead.
    const response = await (options.fetch ?? fetch)(url, {
      headers: { Range: `bytes=${begin}-${end - 1}` },
      cache: 'no-store', credentials: 'omit', redirect: 'follow', referrerPolicy: 'no-referrer', signal: control.signal,
    }).catch((cause: unknown) => {
      if (known) throw lost(cause);
      if (control.signal.aborted) throw new Passing(lost(cause).final, false);
      // Browsers do not tell these apart.
      throw new Passing(new InputError(`${label} was not reached: either there is no connection to the server, or it does not allow other pages to read its files (CORS).`, 'Check the address and the connection, or download the file and open it from this machine.', { cause }), false);
    });
    watch.alive();
    const address = response.url || url;
    if (!isAllowed(new URL(address))) throw new InputError(`${label} was redirected to ${new URL(address).origin}, which is not an allowed address.`, 'Paste the address of the file itself.');
    return { address, ...(await take(remote, response, begin, end, watch, lost, known)) };
  } finally {
    watch.end();
    options.signal?.removeEventListener('abort', stop);
    control.abort(); // a body that is not wanted any further ends here
  }
}

/** Aborts when nothing arrives for a while. */
class Stall {
  private timer: ReturnType<typeof setTimeout> | undefined;
  constructor(private readonly ms: number, private readonly control: AbortController) {
    this.alive();
  }
  alive(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.control.abort(new Error('No byte arrived for too long.')), this.ms);
  }
  end(): void {
    clearTimeout(this.timer);
  }
}

async function take({ label, options }: Remote, response: Response, begin: number, end: number, watch: Stall, lost: (cause: unknown) => Passing, known?: Version): Promise<Omit<Answer, 'address'>> {
  const { status, headers } = response;
  const version = { etag: headers.get('ETag') ?? undefined, modified: headers.get('Last-Modified') ?? undefined };
  const changed = new InputError(`${label} changed on the server while it was being read.`, 'Open the address again.');
  if (status === 200) {
    if (known) throw differs(known, { ...version, size: known.size }) ? changed : new InputError(`The server of ${label} no longer answers with parts of the file.`, 'Try again, or download the file and open it from this machine.');
    const bytes = await takeWhole(label, response, options.wholeBytes, watch, lost);
    return { ...version, bytes, whole: true, size: bytes.length };
  }
  const range = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/.exec(headers.get('Content-Range')?.trim() ?? '');
  const size = range && range[3] !== '*' ? Number(range[3]) : undefined;
  if (status === 416 && size === 0 && !known) return { ...version, bytes: new Uint8Array(0), whole: true, size };
  if (status === 416 && known && size !== undefined && size !== known.size) throw changed;
  if (status !== 206) throw refusal(label, status);
  const encoding = headers.get('Content-Encoding');
  if (encoding && encoding.toLowerCase() !== 'identity') throw new InputError(`${label} was sent compressed (${encoding.slice(0, 20)}), so its parts cannot be put together.`, 'Download the file and open it from this machine.');
  if (!range?.[1] || size === undefined) {
    throw new InputError(`The server of ${label} does not say which part of the file it sends (${headers.has('Content-Range') ? `Content-Range: ${headers.get('Content-Range')?.slice(0, 60)}` : 'no Content-Range, or one that other pages may not see'}).`, 'Download the file and open it from this machine.');
  }
  if (known && differs(known, { ...version, size })) throw changed;
  const last = Math.min(end, size) - 1;
  if (Number(range[1]) !== begin || Number(range[2]) !== last) {
    throw new InputError(`The server of ${label} sent bytes ${range[1]} to ${range[2]} of ${size} where ${begin} to ${last} were asked for.`, 'Download the file and open it from this machine.');
  }
  const bytes = new Uint8Array(last + 1 - begin);
  let at = 0;
  for await (const part of parts(response, watch, lost)) {
    if (at + part.length > bytes.length) throw new InputError(`The server of ${label} sent more than the ${bytes.length} bytes it announced.`, 'Download the file and open it from this machine.');
    bytes.set(part, at);
    at += part.length;
  }
  if (at < bytes.length) throw lost(new Error(`${at} of ${bytes.length} bytes arrived`));
  return { ...version, bytes, whole: false, size };
}

/** A server without ranges: a small file is taken as it comes, of a large one no more than the answer's head. */
async function takeWhole(label: string, response: Response, most: number, watch: Stall, lost: (cause: unknown) => Passing): Promise<Uint8Array> {
  if (/^text\/html\b/i.test(response.headers.get('Content-Type') ?? '')) throw new InputError(`${label} is a web page, not a file.`, 'Paste the address of the file itself, as its download button has it.');
  const tooLarge = new InputError(`The server of ${label} sends the file only as a whole, and it has more than ${most / 1e6} MB.`, 'Download the file and open it from this machine.');
  if (Number(response.headers.get('Content-Length') ?? 0) > most) throw tooLarge;
  const taken: Uint8Array[] = [];
  let length = 0;
  for await (const part of parts(response, watch, lost)) {
    length += part.length;
    if (length > most) throw tooLarge;
    taken.push(part);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of taken) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function* parts(response: Response, watch: Stall, lost: (cause: unknown) => Passing): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => { throw lost(cause); });
      if (done) return;
      watch.alive();
      yield value;
    }
  } finally {
    // Ends the transfer when it was left early; an error of the connection was already told.
    void reader.cancel().catch(() => undefined);
  }
}

/** What both answers say of their version must agree. */
const differs = (a: Version, b: Version): boolean =>
  a.size !== b.size || (a.etag !== undefined && b.etag !== undefined ? a.etag !== b.etag : a.modified !== undefined && b.modified !== undefined && a.modified !== b.modified);

function refusal(label: string, status: number): Error {
  const download = 'Download the file and open it from this machine.';
  if (status === 401 || status === 403) return new HttpError(status, `${label} may not be read without permission (the server answered ${status}).`, `It may be private or need an account. ${download}`);
  if (status === 404 || status === 410) return new HttpError(status, `There is no ${label} (the server answered ${status}).`, 'Check the address.');
  if (status === 416) return new HttpError(status, `The server of ${label} refuses the part that was asked for (it answered 416).`, download);
  if (status === 429) return new Passing(new HttpError(status, `The server of ${label} asks for fewer requests (it answered 429).`, 'Wait a little and try again.'), true);
  if (status >= 500) return new Passing(new HttpError(status, `The server of ${label} failed (it answered ${status}).`, 'Try again later.'), true);
  return new HttpError(status, `The server of ${label} did not send the file (it answered ${status}).`, 'Check the address.');
}
