/** Rounding as WGSL and the official codes do it. */

/** 1.5 · 2^52: a float64 near it has no fraction bits. */
const SHIFTER = 6755399441055744;

/**
 * Nearest integer, ties to even: WGSL's `round`, torch.round, numpy.rint. (Math.round sends ties up.)
 * Adding the shifter pushes the fraction out of the significand, and IEEE addition rounds it half to even.
 */
export function roundHalfEven(x: number): number {
  return Math.abs(x) < 2 ** 51 ? x + SHIFTER - SHIFTER : x;
}

/** Step of a symmetric quantizer: float32(absmax / qmax), and 1 where that is zero. */
export function symmetricScale(absmax: number, qmax: number): number {
  return Math.fround(absmax / qmax) || 1;
}

/** clamp(round(float32(value / scale)), -qmax, qmax), with ties to even. */
export function symmetricCode(value: number, scale: number, qmax: number): number {
  const q = roundHalfEven(Math.fround(value / scale));
  return q > qmax ? qmax : q < -qmax ? -qmax : q;
}

/** Largest |x[i]| for start <= i < end; 0 for an empty range. */
export function absmax(x: Float32Array, start: number, end: number): number {
  let m = 0;
  for (let i = start; i < end; i++) {
    const v = Math.abs(x[i]);
    if (v > m) m = v;
  }
  return m;
}
