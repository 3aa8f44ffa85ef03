import { describe, expect, it } from 'vitest';
import { createRng } from '../../kernels/rng';
import { InputError } from '../../src/inputs/error';
import { parseGguf } from '../../src/inputs/gguf';
import { BLOCK_TYPES } from '../../src/inputs/gguf-blocks';
import { decodeF16, encodeBf16, encodeF16 } from '../../src/inputs/half';
import { openModel } from '../../src/inputs/open-model';
import { bytesSource, type ByteSource } from '../../src/inputs/source';
import { listTensors, readMatrix } from '../../src/inputs/tensors';
import { GGML, writeGguf, type GgufToWrite, type Value } from './gguf-writer';

const rng = createRng(7);
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => rng.normal());
const f16Bytes = (value: number): number[] => [encodeF16(value) & 255, encodeF16(value) >> 8];
const f32Data = (values: readonly number[]): Uint8Array => new Uint8Array(new Float32Array(values).buffer);
const decode = (type: number, bytes: readonly number[]): number[] => [...BLOCK_TYPES.get(type)!.decode(Uint8Array.from(bytes))];
/** -0 and 0 are one number here. */
const unsigned = (values: ArrayLike<number>): number[] => Array.from(values, (v) => v + 0);
const round = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, Math.round(value)));

/** A plain quantizer of each type, written bit by bit from the layout; returns the bytes and what they stand for. */
const quantizers: Readonly<Record<string, (x: Float32Array) => { bytes: number[]; values: number[] }>> = {
  Q8_0(x) {
    const d = decodeF16(encodeF16(Math.max(...x.map(Math.abs)) / 127));
    const codes = [...x].map((v) => round(v / d, -128, 127));
    return { bytes: [...f16Bytes(d), ...codes.map((q) => q & 255)], values: codes.map((q) => Math.fround(d * q)) };
  },
  Q4_0(x) {
    const extreme = x.reduce((m, v) => (Math.abs(v) > Math.abs(m) ? v : m), 0);
    const d = decodeF16(encodeF16(extreme / -8));
    const codes = [...x].map((v) => round(v / d + 8, 0, 15));
    const bytes = f16Bytes(d);
    for (let i = 0; i < 16; i++) bytes.push(codes[i] + 16 * codes[i + 16]);
    return { bytes, values: codes.map((q) => Math.fround(d * (q - 8))) };
  },
  Q4_K(x) {
    const groups = Array.from({ length: 8 }, (_, g) => x.subarray(32 * g, 32 * g + 32));
    const lows = groups.map((g) => Math.max(0, -Math.min(...g)));
    const steps = groups.map((g, i) => (Math.max(...g) + lows[i]) / 15);
    const d = decodeF16(encodeF16(Math.max(...steps) / 63));
    const dmin = decodeF16(encodeF16(Math.max(...lows) / 63));
    const scales = steps.map((s) => round(s / d, 1, 63));
    const mins = lows.map((m) => round(m / dmin, 0, 63));
    const codes = [...x].map((v, i) => round((v + dmin * mins[i >> 5]) / (d * scales[i >> 5]), 0, 15));
    // 96 bits as 12 bytes, set bit by bit: [byte, first bit in it, first bit of the value, bits].
    const packed = Array.from({ length: 12 }, () => 0);
    const set = (byte: number, at: number, value: number, from: number, bits: number): void => { packed[byte] += ((value >> from) & (2 ** bits - 1)) * 2 ** at; };
    for (let g = 0; g < 4; g++) {
      set(g, 0, scales[g], 0, 6);
      set(g + 4, 0, mins[g], 0, 6);
      set(g + 8, 0, scales[g + 4], 0, 4);
      set(g + 8, 4, mins[g + 4], 0, 4);
      set(g, 6, scales[g + 4], 4, 2);
      set(g + 4, 6, mins[g + 4], 4, 2);
    }
    const nibbles: number[] = [];
    for (let pair = 0; pair < 4; pair++) for (let i = 0; i < 32; i++) nibbles.push(codes[64 * pair + i] + 16 * codes[64 * pair + 32 + i]);
    return { bytes: [...f16Bytes(d), ...f16Bytes(dmin), ...packed, ...nibbles], values: codes.map((q, i) => Math.fround(d * scales[i >> 5] * q - dmin * mins[i >> 5])) };
  },
  Q6_K(x) {
    const groups = Array.from({ length: 16 }, (_, g) => x.subarray(16 * g, 16 * g + 16));
    const steps = groups.map((g) => Math.max(...g.map(Math.abs)) / 31);
    const d = decodeF16(encodeF16(Math.max(...steps) / 127));
    const scales = steps.map((s, g) => (g % 2 ? -1 : 1) * round(s / d, 1, 127)); // both signs occur
    const codes = [...x].map((v, i) => round(v / (d * scales[i >> 4]) + 32, 0, 63));
    const [low, high] = [Array.from({ length: 128 }, () => 0), Array.from({ length: 64 }, () => 0)];
    codes.forEach((q, i) => {
      const [half, quarter, lane] = [Math.floor(i / 128), Math.floor((i % 128) / 32), i % 32];
      low[half * 64 + (quarter % 2) * 32 + lane] += (q % 16) * (quarter < 2 ? 1 : 16);
      high[half * 32 + lane] += Math.floor(q / 16) * 4 ** quarter;
    });
    return { bytes: [...low, ...high, ...scales.map((s) => s & 255), ...f16Bytes(d)], values: codes.map((q, i) => Math.fround(d * scales[i >> 4] * (q - 32))) };
  },
};

