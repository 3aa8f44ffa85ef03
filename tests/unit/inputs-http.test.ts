import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { fileNameOf, parseAddress, siblingAddress } from '../../src/inputs/address';
import { InputError } from '../../src/inputs/error';
import { httpSource, openRemote, type HttpOptions } from '../../src/inputs/http';
import { openModel } from '../../src/inputs/open-model';
import { writeSafetensors } from '../../src/inputs/safetensors';

const counting = (count: number): number[] => [...Array(count).keys()];
const file = writeSafetensors([{ name: 'w', dtype: 'F32', shape: [64, 16], data: counting(1024) }]);
const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(() => 'was not refused', (error: unknown) => (error instanceof InputError ? error.message : `no InputError: ${String(error)}`));

const running: (() => Promise<void>)[] = [];
afterEach(async () => { for (const stop of running.splice(0)) await stop(); });

interface Served {
  /** 'http://127.0.0.1:12345' */
  readonly origin: string;
  /** The Range header of every request. */
  readonly ranges: string[];
  readonly paths: string[];
}

async function serve(answer: RequestListener): Promise<Served> {
  const [ranges, paths]: [string[], string[]] = [[], []];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? '');
    paths.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(() => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ranges, paths };
}

const asked = (request: IncomingMessage, size: number): [begin: number, end: number] => {
  const [, begin, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')!;
  return [Number(begin), Math.min(size, Number(last) + 1)];
};

/** A sound answer to a range. */
function part(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array = file, headers: Record<string, string> = { ETag: '"1"' }): void {
  const [begin, end] = asked(request, bytes.length);
  response.writeHead(206, { 'Content-Range': `bytes ${begin}-${end - 1}/${bytes.length}`, 'Content-Length': end - begin, ...headers });
  response.end(bytes.subarray(begin, end));
}

const quick: HttpOptions = { blockBytes: 1024, backoffMs: 1, stallMs: 20_000 };
const open = (origin: string, options: HttpOptions = {}): ReturnType<typeof httpSource> => httpSource(`${origin}/m.safetensors`, { ...quick, ...options });

describe('addresses', () => {
  it('names the file', () => {
    expect(fileNameOf('https://a.org/x/model%20one.gguf?download=true#top')).toBe('model one.gguf');
    expect(fileNameOf('https://a.org/x/..%2F..%2Fetc%00.npy')).toBe('etc.npy');
    expect(fileNameOf('https://a.org/')).toBe('a.org');
    expect(fileNameOf('https://a.org/%E0%A4%A')).toBe('%E0%A4%A');
  });

  it('turns a Hugging Face page into its file', () => {
    expect(parseAddress(' https://huggingface.co/org/name/blob/main/sub/model.safetensors?x=1#L1 ').href).toBe('https://huggingface.co/org/name/resolve/main/sub/model.safetensors?x=1');
    expect(parseAddress('https://huggingface.co/datasets/org/name/blob/main/x.npy').pathname).toBe('/datasets/org/name/resolve/main/x.npy');
    expect(parseAddress('https://example.org/org/name/blob/main/x.npy').pathname).toBe('/org/name/blob/main/x.npy');
    expect(siblingAddress('https://a.org/m/resolve/main/model.safetensors.index.json?download=true', 'model 1.safetensors')).toBe('https://a.org/m/resolve/main/model%201.safetensors?download=true');
  });

  it.each([
    ['a.org/x.npy', /"a\.org\/x\.npy" is no complete address/], ['', /"" is no complete address/],
    ['http://example.org/x.npy', /http is allowed on this machine only/], ['file:///etc/passwd', /file is no allowed scheme/],
    ['data:text/plain,x', /data is no allowed scheme/], ['blob:https://a.org/1', /blob is no allowed scheme/], ['ftp://a.org/x', /ftp/],
    ['https://name:secret@a.org/x.npy', /x\.npy holds a user name or password/], ['http://localhost.evil.org/x', /this machine only/],
  ])('refuses %s', async (address, sentence) => {
    const outcome = await message(httpSource(address, { fetch: () => Promise.reject(new Error('was asked')) }));
    expect(outcome).toMatch(sentence);
    expect(outcome).not.toContain('secret');
  });

  it.each(['http://localhost:1/x', 'http://127.0.0.1/x', 'http://[::1]:8000/x', 'https://a.org/x'])('allows %s', (address) => {
    expect(parseAddress(address).href).toContain('/x');
  });
});

describe('a server with ranges', () => {
  it('gives a model, by the blocks that are needed, each once', async () => {
    const { origin, ranges } = await serve((request, response) => part(request, response));
    const source = await open(origin);
    expect([source.name, source.size, source.finalAddress]).toEqual(['m.safetensors', file.length, `${origin}/m.safetensors`]);
    const model = await openModel([source]);
    expect(ranges).toEqual(['bytes=0-1023']);
    expect((await model.readRows('w', 63, 64))[15]).toBe(1023);
    expect(ranges.length).toBe(2);
    expect([...(await model.readRows('w', 0, 64))]).toEqual(counting(1024));
    const fetched = ranges.map((range) => /bytes=(\d+)-(\d+)/.exec(range)!.slice(1).map(Number));
    expect(fetched.reduce((sum, [a, b]) => sum + b + 1 - a, 0)).toBe(file.length);
    await model.readRows('w', 0, 64);
    expect(ranges.length).toBe(fetched.length);
  });

  it('asks for neighbours together, for few things at once, and keeps no more than it should', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) & 255);
    let [now, most] = [0, 0];
    const { origin, ranges } = await serve((request, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => { now--; part(request, response, bytes); }, 5);
    });
    const source = await open(origin, { inFlight: 2, cacheBytes: 8192 });
    const reads = await Promise.all([source.read(10, 60_000), source.read(50_000, 50_000), source.read(0, 0)]);
    expect(reads.map((read, i) => Buffer.compare(read, bytes.subarray([10, 50_000, 0][i], [60_010, 100_000, 0][i])))).toEqual([0, 0, 0]);
    expect(most).toBe(2);
    expect(ranges.length).toBeLessThan(40);
    const before = ranges.length;
    await source.read(99_000, 1000);
    expect(ranges.length).toBe(before);
    await source.read(0, 1000); // left the cache long ago
    expect(ranges.length).toBe(before + 1);
    expect(await message(source.read(99_999, 2))).toMatch(/m\.safetensors can no longer be read/);
  });

  it('follows a redirect and says where it ended', async () => {
    const { origin } = await serve((request, response) => {
      if (request.url === '/m.safetensors') response.writeHead(302, { Location: '/elsewhere/blob-1' }).end();
      else part(request, response);
    });
    const source = await open(origin);
    expect([source.name, source.finalAddress]).toEqual(['m.safetensors', `${origin}/elsewhere/blob-1`]);
    expect((await openModel([source])).tensors).toHaveLength(1);
  });

  it('opens a sharded model from its index, and leaves out what is not there', async () => {
    const shards: Record<string, Uint8Array> = {
      '/r/model.safetensors.index.json?download=true': new TextEncoder().encode(JSON.stringify({ weight_map: { a: 'm 1.safetensors', b: 'm 2.safetensors', c: 'm 3.safetensors' } })),
      '/r/m%201.safetensors?download=true': writeSafetensors([{ name: 'a', dtype: 'F32', shape: [1, 2], data: [1, 2] }]),
      '/r/m%203.safetensors?download=true': writeSafetensors([{ name: 'c', dtype: 'F32', shape: [1, 2], data: [3, 4] }]),
    };
    const { origin } = await serve((request, response) => {
      const bytes = shards[request.url ?? ''];
      if (bytes) part(request, response, bytes);
      else response.writeHead(404).end();
    });
    const model = await openModel(await openRemote(`${origin}/r/model.safetensors.index.json?download=true`, quick));
    expect(model.tensors.map((t) => [t.name, t.unfit])).toEqual([['a', undefined], ['b', 'is in m 2.safetensors, which was not given'], ['c', undefined]]);
    expect([...(await model.readRows('c', 0, 1))]).toEqual([3, 4]);
  });

  it('stops when it is told to', async () => {
    const { origin, ranges } = await serve((request, response) => { if (request.headers.range === 'bytes=0-1023') part(request, response); });
    const control = new AbortController();
    const source = await open(origin);
    const read = source.read(2000, 1000, control.signal);
    await expect.poll(() => ranges.length).toBe(2);
    control.abort(new Error('enough'));
    await expect(read).rejects.toThrow('enough');
    expect([...(await source.read(0, 8))].length).toBe(8);
    expect(ranges.length).toBe(2);
    const whole = new AbortController();
    const other = await open(origin, { signal: whole.signal });
    const pending = other.read(2000, 1000);
    whole.abort(new Error('closed'));
    await expect(pending).rejects.toThrow('closed');
  });
});

