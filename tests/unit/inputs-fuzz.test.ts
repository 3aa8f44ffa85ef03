import { array, assert, asyncProperty, constant, constantFrom, float, integer, letrec, nat, oneof, property, record, string, tuple, uint8Array, uniqueArray, type Arbitrary } from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/error';
import { BLOCK_TYPES } from '../../src/inputs/gguf-blocks';
import { f16Numbers } from '../../src/inputs/half';
import { openRemote } from '../../src/inputs/http';
import { readNpy, writeNpy, type NpyDtype } from '../../src/inputs/npy';
import { openModel } from '../../src/inputs/open-model';
import { writeSafetensors, type TensorToWrite } from '../../src/inputs/safetensors';
import { bytesSource, type ByteSource } from '../../src/inputs/source';
import { listTensors, readMatrix } from '../../src/inputs/tensors';
import { anyMutation, mutate, retype, some, watchAllocations, type Mutation } from './fuzz';
import { GGML, writeGguf, type Value } from './gguf-writer';

/** Ten thousand mutated files in all, the same ones every time. */
const RUNS = { npy: 2000, safetensors: 2000, unnamed: 500, gguf: 3000, index: 1200, http: 1500 };
const seeded = (numRuns: number): { numRuns: number; seed: number } => ({ numRuns, seed: 20_261 });
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 37) % 120);
const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
const name = string({ unit: 'binary', maxLength: 6 });

const validNpy = record({
  dtype: constantFrom<NpyDtype>('<f8', '<f4', '<f2', '|i1', '|u1', '<i2', '<i4', '<i8'),
  shape: array(nat(4), { maxLength: 4 }),
}).map(({ dtype, shape }) => writeNpy(dtype, shape, numbers(product(shape))));

const validSafetensors = uniqueArray(
  record({
    name: name.filter((text) => text !== '__metadata__'),
    dtype: constantFrom<TensorToWrite['dtype']>('F64', 'F32', 'F16', 'BF16', 'I8', 'U8', 'F8_E4M3', 'F8_E5M2'),
    shape: array(nat(4), { maxLength: 3 }),
  }),
  { maxLength: 5, selector: (t) => t.name },
).map((tensors) => writeSafetensors(tensors.map((t) => ({ ...t, data: numbers(product(t.shape)) }))));

const value = letrec<{ value: Value; list: Value }>((tie) => ({
  value: oneof({ maxDepth: 4 },
    integer({ min: 0, max: 255 }).map((n): Value => ({ type: 'u8', value: n })),
    constantFrom<Value>({ type: 'u32', value: 7 }, { type: 'i64', value: -9n }, { type: 'f32', value: 1e-5 }, { type: 'f64', value: Number.NaN }, { type: 'bool', value: 1 }),
    string({ unit: 'binary', maxLength: 20 }).map((text): Value => ({ type: 'text', value: text })),
    tie('list')),
  list: oneof({ maxDepth: 4 },
    array(string({ maxLength: 4 }), { maxLength: 30 }).map((texts): Value => ({ type: 'list', of: 'text', value: texts.map((text) => ({ type: 'text', value: text })) })),
    array(tie('list'), { maxLength: 3 }).map((lists): Value => ({ type: 'list', of: 'list', value: lists }))),
})).value;

const validGguf = record({
  version: constantFrom(2, 3),
  metadata: uniqueArray(tuple(string({ unit: 'binary', minLength: 1, maxLength: 12 }), value), { maxLength: 5, selector: ([key]) => key }),
  tensors: uniqueArray(record({ name, type: constantFrom(...Object.values(GGML)), blocks: nat(2), rows: nat(2) }), { maxLength: 5, selector: (t) => t.name }),
}).map(({ version, metadata, tensors }) =>
  writeGguf({
    version, metadata,
    tensors: tensors.map((t) => {
      const { numbers: per, bytes } = BLOCK_TYPES.get(t.type) ?? { numbers: 256, bytes: 136 };
      // Small bytes: scales of 16 bits are then no NaN.
      return { name: t.name, type: t.type, sizes: [t.blocks * per, t.rows], data: Uint8Array.from({ length: t.blocks * t.rows * bytes }, (_, i) => (i * 37) % 120) };
    }),
  }));

/** The retyped header with its length put right, so that the checks behind the length are reached. */
const retypeWithLength: Arbitrary<Mutation> = retype.map((change) => (bytes) => {
  const changed = change(bytes);
  const view = new DataView(changed.buffer, changed.byteOffset, changed.length);
  if (changed.length < 10 || bytes.length < 10) return changed;
  if (changed[0] === 0x93) view.setUint16(8, Math.max(0, view.getUint16(8, true) + changed.length - bytes.length), true);
  else view.setBigUint64(0, BigInt.asUintN(64, view.getBigUint64(0, true) + BigInt(changed.length - bytes.length)), true);
  return changed;
});
const textual = some(oneof({ arbitrary: anyMutation, weight: 5 }, { arbitrary: retype, weight: 1 }, { arbitrary: retypeWithLength, weight: 1 }));
const binary = some(anyMutation);