const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(() => 'was not refused', (error: unknown) => (error instanceof InputError ? error.message : `no InputError: ${String(error)}`));

describe('blocks of ggml', () => {
  it('Q8_0 by hand: d = 0.5, codes -128, -1, 0, 1, 127', () => {
    const codes = [0x80, 0xff, 0, 1, 0x7f, ...Array.from({ length: 27 }, () => 0)];
    expect(decode(GGML.Q8_0, [0x00, 0x38, ...codes]).slice(0, 6)).toEqual([-64, -0.5, 0, 0.5, 63.5, 0]);
  });

  it('Q4_0 by hand: low nibbles first, code 8 is zero', () => {
    const bytes = [0x00, 0xc0, 0x80, 0x1f, ...Array.from({ length: 14 }, () => 0x88)]; // d = -2
    const out = decode(GGML.Q4_0, bytes);
    expect([out[0], out[1], out[2] === 0, out[16] === 0, out[17]]).toEqual([16, -14, true, true, 14]);
  });

  it('Q4_K by hand: a scale of 63 and a minimum of 33 in the split six bits', () => {
    const bytes = Array.from({ length: 144 }, () => 0);
    bytes.splice(0, 4, 0x00, 0x3c, 0x00, 0x38); // d = 1, dmin = 0.5
    bytes[4 + 2] = 0b11_000101; // scale 2 is 5; above it the high bits of scale 6
    bytes[4 + 6] = 0b10_000011; // minimum 2 is 3; above it the high bits of minimum 6
    bytes[4 + 10] = 0b0001_1111; // low bits of minimum 6 and of scale 6
    bytes[16 + 32] = 0x0a; // the first code of group 2
    bytes[16 + 96] = 0x02; // the first code of group 6
    const out = decode(GGML.Q4_K, bytes);
    expect([out[64], out[65], out[192], out[193]]).toEqual([5 * 10 - 1.5, -1.5, 63 * 2 - 16.5, -16.5]);
    expect(out[0]).toBe(0);
  });

  it('Q6_K by hand: six bits from two places, signed scales', () => {
    const bytes = Array.from({ length: 210 }, () => 0);
    bytes.splice(208, 2, 0x00, 0x34); // d = 0.25
    bytes[192 + 13] = 0xfc; // scale 13 is -4: numbers 208 to 223
    // Number 210: second half, lane 18 of its third quarter: low nibble in the high half of byte 64 + 18.
    bytes[64 + 18] = 0x90;
    bytes[128 + 32 + 18] = 0b0011_0000;
    expect(decode(GGML.Q6_K, bytes)[210]).toBe(0.25 * -4 * (9 + 48 - 32));
    expect(decode(GGML.Q6_K, bytes)[209]).toBe(0.25 * -4 * (0 - 32));
  });

  it.each(Object.entries(quantizers))('%s: what a quantizer wrote is read exactly, and is near the numbers', (name, quantize) => {
    const { numbers, bytes: size, decode: read } = BLOCK_TYPES.get(GGML[name as 'Q4_K'])!;
    for (let trial = 0; trial < 20; trial++) {
      const x = normals(numbers);
      const { bytes, values } = quantize(x);
      expect(bytes.length).toBe(size);
      const out = read(Uint8Array.from(bytes));
      expect(unsigned(out)).toEqual(unsigned(values));
      const error = Math.sqrt(x.reduce((sum, v, i) => sum + (v - out[i]) ** 2, 0) / x.reduce((sum, v) => sum + v * v, 0));
      expect(error).toBeLessThan({ Q8_0: 0.01, Q6_K: 0.04 }[name] ?? 0.12);
    }
  });
});