/** Sound for the first request, then something else. */
const then = (misdeed: RequestListener): RequestListener => {
  let first = true;
  return (request, response) => {
    if (!first) return misdeed(request, response);
    first = false;
    part(request, response);
  };
};

describe('a server that', () => {
  it('has no ranges: a small file is taken whole, once', async () => {
    const { origin, ranges } = await serve((_, response) => response.end(file));
    expect((await (await openModel([await open(origin)])).readRows('w', 1, 2))[0]).toBe(16);
    expect(ranges.length).toBe(1);
    const zipped = await serve((_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(file)));
    expect((await open(zipped.origin)).size).toBe(file.length);
  });

  it.each([['with', true], ['without', false]])('has no ranges and a large file %s its length: no more than needed is taken', async (_, announced) => {
    let [sent, closed] = [0, false];
    const chunk = new Uint8Array(10_000);
    const { origin } = await serve((_, response) => {
      response.writeHead(200, announced ? { 'Content-Length': 1e9 } : {});
      const more = (): void => { if (!closed) { sent += chunk.length; response.write(chunk, () => setTimeout(more, 1)); } };
      response.on('close', () => { closed = true; });
      more();
    });
    expect(await message(open(origin, { wholeBytes: 100_000 }))).toMatch(/m\.safetensors at 127\.0\.0\.1:\d+ sends the file only as a whole, and it has more than 0\.1 MB/);
    await expect.poll(() => closed).toBe(true);
    expect(sent).toBeLessThan(2e6);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['knows no such file', (_, r) => r.writeHead(404).end(), /There is no m\.safetensors at .* \(the server answered 404\)/],
    ['asks for an account', (_, r) => r.writeHead(401).end(), /without permission \(the server answered 401\)/],
    ['forbids it', (_, r) => r.writeHead(403).end(), /without permission \(the server answered 403\)/],
    ['fails', (_, r) => r.writeHead(503).end(), /failed \(it answered 503\)/],
    ['is asked too often', (_, r) => r.writeHead(429).end(), /fewer requests/],
    ['answers oddly', (_, r) => r.writeHead(418).end(), /did not send the file \(it answered 418\)/],
    ['refuses the range', (_, r) => r.writeHead(416, { 'Content-Range': 'bytes */9' }).end(), /refuses the part/],
    ['sends a web page', (_, r) => r.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<html>'), /is a web page, not a file/],
    ['sends no Content-Range', (_, r) => r.writeHead(206).end(file), /does not say which part of the file it sends \(no Content-Range/],
    ['hides the size', (_, r) => r.writeHead(206, { 'Content-Range': 'bytes 0-1023/*' }).end(), /Content-Range: bytes 0-1023\/\*/],
    ['sends another unit', (_, r) => r.writeHead(206, { 'Content-Range': 'rows 0-1/2' }).end(), /does not say which part/],
    ['sends another range', (_, r) => r.writeHead(206, { 'Content-Range': 'bytes 5-1028/5000' }).end(), /sent bytes 5 to 1028 of 5000 where 0 to 1023 were asked for/],
    ['sends a shorter range', (_, r) => r.writeHead(206, { 'Content-Range': 'bytes 0-99/5000' }).end(file.subarray(0, 100)), /sent bytes 0 to 99 of 5000/],
    ['announces an absurd size', (_, r) => r.writeHead(206, { 'Content-Range': 'bytes 0-1023/99999999999999999999' }).end(), /does not say which part/],
    ['sends more than it says', (_, r) => r.writeHead(206, { 'Content-Range': `bytes 0-99/100` }).end(file), /sent more than the 100 bytes it announced/],
    ['compresses the range', (q, r) => part(q, r, file, { 'Content-Encoding': 'gzip' }), /was sent compressed \(gzip\)/],
    ['always breaks off', (_, r) => { r.writeHead(206, { 'Content-Range': `bytes 0-1023/5000`, 'Content-Length': 1024 }); r.write(file.subarray(0, 10), () => r.destroy()); }, /connection for m\.safetensors at .* was lost before the file was reached/],
    ['goes round in circles', (_, r) => r.writeHead(302, { Location: '/m.safetensors' }).end(), /was not reached: either there is no connection to the server, or it does not allow/],
    ['redirects to another scheme', (_, r) => r.writeHead(302, { Location: 'ftp://a.org/x' }).end(), /was not reached/],
  ])('%s', async (_, answer, sentence) => {
    const { origin } = await serve(answer);
    const outcome = await message(open(origin, { retries: 1 }));
    expect(outcome).toMatch(sentence);
    expect(outcome).toMatch(/m\.safetensors.*\.$/);
  });

  it('redirects to an address that is not allowed', async () => {
    const answer = new Response(file.slice().buffer, { status: 206, headers: { 'Content-Range': `bytes 0-1023/${file.length}` } });
    Object.defineProperty(answer, 'url', { value: 'http://example.org/x' });
    expect(await message(httpSource('https://a.org/m.npy', { fetch: () => Promise.resolve(answer) }))).toMatch(/m\.npy at a\.org was redirected to http:\/\/example\.org, which is not an allowed address/);
  });

  it('never answers, or falls silent', async () => {
    const mute = await serve(() => undefined);
    expect(await message(open(mute.origin, { stallMs: 100 }))).toMatch(/was lost before the file was reached/);
    const { origin } = await serve(then((_, r) => { r.writeHead(206, { 'Content-Range': `bytes 1024-2047/${file.length}` }); r.write('x'); }));
    const source = await httpSource(`${origin}/m.safetensors`, { ...quick, stallMs: 2000, retries: 0 });
    expect(await message(source.read(1024, 100))).toMatch(/was lost\. Try again; what was read is kept/);
  });

  it('is not there', async () => {
    expect(await message(httpSource('http://127.0.0.1:9/m.npy', quick))).toMatch(/m\.npy at 127\.0\.0\.1:9 was not reached: either .* or it does not allow other pages/);
  });

  it('has an empty file', async () => {
    const { origin } = await serve((_, response) => response.writeHead(416, { 'Content-Range': 'bytes */0' }).end());
    const source = await open(origin);
    expect(source.size).toBe(0);
    expect(await message(openModel([source]))).toMatch(/m\.safetensors is empty/);
  });
});

describe('a server that, once the file is open,', () => {
  it.each<[string, RequestListener, RegExp]>([
    ['has another version by ETag', (q, r) => part(q, r, file, { ETag: '"2"' }), /changed on the server/],
    ['has another size', (q, r) => part(q, r, file.subarray(0, 4000), {}), /changed on the server/],
    ['has a shorter file', (_, r) => r.writeHead(416, { 'Content-Range': 'bytes */9' }).end(), /changed on the server/],
    ['sends all of another version', (_, r) => r.writeHead(200, { ETag: '"2"' }).end(file), /changed on the server/],
    ['sends all of it', (_, r) => r.writeHead(200, { ETag: '"1"' }).end(file), /no longer answers with parts/],
    ['lost the file', (_, r) => r.writeHead(404).end(), /There is no m\.safetensors/],
    ['withdrew the permission', (_, r) => r.writeHead(403).end(), /without permission/],
    ['is gone', (_, r) => r.destroy(), /connection for m\.safetensors at .* was lost\. Try again; what was read is kept\./],
  ])('%s: a sentence, and what was read is kept', async (_, misdeed, sentence) => {
    const { origin } = await serve(then(misdeed));
    const source = await open(origin, { retries: 1 });
    expect(await message(source.read(1024, 100))).toMatch(sentence);
    expect([...(await source.read(8, 1000))]).toEqual([...file.subarray(8, 1008)]);
  });

  it('has another version by date, where there is no ETag', async () => {
    let day = 1;
    const { origin } = await serve((request, response) => part(request, response, file, { 'Last-Modified': `Mon, 0${day++} Jan 2024 00:00:00 GMT` }));
    expect(await message((await open(origin)).read(2000, 10))).toMatch(/changed on the server/);
  });

  it('breaks off twice is asked again, and goes on', async () => {
    let broken = 0;
    const { origin } = await serve(then((request, response) => {
      if (broken++ < 2) {
        response.writeHead(206, { 'Content-Range': `bytes 1024-2047/${file.length}`, 'Content-Length': 1024 });
        response.write(file.subarray(1024, 1500), () => response.destroy());
      } else part(request, response);
    }));
    const source = await open(origin);
    expect([...(await source.read(1024, 50))]).toEqual([...file.subarray(1024, 1074)]);
    expect(broken).toBe(3);
  });

  it('was lost for a while goes on at a later try', async () => {
    let down = true;
    const { origin } = await serve(then((request, response) => (down ? response.writeHead(502).end() : part(request, response))));
    const model = await openModel([await open(origin, { retries: 0 })]);
    expect(await message(model.readRows('w', 60, 61))).toMatch(/failed \(it answered 502\)/);
    down = false;
    expect((await model.readRows('w', 60, 61))[0]).toBe(960);
  });
});
