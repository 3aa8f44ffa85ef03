/** IEEE binary16 of numbers within its range, for stored pictures. */

import { roundHalfEven } from '../../kernels/round';

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** 2⁻¹⁴, the smallest normal binary16, as float32 bits; and the difference of the exponent biases. */
const SMALLEST_NORMAL = 0x38800000;
const REBIAS = 0x38000000;

/** Nearest code, ties to even. @param value at most 65504 in size */
export function encodeHalf(value: number): number {
  float[0] = value;
  const sign = (word[0] >>> 16) & 0x8000;
  const magnitude = word[0] & 0x7fffffff;
  if (magnitude < SMALLEST_NORMAL) return sign | roundHalfEven(Math.abs(value) * 2 ** 24);
  const rebiased = magnitude - REBIAS;
  return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
}

export function decodeHalf(code: number): number {
  const sign = code & 0x8000 ? -1 : 1;
  const exponent = (code >> 10) & 31;
  const mantissa = code & 1023;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25));
}