const metadata: Readonly<Record<string, Value>> = {
  'general.architecture': { type: 'text', value: 'llama' },
  'general.alignment': { type: 'u32', value: 64 },
  'llama.block_count': { type: 'u64', value: 2n ** 63n },
  'llama.epsilon': { type: 'f32', value: 1e-5 },
  'a.double': { type: 'f64', value: 0.1 }, 'a.small': { type: 'i8', value: -3 }, 'a.flag': { type: 'bool', value: 1 },
  'tokenizer.tokens': { type: 'list', of: 'text', value: Array.from({ length: 3000 }, (_, i) => ({ type: 'text', value: `token ${i} ▁é` }) as const) },
  'tokenizer.scores': { type: 'list', of: 'f32', value: Array.from({ length: 100 }, (_, i) => ({ type: 'f32', value: i }) as const) },
  'a.nested': { type: 'list', of: 'list', value: [{ type: 'list', of: 'u8', value: [{ type: 'u8', value: 1 }, { type: 'u8', value: 2 }] }, { type: 'list', of: 'text', value: [] }] },
};

describe('GGUF files', () => {
  const q6 = quantizers.Q6_K(normals(256));
  const q6b = quantizers.Q6_K(normals(256));
  const file = writeGguf({
    metadata, alignment: 64,
    tensors: [
      { name: 'norm', type: GGML.F32, sizes: [3], data: f32Data([1, 2, 3]) },
      { name: 'blk.0.attn_q.weight', type: GGML.F32, sizes: [3, 2], data: f32Data([1, 2, 3, 4, 5, 6]) },
      { name: 'half', type: GGML.F16, sizes: [2, 2], data: Uint8Array.from([1, -2, 0.5, 3].flatMap(f16Bytes)) },
      { name: 'brain', type: GGML.BF16, sizes: [2, 1], data: Uint8Array.from([1.5, -2].flatMap((v) => [encodeBf16(v) & 255, encodeBf16(v) >> 8])) },
      { name: 'blk.0.ffn_up.weight', type: GGML.Q6_K, sizes: [256, 2], data: Uint8Array.from([...q6.bytes, ...q6b.bytes]) },
      { name: 'blk.0.ffn_gate_exps.weight', type: GGML.F32, sizes: [2, 3, 2], data: f32Data([...Array(12).keys()]) },
      { name: 'odd', type: GGML.IQ4_XS, sizes: [256, 1], data: new Uint8Array(136) },
      { name: 'new', type: 77, sizes: [5, 1], data: new Uint8Array(64) },
    ],
  });

  it('lists out × in shapes, types, and what is not read', async () => {
    const model = await openModel([bytesSource('m.gguf', file)]);
    expect([model.name, model.format, model.size]).toEqual(['m.gguf', 'gguf', file.length]);
    expect(model.tensors.map((t) => [t.name, t.dtype, t.shape, t.bytes, t.matrix])).toEqual([
      ['norm', 'F32', [3], 12, undefined],
      ['blk.0.attn_q.weight', 'F32', [2, 3], 24, [2, 3]],
      ['half', 'F16', [2, 2], 8, [2, 2]],
      ['brain', 'BF16', [1, 2], 4, [1, 2]],
      ['blk.0.ffn_up.weight', 'Q6_K', [2, 256], 420, [2, 256]],
      ['blk.0.ffn_gate_exps.weight', 'F32', [2, 3, 2], 48, [6, 2]],
      ['odd', 'IQ4_XS', [1, 256], 192, undefined],
      ['new', 'type 77', [1, 5], 64, undefined],
    ]);
    expect(model.tensors[6].unfit).toBe('is stored as IQ4_XS, which is not read here');
    expect(model.metadata).toEqual({
      'general.architecture': 'llama', 'general.alignment': '64', 'llama.block_count': '9223372036854775808', 'llama.epsilon': '0.00001',
      'a.double': '0.1', 'a.small': '-3', 'a.flag': 'true', 'tokenizer.tokens': '3000 texts', 'tokenizer.scores': '100 values', 'a.nested': '[[1, 2], []]',
    });
  });

  it('reads rows, each by its own blocks', async () => {
    const reads: [number, number][] = [];
    const bytes = bytesSource('m.gguf', file);
    const source: ByteSource = { ...bytes, read: (at, length) => (reads.push([at, length]), bytes.read(at, length)) };
    const model = await openModel([source]);
    reads.length = 0;
    expect(unsigned(await model.readRows('blk.0.ffn_up.weight', 1, 2))).toEqual(unsigned(q6b.values));
    expect(reads.map(([, length]) => length)).toEqual([210]);
    expect([...(await model.readRows('half', 0, 2))]).toEqual([1, -2, 0.5, 3]);
    expect([...(await model.readRows('brain', 0, 1))]).toEqual([1.5, -2]);
    expect([...(await model.readRows('blk.0.ffn_gate_exps.weight', 4, 6))]).toEqual([8, 9, 10, 11]);
    expect(await message(model.readRows('odd', 0, 1))).toMatch(/m\.gguf#odd is stored as IQ4_XS/);
  });

  it('has room for empty tensors where another begins', async () => {
    const bytes = writeGguf({ tensors: [{ name: 'none', type: GGML.IQ4_XS, sizes: [0, 2], data: new Uint8Array(0) }, { name: 'w', type: GGML.F32, sizes: [1, 1], data: f32Data([5]) }, { name: 'nil', type: GGML.F32, sizes: [3, 0], data: new Uint8Array(0) }] });
    const model = await openModel([bytesSource('m.gguf', bytes)]);
    expect(model.tensors.map((t) => [t.name, t.bytes, t.matrix])).toEqual([['none', 0, undefined], ['w', 4, [1, 1]], ['nil', 0, undefined]]);
  });

  it('is a file for the labs too', async () => {
    const source = bytesSource('m.gguf', file);
    expect((await listTensors(source)).length).toBe(8);
    expect([...(await readMatrix(source, 'blk.0.attn_q.weight', { transpose: true })).data]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('reads a header longer than the first guess', async () => {
    const long = writeGguf({ metadata: { 'tokenizer.tokens': { type: 'list', of: 'text', value: Array.from({ length: 120_000 }, () => ({ type: 'text', value: 'twelve bytes' }) as const) } }, tensors: [{ name: 'w', type: GGML.F32, sizes: [1, 1], data: f32Data([5]) }] });
    expect(long.length).toBeGreaterThan(2 ** 21);
    expect(parseGguf(long.subarray(0, 2 ** 20), long.length, 'm')).toBeUndefined();
    expect([...(await (await openModel([bytesSource('m', long)])).readRows('w', 0, 1))]).toEqual([5]);
  });

  const f32 = (name: string, sizes: readonly (number | bigint)[], data: Uint8Array, offset?: number | bigint) => ({ name, type: GGML.F32, sizes, data, offset });
  const four = f32Data([1, 2, 3, 4]);
  it.each<[string, GgufToWrite, RegExp]>([
    ['version 1', { version: 1 }, /is GGUF version 1, and only versions 2 and 3/],
    ['version 4', { version: 4 }, /is GGUF version 4/],
    ['big endian', { version: 0x03000000 }, /big-endian/],
    ['too many tensors', { tensorCount: 2n ** 63n }, /announces 9223372036854775808 tensors, but only/],
    ['too much metadata', { metadataCount: 1000n }, /announces 1000 metadata entries, but only/],
    ['one tensor too many', { tensors: [f32('w', [2, 2], four)], tensorCount: 2n }, /./],
    ['metadata twice', { metadata: [['a', { type: 'u8', value: 1 }], ['a', { type: 'u8', value: 1 }]] }, /names the metadata entry "a" twice/],
    ['nested too deep', { metadata: { a: deep(10) } }, /more than 8 deep/],
    ['an alignment that is none', { metadata: { 'general.alignment': { type: 'u32', value: 48 } } }, /alignment 48, which is not a power of two/],
    ['an alignment of zero', { metadata: { 'general.alignment': { type: 'u32', value: 0 } } }, /alignment 0/],
    ['an alignment that is a text', { metadata: { 'general.alignment': { type: 'text', value: '32' } } }, /alignment 32, which/],
    ['a tensor twice', { tensors: [f32('w', [2, 2], four), f32('w', [2, 2], four)] }, /has the tensor "w" twice/],
    ['five dimensions', { tensors: [f32('w', [1, 1, 1, 2, 2], four)] }, /5 dimensions/],
    ['a dimension beyond 2^53', { tensors: [f32('w', [2n ** 60n, 2], four)] }, /dimension of 1152921504606846976/],
    ['more numbers than bytes', { tensors: [f32('w', [9, 9], four)] }, /needs 324 bytes, but only 32 follow/],
    ['sizes whose product overflows', { tensors: [f32('w', [2n ** 52n, 2n ** 52n, 2n ** 52n], four)] }, /needs/],
    ['an offset beyond the file', { tensors: [f32('w', [2, 2], four, 2n ** 63n)] }, /begins at byte 9223372036854775808 of the data, which is only 32 bytes/],
    ['an unaligned offset', { tensors: [f32('w', [2, 2], four, 4)] }, /begins at byte 4 of the data, which is no multiple of 32/],
    ['overlapping tensors', { tensors: [f32('w', [2, 2], four), f32('v', [2, 2], four, 0)] }, /"w" and "v" of m\.gguf overlap/],
    ['half a block', { tensors: [{ name: 'w', type: GGML.Q4_K, sizes: [128, 2], data: new Uint8Array(144) }] }, /rows of 128 numbers, no multiple of its blocks of 256/],
    ['a NaN scale', { tensors: [{ name: 'w', type: GGML.Q8_0, sizes: [32, 2], data: Uint8Array.from({ length: 68 }, (_, i) => (i === 35 ? 0x7e : 1)) }] }, /m\.gguf#w has values that are no usable numbers: 32 NaN, of 64; the first is in row 1, column 0/],
  ])('refuses: %s', async (_, spec, sentence) => {
    const bytes = writeGguf(spec);
    const outcome = await message(openModel([bytesSource('m.gguf', bytes)]).then((model) => model.readRows('w', 0, model.tensors[0].matrix?.[0] ?? 1)));
    expect(outcome).toMatch(sentence);
    expect(outcome).toMatch(/m\.gguf.*\.$/);
  });

  it('refuses every truncation', async () => {
    const whole = writeGguf({ metadata: { a: { type: 'text', value: 'b' } }, tensors: [{ name: 'w', type: GGML.F32, sizes: [2, 8], data: f32Data([...Array(16).keys()]) }] });
    for (let length = 0; length < whole.length; length++) {
      expect(await message(openModel([bytesSource('m.gguf', whole.subarray(0, length))]))).toMatch(/^(The tensor "w" of )?m\.gguf .*\.$/);
    }
  });
});

function deep(levels: number): Value {
  return levels === 0 ? { type: 'u8', value: 1 } : { type: 'list', of: levels === 1 ? 'u8' : 'list', value: [deep(levels - 1)] };
}
