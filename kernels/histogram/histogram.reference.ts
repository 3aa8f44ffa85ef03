import type { Dims, Scalars } from '../define';

/**
 * Counts of x in B equal bins of [low, high]. x: [M,N], counts: [B].
 * Values outside go to the nearest end bin, so the counts always add up to M N.
 */
export function histogramReference({ x }: { x: Float32Array }, { B }: Dims, { low, high }: Scalars): { counts: Uint32Array } {
  const counts = new Uint32Array(B);
  const from = Math.fround(low);
  const perUnit = Math.fround(B / Math.fround(Math.fround(high) - from));
  for (const v of x) {
    const at = Math.floor(Math.fround(Math.fround(v - from) * perUnit));
    counts[Math.min(B - 1, Math.max(0, at))]++;
  }
  return { counts };
}
