import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/error';
import { readNpy, writeNpy, type NpyDtype } from '../../src/inputs/npy';

/** A version-1 file with any header text. */
function file(dict: string, payload: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const header = new TextEncoder().encode(`${dict}\n`);
  const lengthBytes = version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return new Uint8Array([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...lengthBytes, ...header, ...payload]);
}
const dict = (descr: string, shape: string, fortran = 'False'): string => `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function refusal(bytes: Uint8Array): string {
  try {
    readNpy(bytes, 'a.npy');
  } catch (error) {
    return error instanceof InputError ? error.message : `no InputError: ${String(error)}`;
  }
  return 'was not refused';
}

describe('npy', () => {
  const whole = [0, 1, 1, 0, 1, 0];
  it.each<[NpyDtype, number[]]>([
    ['<f8', [0.1, -2, 1e300, 0, 5, 6]], ['<f4', [0.5, -2, 3.25, 1e30, -0, 6]], ['<f2', [0.5, -2, 65504, 2 ** -24, 1, 2]],
    ['|i1', [-128, 127, 0, 1, 2, 3]], ['|u1', [0, 255, 1, 2, 3, 4]], ['<i2', [-32768, 32767, 0, 1, 2, 3]], ['<u2', [0, 65535, 1, 2, 3, 4]],
    ['<i4', [-(2 ** 31), 2 ** 31 - 1, 0, 1, 2, 3]], ['<u4', [0, 2 ** 32 - 1, 1, 2, 3, 4]],
    ['<i8', [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0, 1, 2, 3]], ['<u8', [0, Number.MAX_SAFE_INTEGER, 1, 2, 3, 4]], ['|b1', whole],
  ])('writes and reads %s', (dtype, values) => {
    const read = readNpy(writeNpy(dtype, [2, 3], values));
    expect(read.dtype).toBe(dtype);
    expect(read.shape).toEqual([2, 3]);
    expect([...read.data]).toEqual(dtype === '<f4' ? [...Float32Array.from(values)] : values);
  });

  it('starts the numbers at a multiple of 64 bytes, as numpy does', () => {
    for (const shape of [[], [3], [100000], [2, 3, 4, 5, 6]]) {
      const count = shape.reduce((a, b) => a * b, 1);
      expect((writeNpy('|u1', shape, new Uint8Array(count)).length - count) % 64).toBe(0);
    }
  });

  it('reads scalars, empty arrays and more than two dimensions', () => {
    expect(readNpy(writeNpy('<f4', [], [7]))).toMatchObject({ shape: [] });
    expect(readNpy(writeNpy('<f4', [0, 5], [])).data.length).toBe(0);
    expect(readNpy(writeNpy('<f4', [1, 2, 3], [1, 2, 3, 4, 5, 6])).shape).toEqual([1, 2, 3]);
  });

  it.each([2, 3])('reads version %i', (version) => {
    expect([...readNpy(file(dict('<f4', '(2,)'), bytesOf(new Float32Array([1, 2])), version)).data]).toEqual([1, 2]);
  });

  it('reads big-endian numbers', () => {
    expect([...readNpy(file(dict('>i2', '(2,)'), new Uint8Array([1, 2, 0xff, 0xfe]))).data]).toEqual([258, -2]);
    expect([...readNpy(file(dict('>f4', '(1,)'), new Uint8Array([0x3f, 0x80, 0, 0]))).data]).toEqual([1]);
  });

  it('turns Fortran order into rows', () => {
    // [[0,1,2],[3,4,5]] by columns
    expect([...readNpy(file(dict('|u1', '(2, 3)', 'True'), new Uint8Array([0, 3, 1, 4, 2, 5]))).data]).toEqual([0, 1, 2, 3, 4, 5]);
    const columnMajor = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
    expect([...readNpy(file(dict('|u1', '(2, 3, 4)', 'True'), new Uint8Array(columnMajor))).data]).toEqual([...Array(24).keys()]);
  });

  it('does not depend on the alignment of the bytes', () => {
    const bytes = writeNpy('<f8', [2], [1.5, 2.5]);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect([...readNpy(shifted.subarray(1)).data]).toEqual([1.5, 2.5]);
  });

  it('writes nothing that does not fit the dtype', () => {
    expect(() => writeNpy('|i1', [1], [128])).toThrow(/128 at position 0/);
    expect(() => writeNpy('<i4', [1], [0.5])).toThrow(RangeError);
    expect(() => writeNpy('<f4', [3], [1, 2])).toThrow(/needs 3 numbers/);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['empty file', new Uint8Array(0), /a\.npy is empty/],
    ['wrong magic', new TextEncoder().encode('NUMPY, not really'), /signature/],
    ['cut inside the magic', new Uint8Array([0x93, 0x4e, 0x55]), /signature/],
    ['cut inside the length', new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 9]), /ends inside its header/],
    ['unknown version', file(dict('<f4', '()'), bytesOf(new Float32Array(1)), 9), /version 9\.0/],
    ['header longer than the file', new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 255, 255, 32]), /header of 65535 bytes/],
    ['truncated numbers', file(dict('<f4', '(2, 2)'), new Uint8Array(15)), /16 bytes, but 15 follow/],
    ['too many numbers', file(dict('<f4', '(2, 2)'), new Uint8Array(17)), /but 17 follow/],
    ['huge shape', file(dict('<f4', '(9007199254740991, 9007199254740991)')), /should hold/],
    ['huge shape with a zero', file(dict('<f4', `(0, ${'9007199254740991, '.repeat(25)})`), new Uint8Array(4)), /should hold/],
    ['a number beyond 2^53 in the shape', file(dict('<f4', '(99999999999999999999,)')), /cannot be read/],
    ['a negative size', file(dict('<f4', '(-2, 2)')), /cannot be read/],
    ['unknown dtype', file(dict('<c8', '(1,)'), new Uint8Array(8)), /dtype "<c8"/],
    ['Python objects', file(dict('|O', '(1,)'), new Uint8Array(8)), /Python objects/],
    ['records', file("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)), /records/],
    ['a name twice', file("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)), /cannot be read/],
    ['a missing entry', file("{'descr': '<f4', 'shape': (1,), }", new Uint8Array(4)), /cannot be read/],
    ['an integer beyond 2^53', file(dict('<i8', '(1,)'), bytesOf(new BigInt64Array([2n ** 60n]))), /beyond 2\^53/],
  ])('refuses: %s', (_, bytes, sentence) => {
    expect(refusal(bytes)).toMatch(sentence);
  });
});
