import { closeSync, existsSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readlinkSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/error';
import { encodeBf16 } from '../../src/inputs/half';
import { pathSource, pathSources } from '../../src/inputs/node';
import { writeNpy } from '../../src/inputs/npy';
import { openModel } from '../../src/inputs/open-model';
import { writeSafetensors, type TensorToWrite } from '../../src/inputs/safetensors';
import { bytesSource, fileSource, type ByteSource } from '../../src/inputs/source';

const counting = (count: number): number[] => [...Array(count).keys()];
const tensor = (name: string, shape: readonly number[], dtype: TensorToWrite['dtype'] = 'F32'): TensorToWrite => ({ name, dtype, shape, data: counting(shape.reduce((a, b) => a * b, 1)) });
const json = (name: string, value: unknown): ByteSource => bytesSource(name, new TextEncoder().encode(JSON.stringify(value)));
const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(() => 'was not refused', (error: unknown) => (error instanceof InputError ? error.message : `no InputError: ${String(error)}`));

/** Notes every read. */
function watched(source: ByteSource): { source: ByteSource; reads: [offset: number, length: number][] } {
  const reads: [number, number][] = [];
  return { reads, source: { ...source, read: (offset, length, signal) => (reads.push([offset, length]), source.read(offset, length, signal)) } };
}

describe('a model of one file', () => {
  it('lists a .safetensors file and reads only the rows asked for', async () => {
    const { source, reads } = watched(bytesSource('m.safetensors', writeSafetensors([tensor('w', [4, 3], 'BF16'), tensor('conv', [2, 3, 4]), tensor('b', [3])], { made: 'here' })));
    const model = await openModel([source]);
    expect([model.name, model.format, model.size, model.metadata]).toEqual(['m.safetensors', 'safetensors', source.size, { made: 'here' }]);
    expect(model.tensors.map((t) => [t.name, t.file, t.matrix])).toEqual([['b', 'm.safetensors', undefined], ['conv', 'm.safetensors', [2, 12]], ['w', 'm.safetensors', [4, 3]]]);
    reads.length = 0;
    expect([...(await model.readRows('w', 1, 3))]).toEqual([3, 4, 5, 6, 7, 8]);
    expect(reads).toEqual([[source.size - 24 + 6, 12]]);
    expect((await model.readRows('conv', 1, 2))[0]).toBe(12);
    expect((await model.readRows('w', 2, 2)).length).toBe(0);
  });

  it('says what cannot be read', async () => {
    const model = await openModel([bytesSource('m.safetensors', writeSafetensors([tensor('w', [4, 3]), tensor('b', [3]), { name: 'bad', dtype: 'F64', shape: [3, 2], data: [1, 2, 3, 1e39, Number.NaN, -Infinity] }]))]);
    expect(await message(model.readRows('v', 0, 1))).toMatch(/m\.safetensors has no tensor "v"/);
    expect(await message(model.readRows('b', 0, 1))).toMatch(/m\.safetensors#b has the shape \[3\], and a matrix needs 2 dimensions/);
    expect(await message(model.readRows('bad', 1, 3))).toMatch(/#bad has values .*1 NaN and 1 infinite and 1 beyond the range of float32, of 4; the first is in row 1, column 1/);
    expect([...(await model.readRows('bad', 0, 1))]).toEqual([1, 2]);
    await expect(model.readRows('w', 0, 5)).rejects.toThrow(/Rows 0 to 5 of .* has 4/);
    await expect(model.readRows('w', 0, 4, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('reads a .npy file by rows, in C and in Fortran order', async () => {
    const c = watched(bytesSource('x.npy', writeNpy('<f2', [3, 2], counting(6))));
    const model = await openModel([c.source]);
    expect([model.format, model.tensors[0].name, model.tensors[0].dtype]).toEqual(['npy', 'x', '<f2']);
    c.reads.length = 0;
    expect([...(await model.readRows('x', 1, 3))]).toEqual([2, 3, 4, 5]);
    expect(c.reads).toEqual([[c.source.size - 8, 8]]);
    const bytes = writeNpy('<f4', [3, 2], [0, 2, 4, 1, 3, 5]);
    bytes.set(new TextEncoder().encode("'fortran_order': True, "), new TextDecoder('latin1').decode(bytes).indexOf("'fortran_order': False,"));
    const fortran = watched(bytesSource('x.npy', bytes));
    const turned = await openModel([fortran.source]);
    expect([...(await turned.readRows('x', 1, 2))]).toEqual([2, 3]);
    expect([...(await turned.readRows('x', 2, 3))]).toEqual([4, 5]);
    expect(fortran.reads.filter(([, length]) => length === 24)).toHaveLength(1);
  });

  it('reads nothing and two things with a sentence', async () => {
    expect(await message(openModel([]))).toMatch(/No file was given/);
    const w = bytesSource('w.npy', writeNpy('<f4', [1, 1], [1]));
    expect(await message(openModel([w, { ...w, name: 'v.npy' }]))).toMatch(/w\.npy and v\.npy were given without an index/);
  });
});

describe('a sharded model', () => {
  const [one, two, three] = ['model-00001-of-00003.safetensors', 'model-00002-of-00003.safetensors', 'model-00003-of-00003.safetensors'];
  const shard = (name: string, ...tensors: TensorToWrite[]): ByteSource => bytesSource(name, writeSafetensors(tensors, { format: 'pt' }));
  const map = { b: two, a: one, d: three, c: two };
  const index = (weightMap: unknown = map): ByteSource => json('model.safetensors.index.json', { metadata: { total_size: 48 }, weight_map: weightMap });
  const first = shard(one, tensor('a', [2, 2]));
  const second = shard(two, tensor('b', [1, 2]), tensor('c', [1, 3]));
  const third = shard(three, tensor('d', [3, 1]));

  it('is one model, whatever the order of its files', async () => {
    const model = await openModel([third, index(), first, second]);
    expect([model.name, model.format, model.metadata]).toEqual(['model.safetensors.index.json', 'safetensors', { format: 'pt', total_size: '48' }]);
    expect(model.size).toBe(index().size + first.size + second.size + third.size);
    expect(model.tensors.map((t) => [t.name, t.file, t.matrix])).toEqual([['b', two, [1, 2]], ['a', one, [2, 2]], ['d', three, [3, 1]], ['c', two, [1, 3]]]);
    expect([...(await model.readRows('d', 1, 3))]).toEqual([1, 2]);
  });

  it('keeps what is there when a file is missing', async () => {
    const model = await openModel([second, index()]);
    expect(model.tensors.map((t) => [t.name, t.unfit])).toEqual([['b', undefined], ['a', `is in ${one}, which was not given`], ['d', `is in ${three}, which was not given`], ['c', undefined]]);
    expect([...(await model.readRows('c', 0, 1))]).toEqual([0, 1, 2]);
    expect(await message(model.readRows('a', 0, 1))).toBe(`${one}#a is in ${one}, which was not given. Choose another tensor.`);
  });

  it('lists a tensor that its file lacks, and one that the index forgot', async () => {
    const model = await openModel([index({ a: one, e: one }), shard(one, tensor('a', [2, 2]), tensor('z', [1, 1]))]);
    expect(model.tensors.map((t) => [t.name, t.unfit])).toEqual([['a', undefined], ['e', `is not in ${one}, where model.safetensors.index.json puts it`], ['z', undefined]]);
  });

  it.each<[string, ByteSource[], RegExp]>([
    ['an unknown file', [index(), first, shard('other.safetensors', tensor('x', [1, 1]))], /other\.safetensors is no part of the model of model\.safetensors\.index\.json, which names model-00002-of-00003\.safetensors, model-00001-of-00003\.safetensors, /],
    ['a file twice', [index(), first, first], /00001-of-00003\.safetensors was given twice/],
    ['a tensor in two files', [index(), first, shard(two, tensor('b', [1, 2]), tensor('c', [1, 3]), tensor('a', [2, 2]))], /"a" is in model-00001-of-00003\.safetensors and in model-00002/],
    ['a tensor in another file than the index says', [index(), shard(two, tensor('a', [2, 2]))], /"a" is in model-00002-of-00003\.safetensors, but model\.safetensors\.index\.json puts it in model-00001/],
    ['only the index', [index()], /only names the files of a model \(.*\), and none of them was given/],
    ['two indices', [index(), index()], /were both given/],
    ['a shard of another format', [index(), bytesSource(one, writeNpy('<f4', [1, 1], [1]))], /is no \.safetensors file/],
    ['some other JSON', [json('config.json', { hidden_size: 4 }), first], /config\.json is no index of a sharded model: it has no weight_map/],
    ['no JSON', [bytesSource('a.index.json', new TextEncoder().encode('{')), first], /a\.index\.json is not JSON/],
    ['a list', [json('a.index.json', [1]), first], /no weight_map/],
    ['no tensors', [index({}), first], /names no tensors/],
    ['a name twice', [bytesSource('a.index.json', new TextEncoder().encode('{"weight_map":{"a":"x","\\u0061":"y"}}')), first], /a\.index\.json names "a" twice/],
    ['a file that is none', [index({ a: 3 }), first], /gives no file for the tensor "a"/],
    ['a file elsewhere', [index({ a: '../secret.safetensors' }), first], /in "\.\.\/secret\.safetensors", which is no file beside it/],
    ['the folder itself', [index({ a: '..' }), first], /no file beside it/],
  ])('refuses: %s', async (_, sources, sentence) => {
    expect(await message(openModel(sources))).toMatch(sentence);
  });
});

describe('models on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperkernels-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (path: string, ...tensors: TensorToWrite[]): void => writeFileSync(join(folder, path), writeSafetensors(tensors));

  it('finds the files of a model by a file, an index or a folder', async () => {
    for (const name of ['sharded', 'single', 'several', 'none']) mkdirSync(join(folder, name));
    write('sharded/m-1.safetensors', tensor('a', [1, 2]));
    write('sharded/m-2.safetensors', tensor('b', [1, 2]));
    writeFileSync(join(folder, 'sharded/config.json'), '{}');
    writeFileSync(join(folder, 'sharded/m.safetensors.index.json'), JSON.stringify({ weight_map: { a: 'm-1.safetensors', b: 'm-2.safetensors', c: 'm-3.safetensors' } }));
    write('single/w.safetensors', tensor('a', [1, 2]));
    write('several/v.safetensors', tensor('a', [1, 2]));
    write('several/w.safetensors', tensor('a', [1, 2]));
    const names = async (path: string): Promise<string[]> => (await pathSources(join(folder, path))).map(({ name }) => name);
    const sharded = ['m.safetensors.index.json', 'm-1.safetensors', 'm-2.safetensors'];
    expect(await names('sharded')).toEqual(sharded);
    expect(await names('sharded/m.safetensors.index.json')).toEqual(sharded);
    expect(await names('sharded/m-2.safetensors')).toEqual(['m-2.safetensors']);
    expect(await names('single')).toEqual(['w.safetensors']);
    expect(await message(pathSources(join(folder, 'several')))).toMatch(/several holds 2 models: v\.safetensors, w\.safetensors\./);
    expect(await message(pathSources(join(folder, 'none')))).toMatch(/none has no \.npy, \.safetensors or \.gguf file/);
    expect(await message(pathSources(join(folder, 'absent.gguf')))).toMatch(/absent\.gguf does not exist/);
    const model = await openModel(await pathSources(join(folder, 'sharded')));
    expect(model.tensors.map((t) => [t.name, t.unfit])).toEqual([['a', undefined], ['b', undefined], ['c', 'is in m-3.safetensors, which was not given']]);
  });

  it.runIf(existsSync('/proc/self/fd'))('opens a file once for many reads, and closes it when nobody reads', async () => {
    write('held.safetensors', tensor('w', [200, 4]));
    const path = join(folder, 'held.safetensors');
    const open = (): number => readdirSync('/proc/self/fd').filter((fd) => { try { return readlinkSync(`/proc/self/fd/${fd}`) === path; } catch { return false; } }).length;
    const model = await openModel([await pathSource(path)]);
    await Promise.all(counting(200).map((row) => model.readRows('w', row, row + 1)));
    expect(open()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(open()).toBe(0);
    expect((await model.readRows('w', 3, 4))[0]).toBe(12);
  });

  it('says when a file was changed, shortened or removed', async () => {
    write('changed.safetensors', tensor('w', [2, 2]));
    const path = join(folder, 'changed.safetensors');
    const closed = await pathSource(path);
    truncateSync(path, 40);
    expect(await message(openModel([closed]))).toMatch(/changed\.safetensors can no longer be read as it was/);
    write('changed.safetensors', tensor('w', [2, 2]));
    const model = await openModel([await pathSource(path)]);
    truncateSync(path, 40);
    expect(await message(model.readRows('w', 0, 2))).toMatch(/can no longer be read as it was/);
    const removed = await pathSource(path);
    rmSync(path);
    expect(await message(removed.read(0, 1))).toMatch(/does not exist/);
  });
});

describe('a file of 6 GB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperkernels-'));
  const path = join(folder, 'large.safetensors');
  const [rows, cols] = [750_000, 4096];
  const bytes = rows * cols * 2;
  let start = 0;
  beforeAll(() => {
    const text = JSON.stringify({ w: { dtype: 'BF16', shape: [rows, cols], data_offsets: [0, bytes] } });
    const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
    start = 8 + header.length;
    const file = openSync(path, 'w');
    writeSync(file, new BigUint64Array([BigInt(header.length)]));
    writeSync(file, header);
    ftruncateSync(file, start + bytes);
    const two = (value: number): Uint8Array => new Uint8Array(new Uint16Array([encodeBf16(value)]).buffer);
    writeSync(file, two(2), 0, 2, start);
    writeSync(file, two(-3), 0, 2, start + bytes - 2);
    closeSync(file);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read at both ends and streamed through in a few megabytes', async () => {
    expect(statSync(path).size).toBeGreaterThan(6e9);
    const model = await openModel([await pathSource(path)]);
    expect(model.tensors[0].matrix).toEqual([rows, cols]);
    expect((await model.readRows('w', 0, 1))[0]).toBe(2);
    expect((await model.readRows('w', rows - 1, rows)).at(-1)).toBe(-3);
    expect(await message(model.readRows('w', 0, rows))).toMatch(/3072000000 numbers in these 750000 rows, more than/);
    const before = process.memoryUsage().rss;
    let [most, sum] = [0, 0];
    for (let row = 0; row < 32_000; row += 1000) {
      const part = await model.readRows('w', row, row + 1000);
      sum += part[0] + part[part.length - 1];
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(sum).toBe(2);
    // 262 MB went through, 16 MB of numbers at a time.
    expect(most).toBeLessThan(250e6);
  });

  it('is only sliced in a browser, never read whole', async () => {
    const held = await pathSource(path);
    const lengths: number[] = [];
    const slice = (begin: number, end: number): Pick<Blob, 'arrayBuffer'> => {
      lengths.push(end - begin);
      return { arrayBuffer: async () => (await held.read(begin, end - begin)).slice().buffer };
    };
    // Everything that would read the whole file is absent and would throw.
    const file = { name: 'large.safetensors', size: held.size, slice } as unknown as File;
    const model = await openModel([fileSource(file)]);
    expect((await model.readRows('w', rows - 2000, rows)).at(-1)).toBe(-3);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2 ** 22);
    expect(lengths.reduce((a, b) => a + b, 0)).toBe(2000 * cols * 2 + start + 4);
  });
});
