/** FP4 E2M1 (OCP MX v1.0, 5.3.3): sign, two exponent bits, one mantissa bit; no infinities, no NaN. */

import type { Tie } from './tie';

/** The magnitudes of codes 0 to 7; codes 8 to 15 are their negatives. */
export const E2M1_MAGNITUDES = [0, 0.5, 1, 1.5, 2, 3, 4, 6] as const;
export const E2M1_MAX = 6;

/** Value of every code in the order of the bits: 0 .5 1 1.5 2 3 4 6 −0 −.5 −1 … −6. */
export const E2M1: Float32Array = Float32Array.from([...E2M1_MAGNITUDES, ...E2M1_MAGNITUDES.map((m) => -m)]);

/** Halfway between neighbouring magnitudes: MIDPOINTS[i] separates code i from code i + 1. */
export const E2M1_MIDPOINTS = [0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5] as const;

/** Nearest code; beyond ±6 saturates; whatever rounds to zero gets code 0, never −0. */
export function encodeE2m1(value: number, tie: Tie): number {
  const magnitude = Math.abs(value);
  let code = 0;
  for (const midpoint of E2M1_MIDPOINTS) {
    if (magnitude < midpoint) break;
    // On the midpoint: the even one of `code` and `code + 1`, or the one of larger value.
    if (magnitude === midpoint && (tie === 'even' ? code % 2 === 0 : value < 0)) break;
    code++;
  }
  return value < 0 && code > 0 ? code + 8 : code;
}

export const decodeE2m1 = (code: number): number => E2M1[code & 15];

export const roundE2m1 = (value: number, tie: Tie): number => decodeE2m1(encodeE2m1(value, tie));
