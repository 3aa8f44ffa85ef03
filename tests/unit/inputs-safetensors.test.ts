import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/error';
import { MAX_HEADER, parseSafetensorsHeader, safetensorsHeaderLength, writeSafetensors } from '../../src/inputs/safetensors';
import { bytesSource } from '../../src/inputs/source';
import { listTensors, readMatrix } from '../../src/inputs/tensors';

/** A file with any header text. */
function file(header: string, data: Uint8Array | number = 0, claimed?: bigint): Uint8Array {
  const json = new TextEncoder().encode(header);
  const payload = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + json.length + payload.length);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(payload, 8 + json.length);
  return bytes;
}
const one = (dtype: string, shape: string, offsets: string): string => `{"w":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`;

async function refusal(bytes: Uint8Array, tensor?: string): Promise<string> {
  const outcome = await readMatrix(bytesSource('m.safetensors', bytes), tensor).then(() => 'was not refused', (error: unknown) => error);
  expect(outcome).toBeInstanceOf(InputError);
  return (outcome as InputError).message;
}

describe('safetensors', () => {
  it('reads what it writes, in every dtype', async () => {
    const values = [0, 1, -2, 3, 64, -128];
    const bytes = writeSafetensors([
      { name: 'f64', dtype: 'F64', shape: [2, 3], data: values }, { name: 'f32', dtype: 'F32', shape: [2, 3], data: values },
      { name: 'f16', dtype: 'F16', shape: [2, 3], data: values }, { name: 'bf16', dtype: 'BF16', shape: [2, 3], data: values },
      { name: 'i8', dtype: 'I8', shape: [2, 3], data: values }, { name: 'u8', dtype: 'U8', shape: [2, 3], data: [0, 1, 2, 3, 64, 255] },
      { name: 'e4m3', dtype: 'F8_E4M3', shape: [2, 3], data: [0, 0x38, 0xc0, 0x44, 0x68, 0xf0] },
      { name: 'e5m2', dtype: 'F8_E5M2', shape: [2, 3], data: [0, 0x3c, 0xc0, 0x42, 0x54, 0xd8] },
    ], { made: 'here' });
    const source = bytesSource('m.safetensors', bytes);
    for (const name of ['f64', 'f32', 'f16', 'bf16', 'i8', 'e4m3', 'e5m2']) {
      const matrix = await readMatrix(source, name);
      expect([name, matrix.rows, matrix.cols, [...matrix.data]]).toEqual([name, 2, 3, values]);
    }
    expect([...(await readMatrix(source, 'u8')).data]).toEqual([0, 1, 2, 3, 64, 255]);
    const length = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.length, 'm');
    expect(parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.length, 'm').metadata).toEqual({ made: 'here' });
    expect(length % 8).toBe(0);
  });

  it('writes a file that reads the same however the tensors were ordered', () => {
    const a = { name: 'a', dtype: 'F32', shape: [1, 2], data: [1, 2] } as const;
    const b = { name: 'b', dtype: 'F64', shape: [1], data: [3] } as const;
    expect(writeSafetensors([a, b])).toEqual(writeSafetensors([b, a]));
    expect(() => writeSafetensors([a, a])).toThrow(/"a"/);
    expect(() => writeSafetensors([{ ...a, shape: [3] }])).toThrow(/needs 3 numbers/);
  });

  it('lists dtypes that it cannot read, and refuses them by name when chosen', async () => {
    const bytes = file('{"ids":{"dtype":"I64","shape":[1,2],"data_offsets":[0,16]},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[16,24]}}', 24);
    const entries = await listTensors(bytesSource('m.safetensors', bytes));
    expect(entries.map((e) => [e.name, e.dtype, e.bytes, e.matrix])).toEqual([['ids', 'I64', 16, undefined], ['w', 'F32', 8, [1, 2]]]);
    expect(await refusal(bytes, 'ids')).toMatch(/#ids has the dtype I64, and only F64, F32, .* can be read\. Choose w \[1, 2\]\./);
  });

  it('accepts empty tensors, scalars, trailing spaces and the odd name', async () => {
    const bytes = file('{"__proto__":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},"":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[1,2],"data_offsets":[4,6]}}   ', 6);
    expect((await listTensors(bytesSource('m', bytes))).map((e) => e.name)).toEqual(['__proto__', '', 'w']);
    expect((await readMatrix(bytesSource('m', bytes))).source).toBe('m#w');
  });

  const pair = (first: string, second: string): string => `{"a":{"dtype":"F32","shape":[1,2],"data_offsets":${first}},"b":{"dtype":"F32","shape":[1,2],"data_offsets":${second}}}`;
  it.each<[string, Uint8Array, RegExp]>([
    ['empty file', new Uint8Array(0), /m\.safetensors is empty/],
    ['too short for the length', new Uint8Array(7), /only 7 bytes long/],
    ['truncated header', file(one('F32', '[1,2]', '[0,8]'), 8).subarray(0, 30), /announces a header of \d+ bytes but is only 30/],
    ['truncated data', file(one('F32', '[1,2]', '[0,8]'), 7), /bytes 0 to 8, but the data has bytes 0 to 7/],
    ['header too long for the format', file('{}', 0, BigInt(MAX_HEADER) + 1n), /more than the 100 MB/],
    ['header length near 2^64', file('{}', 0, 2n ** 64n - 1n), /header of 18446744073709551615 bytes/],
    ['header not JSON', file('{"w":'), /not JSON/],
    ['header not UTF-8', file(''), /not JSON/],
    ['header a list', file('[]'), /not a table/],
    ['header deeply nested', file('['.repeat(1e5)), /not JSON/],
    ['wrong magic', new TextEncoder().encode('PK\u0003\u0004 a zip archive'), /zip archive/],
    ['overlapping offsets', file(pair('[0,8]', '[4,12]'), 12), /"a" and "b" of m\.safetensors overlap: one ends at byte 8, the next begins at byte 4/],
    ['the same bytes twice', file(pair('[0,8]', '[0,8]'), 8), /overlap/],
    ['a hole', file(pair('[0,8]', '[12,20]'), 20), /4 bytes before the tensor "b"/],
    ['bytes after the last tensor', file(one('F32', '[1,2]', '[0,8]'), 9), /1 bytes after/],
    ['offsets out of range', file(one('F32', '[1,2]', '[8,16]'), 8), /bytes 8 to 16/],
    ['offsets the wrong way round', file(one('F32', '[1,2]', '[8,0]'), 8), /bytes 8 to 0/],
    ['negative offsets', file(one('F32', '[1,2]', '[-8,0]'), 8), /not two whole numbers/],
    ['fractional offsets', file(one('F32', '[1,2]', '[0,8.5]'), 9), /not two whole numbers/],
    ['three offsets', file(one('F32', '[1,2]', '[0,8,8]'), 8), /not two whole numbers/],
    ['offsets beyond 2^53', file(one('F32', '[1,2]', '[0,99999999999999999999]'), 8), /not two whole numbers/],
    ['unknown dtype', file(one('F31', '[1,2]', '[0,8]'), 8), /dtype "F31", which the format does not know/],
    ['dtype of the prototype', file(one('toString', '[1,2]', '[0,8]'), 8), /dtype "toString"/],
    ['dtype missing', file('{"w":{"shape":[1,2],"data_offsets":[0,8]}}', 8), /no dtype/],
    ['wrong product of shape', file(one('F32', '[1,3]', '[0,8]'), 8), /F32 \[1, 3\] and needs 12 bytes, but its offsets span 8/],
    ['negative size', file(one('F32', '[-1,-2]', '[0,8]'), 8), /shape \[-1,-2\]/],
    ['size minus zero', file(one('F32', '[-0,2]', '[0,0]')), /shape/],
    ['huge shape that overflows', file(one('F32', '[4294967296,4294967296,4294967296]', '[0,0]')), /needs/],
    ['shape missing', file('{"w":{"dtype":"F32","data_offsets":[0,8]}}', 8), /shape nothing/],
    ['duplicate names', file('{"w":{"dtype":"U8","shape":[1,1],"data_offsets":[0,1]},"\\u0077":{"dtype":"U8","shape":[1,1],"data_offsets":[0,1]}}', 1), /names "w" twice/],
    ['duplicate dtype', file('{"w":{"dtype":"U8","dtype":"U8","shape":[1,1],"data_offsets":[0,1]}}', 1), /names "dtype" twice/],
    ['metadata not texts', file('{"__metadata__":{"a":1}}'), /__metadata__/],
    ['no tensors', file('{}'), /has 0 tensors/],
    ['NaN', writeSafetensors([{ name: 'w', dtype: 'F32', shape: [2, 3], data: [0, 1, 2, 3, Number.NaN, Number.NaN] }]), /2 NaN, of 6; the first is in row 1, column 1/],
    ['Inf', writeSafetensors([{ name: 'w', dtype: 'F16', shape: [2, 2], data: [0, Infinity, 2, -Infinity] }]), /2 infinite, of 4; the first is in row 0, column 1/],
    ['NaN and Inf in 8 bits', writeSafetensors([{ name: 'w', dtype: 'F8_E5M2', shape: [1, 3], data: [0x7c, 0x7d, 0] }]), /1 NaN and 1 infinite/],
    ['beyond float32', writeSafetensors([{ name: 'w', dtype: 'F64', shape: [1, 1], data: [1e39] }]), /1 beyond the range of float32/],
  ])('refuses: %s', async (name, bytes, sentence) => {
    if (name === 'header not UTF-8') bytes = file('{"\u00e9":0}').with(10, 0xff);
    expect(await refusal(bytes)).toMatch(sentence);
  });
});