let allocations: ReturnType<typeof watchAllocations>;
beforeAll(() => {
  f16Numbers(); // a table of its own, made once
  allocations = watchAllocations();
});
beforeEach(() => allocations.reset());
afterAll(() => allocations.stop());

/** Every file may ask for bytes within itself only. */
const guard = (file: ByteSource): ByteSource => ({
  ...file,
  read(offset, length, signal) {
    if (!(offset >= 0 && length >= 0 && offset + length <= file.size)) throw new Error(`read of ${length} bytes at ${offset} of ${file.size}`);
    return file.read(offset, length, signal);
  },
});

type Outcome = 'read' | 'refused';

/** What is allowed: a valid result, or an InputError whose two sentences end in a full stop and name a file. */
async function outcome(read: () => Promise<void>, size: number, files: readonly string[]): Promise<Outcome> {
  allocations.reset();
  let result: Outcome = 'read';
  try {
    await read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (!error.what.endsWith('.') || !error.mend.endsWith('.')) throw new Error(`not sentences: ${error.message}`, { cause: error });
    if (!files.some((file) => error.what.includes(file))) throw new Error(`names no file: ${error.message}`, { cause: error });
    result = 'refused';
  }
  // The densest block is 18 bytes for 32 numbers, 128 bytes as float32; a text decoder takes a little.
  if (allocations.largest() > 8 * size + 1024) throw new Error(`an array of ${allocations.largest()} bytes for a file of ${size}`);
  return result;
}

/** Both ways to read a file: as the labs do, a tensor at a time, and as a model, row by row. */
async function readAll(file: ByteSource): Promise<void> {
  for (const entry of await listTensors(file)) {
    expect(entry.bytes).toBeLessThanOrEqual(file.size);
    if (!entry.matrix) continue;
    const matrix = await readMatrix(file, entry.name);
    expect(matrix.data.length).toBe(matrix.rows * matrix.cols);
    expect(matrix.data.every(Number.isFinite)).toBe(true);
  }
  await readRows(await openModel([file]));
}

async function readRows(model: Awaited<ReturnType<typeof openModel>>): Promise<void> {
  for (const { name, matrix, unfit } of model.tensors) {
    expect(matrix === undefined).toBe(unfit !== undefined);
    const [rows, cols] = matrix ?? [0, 0];
    const read = matrix ? await model.readRows(name, rows - 1, rows) : [];
    expect(read.length).toBe(cols);
  }
}

/** Both outcomes must be frequent, or the mutations would miss one side of the checks; shares of all runs. */
async function fuzz(runs: number, property: (seen: Record<Outcome, number>) => Parameters<typeof assert>[0]): Promise<Record<Outcome, number>> {
  const seen = { read: 0, refused: 0 };
  await assert(property(seen), seeded(runs));
  return { read: seen.read / runs, refused: seen.refused / runs };
}

