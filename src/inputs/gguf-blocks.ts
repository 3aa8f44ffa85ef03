/**
 * The number types of ggml: names of all, and blocks of those that are read here. Layouts as in llama.cpp's
 * ggml-common.h, values as its ggml-quants.c gives them (one float32 rounding each, so equal bit for bit).
 */

import { decodeBf16s, decodeF16s, f16Numbers } from './half';

export interface BlockType {
  readonly name: string;
  /** Of one block. */
  readonly bytes: number;
  readonly numbers: number;
  /** The numbers of whole blocks. */
  readonly decode: (blocks: Uint8Array) => Float32Array;
}

/** Decodes blocks one by one. `put` writes the numbers of the block at byte `at` to `out` from `to` on. */
function blocks(name: string, bytes: number, numbers: number, put: (source: Uint8Array, at: number, out: Float32Array, to: number, half: Float32Array) => void): BlockType {
  const decode = (source: Uint8Array): Float32Array => {
    const count = source.length / bytes;
    const out = new Float32Array(count * numbers);
    for (let i = 0; i < count; i++) put(source, i * bytes, out, i * numbers, f16Numbers());
    return out;
  };
  return { name, bytes, numbers, decode };
}

const u16 = (source: Uint8Array, at: number): number => source[at] | (source[at + 1] << 8);
const i8 = (byte: number): number => (byte << 24) >> 24;

/** f16 d, int8 q[32]: w = d q. */
const Q8_0 = blocks('Q8_0', 34, 32, (source, at, out, to, half) => {
  const d = half[u16(source, at)];
  for (let i = 0; i < 32; i++) out[to + i] = d * i8(source[at + 2 + i]);
});

/** f16 d, 16 bytes: the low nibbles are the first 16 codes, the high ones the last 16; w = d (q - 8). */
const Q4_0 = blocks('Q4_0', 18, 32, (source, at, out, to, half) => {
  const d = half[u16(source, at)];
  for (let i = 0; i < 16; i++) {
    const pair = source[at + 2 + i];
    out[to + i] = d * ((pair & 15) - 8);
    out[to + 16 + i] = d * ((pair >> 4) - 8);
  }
});

/**
 * f16 d, f16 dmin, 12 bytes of eight 6-bit scales and eight 6-bit minima, 128 bytes of codes; eight groups of 32,
 * two to 32 bytes (low nibbles, then high): w = d scale q - dmin min. Scales and minima 0 to 3 are the low six bits
 * of bytes 0 to 3 and 4 to 7; those from 4 on have four bits in bytes 8 to 11 and two above bytes 0 to 7.
 */
const Q4_K = blocks('Q4_K', 144, 256, (source, at, out, to, half) => {
  const [d, dmin] = [half[u16(source, at)], half[u16(source, at + 2)]];
  const packed = at + 4;
  for (let group = 0; group < 8; group++) {
    const late = group >= 4;
    const [low, high] = late ? [source[packed + 4 + group], group - 4] : [0, group];
    const scale = d * (late ? (low & 15) | ((source[packed + high] >> 6) << 4) : source[packed + high] & 63);
    const min = dmin * (late ? (low >> 4) | ((source[packed + 4 + high] >> 6) << 4) : source[packed + 4 + high] & 63);
    const codes = at + 16 + (group >> 1) * 32;
    const shift = (group & 1) * 4;
    for (let i = 0; i < 32; i++) out[to + group * 32 + i] = scale * ((source[codes + i] >> shift) & 15) - min;
  }
});

/**
 * 128 bytes with the low four bits of the codes, 64 with the high two, int8 scale[16], f16 d: w = d scale (q - 32),
 * a scale per 16 numbers. Each half of the block takes 64 low bytes (nibbles: numbers 0 to 63, then 64 to 127) and
 * 32 high ones (bit pairs: numbers 0 to 31, 32 to 63, …).
 */
const Q6_K = blocks('Q6_K', 210, 256, (source, at, out, to, half) => {
  const d = half[u16(source, at + 208)];
  for (let i = 0; i < 256; i++) {
    const [side, inside] = [i >> 7, i & 127];
    const low = (source[at + side * 64 + (inside & 63)] >> ((inside >> 6) * 4)) & 15;
    const high = (source[at + 128 + side * 32 + (inside & 31)] >> ((inside >> 5) * 2)) & 3;
    out[to + i] = d * i8(source[at + 192 + (i >> 4)]) * ((low | (high << 4)) - 32);
  }
});

/** By ggml's number of the type. */
export const BLOCK_TYPES: ReadonlyMap<number, BlockType> = new Map([
  [0, { name: 'F32', bytes: 4, numbers: 1, decode: (bytes: Uint8Array) => new Float32Array(new Uint8Array(bytes).buffer) }],
  [1, { name: 'F16', bytes: 2, numbers: 1, decode: decodeF16s }],
  [30, { name: 'BF16', bytes: 2, numbers: 1, decode: decodeBf16s }],
  [2, Q4_0], [8, Q8_0], [12, Q4_K], [14, Q6_K],
]);

/** Types that are listed but not read; those that ggml has removed are among them. */
const OTHERS: Readonly<Record<number, string>> = {
  3: 'Q4_1', 4: 'Q4_2', 5: 'Q4_3', 6: 'Q5_0', 7: 'Q5_1', 9: 'Q8_1', 10: 'Q2_K', 11: 'Q3_K', 13: 'Q5_K', 15: 'Q8_K',
  16: 'IQ2_XXS', 17: 'IQ2_XS', 18: 'IQ3_XXS', 19: 'IQ1_S', 20: 'IQ4_NL', 21: 'IQ3_S', 22: 'IQ2_S', 23: 'IQ4_XS',
  24: 'I8', 25: 'I16', 26: 'I32', 27: 'I64', 28: 'F64', 29: 'IQ1_M', 31: 'Q4_0_4_4', 32: 'Q4_0_4_8', 33: 'Q4_0_8_8',
  34: 'TQ1_0', 35: 'TQ2_0', 36: 'IQ4_NL_4_4', 37: 'IQ4_NL_4_8', 38: 'IQ4_NL_8_8', 39: 'MXFP4', 40: 'NVFP4', 41: 'Q1_0',
};

export const typeName = (type: number): string => BLOCK_TYPES.get(type)?.name ?? OTHERS[type] ?? `type ${type}`;
