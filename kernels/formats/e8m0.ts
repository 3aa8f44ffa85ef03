/** The scale of MXFP4 (OCP MX v1.0, 6.3): a power of two shared by 32 elements. */

import { exponentOf } from './e4m3';

/** Exponent of the largest power of two in E2M1 (4 = 2²). */
const E2M1_EMAX = 2;
/** E8M0 reaches 2⁻¹²⁷; float32 devices may flush that to zero, so the smallest scale here is the smallest normal. */
const SMALLEST = -126;

/** 2^(floor(log2 absmax) − 2), and 1 for a group of zeros. */
export const mxScale = (absmax: number): number => (absmax === 0 ? 1 : 2 ** Math.max(exponentOf(absmax) - E2M1_EMAX, SMALLEST));
