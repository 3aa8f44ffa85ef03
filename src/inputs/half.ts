/** Small floating-point formats, decoded exactly and encoded by rounding to nearest, ties to even. */

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** IEEE binary16: 1 sign, 5 exponent (bias 15), 10 mantissa bits. */
export function decodeF16(code: number): number {
  const sign = code & 0x8000 ? -1 : 1;
  const exponent = (code >> 10) & 31;
  const mantissa = code & 1023;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}

/** bfloat16: the upper half of a binary32. */
export function decodeBf16(code: number): number {
  word[0] = code << 16;
  return float[0];
}

/** FP8 E4M3 as in OCP FP8 ("FN"): bias 7, no infinity, NaN only at S.1111.111; largest 448. */
export function decodeE4m3(code: number): number {
  const sign = code & 0x80 ? -1 : 1;
  const exponent = (code >> 3) & 15;
  const mantissa = code & 7;
  if (exponent === 15 && mantissa === 7) return Number.NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -9 : (8 + mantissa) * 2 ** (exponent - 10));
}

/** FP8 E5M2 as in OCP FP8: bias 15, infinities and NaN as IEEE; largest 57344. */
export const decodeE5m2 = (code: number): number => decodeF16(code << 8);

/** The nearest binary16 code of a number; beyond 65519.99… it is infinity. */
export function encodeF16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  // The spacing of binary16 numbers here is 2^(exponent - 10), and 2^-24 among the subnormals.
  const exponent = Math.max(-14, floorLog2(magnitude));
  const steps = roundHalfEven(magnitude * 2 ** (10 - exponent));
  // A normal number has steps in [1024, 2048]; its leading 1 carries into the exponent field, as does a round-up to 2048.
  return sign | (((exponent + 14) << 10) + steps);
}

/** The nearest bfloat16 code of a float32 number. */
export function encodeBf16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  float[0] = value;
  return ((word[0] + 0x7fff + ((word[0] >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Exact where Math.log2 may be off by one next to a power of two. */
function floorLog2(magnitude: number): number {
  if (magnitude === 0) return -Infinity;
  const guess = Math.floor(Math.log2(magnitude));
  if (2 ** guess > magnitude) return guess - 1;
  return 2 ** (guess + 1) <= magnitude ? guess + 1 : guess;
}

function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

let f16: Float32Array | undefined;

/** Every binary16 code's number, by code. */
export const f16Numbers = (): Float32Array => (f16 ??= Float32Array.from({ length: 65536 }, (_, code) => decodeF16(code)));

/** Little-endian binary16 numbers. */
export function decodeF16s(bytes: Uint8Array): Float32Array {
  const numbers = f16Numbers();
  const out = new Float32Array(bytes.length >> 1);
  for (let i = 0, at = 0; i < out.length; i++, at += 2) out[i] = numbers[bytes[at] | (bytes[at + 1] << 8)];
  return out;
}

/** Little-endian bfloat16 numbers. */
export function decodeBf16s(bytes: Uint8Array): Float32Array {
  const words = new Uint32Array(bytes.length >> 1);
  for (let i = 0, at = 0; i < words.length; i++, at += 2) words[i] = (bytes[at] << 16) | (bytes[at + 1] << 24);
  return new Float32Array(words.buffer);
}
