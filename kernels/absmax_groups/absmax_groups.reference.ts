import type { Dims } from '../define';
import { absmax } from '../round';

/** Largest |x| of each group of G along K. x: [M,K], m: [M,ceil(K/G)]; the last group may be short. */
export function absmaxGroupsReference({ x }: { x: Float32Array }, { M, K, G }: Dims): { m: Float32Array } {
  const groups = Math.ceil(K / G);
  const m = new Float32Array(M * groups);
  for (let i = 0; i < M; i++) {
    for (let g = 0; g < groups; g++) m[i * groups + g] = absmax(x, i * K + g * G, i * K + Math.min(K, (g + 1) * G));
  }
  return { m };
}
