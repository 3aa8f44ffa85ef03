import type { Dims } from '../define';
import { absmax } from '../round';

/** Largest |x| of each row. x: [M,N], m: [M]. */
export function absmaxRowsReference({ x }: { x: Float32Array }, { M, N }: Dims): { m: Float32Array } {
  return { m: Float32Array.from({ length: M }, (_, i) => absmax(x, i * N, (i + 1) * N)) };
}
