/** Eight 4-bit codes to a word along K, the first in the lowest bits; rows padded with zero codes. */

export interface GroupRule {
  readonly scale: number;
  readonly encode: (value: number) => number;
}

/**
 * Codes u32[M,ceil(K/8)] and scales f32[M,ceil(K/G)] of x [M,K].
 * @param rule what a group with this largest magnitude uses
 */
export function packGroups(x: Float32Array, M: number, K: number, G: number, rule: (absmax: number) => GroupRule): { codes: Uint32Array; scales: Float32Array } {
  const groups = Math.ceil(K / G);
  const words = Math.ceil(K / 8);
  const codes = new Uint32Array(M * words);
  const scales = new Float32Array(M * groups);
  for (let row = 0; row < M; row++) {
    for (let group = 0; group < groups; group++) {
      const values = x.subarray(row * K + group * G, row * K + Math.min((group + 1) * G, K));
      const { scale, encode } = rule(values.reduce((m, v) => Math.max(m, Math.abs(v)), 0));
      scales[row * groups + group] = scale;
      for (let i = 0; i < values.length; i++) {
        const k = group * G + i;
        codes[row * words + (k >> 3)] |= encode(values[i]) << (4 * (k & 7));
      }
    }
  }
  return { codes, scales };
}
