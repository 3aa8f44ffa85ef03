import { array, assert, asyncProperty, constantFrom, double, float, nat, oneof, property, record, string, tuple, uint8Array, uniqueArray, type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/error';
import { readNpy, writeNpy, type NpyDtype } from '../../src/inputs/npy';
import { writeSafetensors, type TensorToWrite } from '../../src/inputs/safetensors';
import { bytesSource, type ByteSource } from '../../src/inputs/source';
import { listTensors, readMatrix } from '../../src/inputs/tensors';

const RUNS = 1500;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 37) % 120);

const validNpy = record({
    dtype: constantFrom<NpyDtype>('<f8', '<f4', '<f2', '|i1', '|u1', '<i2', '<i4', '<i8'),
    shape: array(nat(4), { maxLength: 4 }),
  })
  .map(({ dtype, shape }) => writeNpy(dtype, shape, numbers(shape.reduce((a, b) => a * b, 1))));

const validSafetensors = uniqueArray(
    record({
      name: string({ maxLength: 6 }).filter((name) => name !== '__metadata__'),
      dtype: constantFrom<TensorToWrite['dtype']>('F64', 'F32', 'F16', 'BF16', 'I8', 'U8', 'F8_E4M3', 'F8_E5M2'),
      shape: array(nat(4), { maxLength: 3 }),
    }),
    { maxLength: 5, selector: (t) => t.name },
  )
  .map((tensors) => writeSafetensors(tensors.map((t) => ({ ...t, data: numbers(t.shape.reduce((a, b) => a * b, 1)) }))));

type Mutation = (bytes: Uint8Array) => Uint8Array;
const at = (share: number, length: number): number => Math.min(length - 1, Math.floor(share * length));
const share = double({ min: 0, max: 1, noNaN: true });

const splice = (bytes: Uint8Array, from: number, remove: number, insert: Uint8Array): Uint8Array =>
  new Uint8Array([...bytes.subarray(0, from), ...insert, ...bytes.subarray(from + remove)]);

/** Swaps one printed number, bracket or quote of the header for another text. */
const retype: Arbitrary<Mutation> = record({ where: share, text: constantFrom('-1', '0', '1e9', '4294967296', '99999999999999999999', '1.5', '"', '{', ']', 'null', 'NaN', '(', ',', "'", 'F31', '<c8') })
  .map(({ where, text }) => (bytes) => {
    const header = new TextDecoder('latin1').decode(bytes.subarray(0, 400));
    const tokens = [...header.matchAll(/\d+|[[\]{}()"':,]|F\d+|<f\d/g)];
    const token = tokens[at(where, tokens.length)];
    return token ? splice(bytes, token.index, token[0].length, new TextEncoder().encode(text)) : bytes;
  });
const mutation: Arbitrary<Mutation> = oneof(
  share.map((where): Mutation => (bytes) => bytes.slice(0, at(where, bytes.length + 1))),
  tuple(share, nat(255)).map(([where, value]): Mutation => (bytes) => (bytes.length ? bytes.with(at(where, bytes.length), value) : bytes)),
  tuple(share, nat(7)).map(([where, bit]): Mutation => (bytes) => (bytes.length ? bytes.with(at(where, bytes.length), bytes[at(where, bytes.length)] ^ (1 << bit)) : bytes)),
  tuple(nat(16), nat(255)).map(([where, value]): Mutation => (bytes) => (where < bytes.length ? bytes.with(where, value) : bytes)),
  tuple(share, uint8Array({ maxLength: 9 })).map(([where, extra]): Mutation => (bytes) => splice(bytes, at(where, bytes.length + 1), 0, extra)),
  retype,
  // The retyped header with its length put right, so that the checks behind the length are reached.
  retype.map((change): Mutation => (bytes) => {
    const changed = change(bytes);
    const [before, view] = [bytes.length, new DataView(changed.buffer, changed.byteOffset, changed.length)];
    if (changed.length < 10 || bytes.length < 10) return changed;
    if (changed[0] === 0x93) view.setUint16(8, Math.max(0, view.getUint16(8, true) + changed.length - before), true);
    else view.setBigUint64(0, BigInt.asUintN(64, view.getBigUint64(0, true) + BigInt(changed.length - before)), true);
    return changed;
  }),
);
const mutations = array(mutation, { minLength: 1, maxLength: 3 });

/** Every outcome that is allowed: a valid result, or an InputError whose two sentences end in a full stop. */
async function outcome(file: ByteSource): Promise<'read' | 'refused'> {
  const guarded: ByteSource = {
    ...file,
    read(offset, length) {
      // Nothing may be asked for, let alone allocated, beyond the bytes at hand.
      expect(offset >= 0 && length >= 0 && offset + length <= file.size).toBe(true);
      return file.read(offset, length);
    },
  };
  try {
    for (const entry of await listTensors(guarded)) {
      expect(entry.bytes).toBeLessThanOrEqual(file.size);
      if (!entry.matrix) continue;
      const matrix = await readMatrix(guarded, entry.name);
      expect(matrix.data.length).toBe(matrix.rows * matrix.cols);
      expect(matrix.data.every(Number.isFinite)).toBe(true);
    }
    return 'read';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (!error.what.endsWith('.') || !error.mend.endsWith('.')) throw new Error(`not sentences: ${error.message}`, { cause: error });
    return 'refused';
  }
}

describe('malformed files', () => {
  it.each([['a.npy', validNpy], ['a.safetensors', validSafetensors], ['a.bin', oneof(validNpy, validSafetensors)]] as const)(
    'a mutated %s is read or refused with sentences, never worse',
    async (name, valid) => {
      const seen = { read: 0, refused: 0 };
      await assert(
        asyncProperty(valid, mutations, async (bytes, changes) => {
          seen[await outcome(bytesSource(name, changes.reduce((b, change) => change(b), bytes)))]++;
        }),
        { numRuns: RUNS },
      );
      expect(seen.read).toBeGreaterThan(RUNS / 100);
      expect(seen.refused).toBeGreaterThan(RUNS / 4);
    },
    30_000,
  );

  it('unmutated files are always read', async () => {
    await assert(asyncProperty(oneof(validNpy, validSafetensors), async (bytes) => {
      expect(await outcome(bytesSource('a', bytes))).toBe('read');
    }), { numRuns: 300 });
  });

  it('arbitrary bytes are refused', async () => {
    await assert(asyncProperty(uint8Array({ maxLength: 64 }), constantFrom('a.npy', 'a.safetensors', 'a'), async (bytes, name) => {
      expect(await outcome(bytesSource(name, bytes))).toBe('refused');
    }), { numRuns: 500 });
  });

  it('a .npy round trip keeps every number', () => {
    assert(property(array(float({ noNaN: true }), { maxLength: 40 }), (values) => {
      const data = Float32Array.from(values);
      expect(readNpy(writeNpy('<f4', [data.length], data)).data).toEqual(data);
    }), { numRuns: 300 });
  });
});
