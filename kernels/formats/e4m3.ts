/**
 * FP8 E4M3 (OCP OFP8 v1.0, "E4M3"): sign, four exponent bits (bias 7), three mantissa bits; no infinities, one NaN
 * per sign, largest value 448, smallest normal 2⁻⁶, smallest subnormal 2⁻⁹.
 */

import type { Tie } from './tie';

export const E4M3_MAX = 448;
const MIN_EXPONENT = -6;

/** Value of a byte; 0x7F and 0xFF are NaN. */
export function decodeE4m3(byte: number): number {
  const exponent = (byte >> 3) & 15;
  const mantissa = byte & 7;
  if (exponent === 15 && mantissa === 7) return Number.NaN;
  const magnitude = exponent === 0 ? mantissa * 2 ** -9 : (8 + mantissa) * 2 ** (exponent - 10);
  return byte & 0x80 ? -magnitude : magnitude;
}

/** Nearest representable value; beyond ±448 saturates. */
export function roundE4m3(value: number, tie: Tie): number {
  if (Number.isNaN(value)) return Number.NaN;
  const magnitude = Math.abs(value);
  if (magnitude >= E4M3_MAX) return Math.sign(value) * E4M3_MAX;
  // The grid near `value`: multiples of 2^(e−3), all of it below the smallest normal.
  const step = 2 ** (Math.max(exponentOf(magnitude), MIN_EXPONENT) - 3);
  const below = Math.floor(magnitude / step);
  const excess = magnitude / step - below;
  const up = excess > 0.5 || (excess === 0.5 && (tie === 'even' ? below % 2 === 1 : value > 0));
  return Math.sign(value) * (below + (up ? 1 : 0)) * step || 0;
}

/** The byte of the nearest value; NaN is 0x7F, and zero is 0x00 whatever its sign. */
export function encodeE4m3(value: number, tie: Tie): number {
  if (Number.isNaN(value)) return 0x7f;
  const rounded = roundE4m3(value, tie);
  const magnitude = Math.abs(rounded);
  const sign = rounded < 0 ? 0x80 : 0;
  if (magnitude < 2 ** MIN_EXPONENT) return sign | (magnitude * 2 ** 9);
  const exponent = exponentOf(magnitude);
  return sign | ((exponent + 7) << 3) | (magnitude * 2 ** (3 - exponent) - 8);
}

/** floor(log2 x) for x > 0, exact: Math.log2 may round across a power of two. −1075 for 0. */
export function exponentOf(x: number): number {
  if (x === 0) return -1075;
  let exponent = Math.floor(Math.log2(x));
  if (2 ** exponent > x) exponent--;
  else if (2 ** (exponent + 1) <= x) exponent++;
  return exponent;
}