describe('malformed files', () => {
  it('are watched: an array of any kind that is too large is seen', async () => {
    for (const make of [() => new Float32Array(500), () => Float64Array.from({ length: 250 }), () => new ArrayBuffer(2000)]) {
      await expect(outcome(async () => { make(); }, 100, [])).rejects.toThrow('an array of 2000 bytes for a file of 100');
    }
  });

  it.each([
    ['a.npy', validNpy, textual, RUNS.npy],
    ['a.safetensors', validSafetensors, textual, RUNS.safetensors],
    ['a.bin', oneof(validNpy, validSafetensors, validGguf), textual, RUNS.unnamed],
    ['a.gguf', validGguf, binary, RUNS.gguf],
  ] as const)('a mutated %s is read or refused with sentences, never worse', async (file, valid, mutations, runs) => {
    const shares = await fuzz(runs, (seen) => asyncProperty(valid, mutations, async (bytes, changes) => {
      const changed = mutate(bytes, changes);
      seen[await outcome(() => readAll(guard(bytesSource(file, changed))), changed.length, [file])]++;
    }));
    expect(shares.read).toBeGreaterThan(0.05);
    expect(shares.refused).toBeGreaterThan(0.2);
  }, 60_000);

  it('a mutated index, or shards that do not fit it, are read or refused with sentences', async () => {
    const weightMap = array(tuple(constantFrom('a', 'b', '', 'é', '__proto__', 'constructor'), constantFrom('1.safetensors', '2.safetensors', '3.safetensors')), { maxLength: 6 });
    const shares = await fuzz(RUNS.index, (seen) => asyncProperty(weightMap, validSafetensors, some(oneof(anyMutation, retype, constant<Mutation>((bytes) => bytes))), constantFrom(0, 1, 2), async (map, other, changes, broken) => {
      const data = (tensor: string): TensorToWrite => ({ name: tensor, dtype: 'F32', shape: [2, 2], data: [1, 2, 3, 4] });
      const index = new TextEncoder().encode(JSON.stringify({ metadata: { total_size: 32 }, weight_map: Object.fromEntries([['a', '1.safetensors'], ...map]) }));
      const files = [index, writeSafetensors([data('a')]), other];
      files[broken] = mutate(files[broken], changes);
      const names = ['m.index.json', '1.safetensors', '2.safetensors'];
      const size = files.reduce((sum, { length }) => sum + length, 0);
      const sources = files.map((bytes, i) => guard(bytesSource(names[i], bytes))).slice(0, map.length % 2 ? 3 : 2);
      seen[await outcome(async () => readRows(await openModel(sources)), size, names)]++;
    }));
    expect(shares.read).toBeGreaterThan(0.05);
    expect(shares.refused).toBeGreaterThan(0.2);
  }, 60_000);

  it('mutated answers of a server are read or refused with sentences', async () => {
    const file = writeSafetensors([{ name: 'w', dtype: 'F32', shape: [32, 16], data: numbers(512) }]);
    const number = constantFrom('0', '1', '511', '512', '513', '1023', String(file.length), String(file.length - 1), '99999999999', '9'.repeat(30), '-1', '*', '', '1e3', '٣');
    const header = oneof(
      tuple(number, number, number).map(([a, b, c]) => ['Content-Range', `bytes ${a}-${b}/${c}`] as const),
      constantFrom(['Content-Range', ''], ['Content-Range', 'bytes'], ['Content-Range', 'rows 0-1/2'], ['Content-Encoding', 'br'], ['ETag', '"2"'], ['Last-Modified', 'never'], ['Content-Length', '9'.repeat(20)], ['Content-Type', 'text/html']) as Arbitrary<readonly [string, string]>,
    ).filter(([, text]) => !/[^\u0020-\u007e]/.test(text));
    const misdeed = record({
      at: nat(5),
      status: oneof({ arbitrary: constant(206), weight: 6 }, { arbitrary: constantFrom(200, 201, 301, 304, 400, 401, 404, 416, 429, 500, 503), weight: 2 }),
      headers: array(header, { maxLength: 2 }),
      body: oneof(some(anyMutation).map((changes) => (bytes: Uint8Array) => mutate(bytes, changes)), constant((bytes: Uint8Array) => bytes)),
      fails: constantFrom('never', 'never', 'never', 'at once', 'midway'),
    });
    const shares = await fuzz(RUNS.http, (seen) => asyncProperty(array(misdeed, { minLength: 1, maxLength: 3 }), async (misdeeds) => {
      let request = 0;
      const answer: typeof fetch = (_, init) => {
        const wrong = misdeeds.find(({ at }) => at === request);
        request++;
        const [, a, b] = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('Range') ?? '')!;
        const end = Math.min(Number(b) + 1, file.length);
        const sound = file.slice(Number(a), end);
        if (wrong?.fails === 'at once') return Promise.reject(new TypeError('fetch failed'));
        const headers = new Headers({ 'Content-Range': `bytes ${a}-${end - 1}/${file.length}`, ETag: '"1"' });
        for (const [key, text] of wrong?.headers ?? []) headers.set(key, text);
        const bytes = wrong?.body(sound) ?? sound;
        const body = new ReadableStream<Uint8Array>({
          start(control) {
            control.enqueue(bytes.slice(0, bytes.length / 2));
            if (wrong?.fails === 'midway') return control.error(new TypeError('terminated'));
            control.enqueue(bytes.slice(bytes.length / 2));
            control.close();
          },
        });
        const status = wrong?.status ?? 206;
        return Promise.resolve(new Response(status === 304 ? null : body, { status, headers }));
      };
      const read = async (): Promise<void> => {
        const sources = await openRemote('https://a.org/m.safetensors', { fetch: answer, blockBytes: 512, retries: 1, backoffMs: 0 });
        await readRows(await openModel(sources.map(guard)));
      };
      seen[await outcome(read, file.length + 16, ['m.safetensors'])]++;
    }));
    expect(shares.read).toBeGreaterThan(0.05);
    expect(shares.refused).toBeGreaterThan(0.2);
  }, 60_000);

  it('unmutated files are always read', async () => {
    await assert(asyncProperty(oneof(validNpy, validSafetensors, validGguf), async (bytes) => {
      expect(await outcome(() => readAll(guard(bytesSource('a', bytes))), bytes.length, ['a'])).toBe('read');
    }), seeded(300));
  });

  it('arbitrary bytes are refused', async () => {
    await assert(asyncProperty(uint8Array({ maxLength: 64 }), constantFrom('a.npy', 'a.safetensors', 'a.gguf', 'a.index.json', 'a'), async (bytes, file) => {
      expect(await outcome(() => readAll(guard(bytesSource(file, bytes))), bytes.length, [file])).toBe('refused');
    }), seeded(500));
  });

  it('a .npy round trip keeps every number', () => {
    assert(property(array(float({ noNaN: true }), { maxLength: 40 }), (values) => {
      const data = Float32Array.from(values);
      expect(readNpy(writeNpy('<f4', [data.length], data)).data).toEqual(data);
    }), seeded(300));
  });
});
