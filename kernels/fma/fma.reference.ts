import type { Dims } from '../define';

/** Four chains a ← a/2 + x from a = x, 2x, 3x, 4x, S steps each, added up. x: [N]. */
export function fmaReference({ x }: { x: Float32Array }, { S }: Dims): { y: Float32Array } {
  const y = x.map((value) => {
    let sum = 0;
    for (let chain = 1; chain <= 4; chain++) {
      let a = chain * value;
      for (let s = 0; s < S; s++) a = a * 0.5 + value;
      sum += a;
    }
    return sum;
  });
  return { y };
}
