/** Rounding as WGSL and the official codes do it. */

/** Nearest integer, ties to even: WGSL's `round`, torch.round, numpy.rint. (Math.round sends ties up.) */
export function roundHalfEven(x: number): number {
  const r = Math.round(x);
  return r - x === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** Step of a symmetric quantizer: float32(absmax / qmax); a group of zeros gets 1. */
export function symmetricScale(absmax: number, qmax: number): number {
  return absmax === 0 ? 1 : Math.fround(absmax / qmax);
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
