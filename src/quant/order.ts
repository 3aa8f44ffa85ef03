/** Order statistics of float32 values without sorting them: two counting passes over the halves of their bits. */

const HALF = 1 << 16;

/**
 * The values at the given 0-based ranks of the ascending order, exact. Time O(n), whatever the ranks.
 * @throws RangeError for a rank outside the values
 */
export function orderStatistics(values: Float32Array, ranks: readonly number[]): number[] {
  for (const rank of ranks) {
    if (!Number.isInteger(rank) || rank < 0 || rank >= values.length) throw new RangeError(`Rank ${rank} is outside ${values.length} values.`);
  }
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const key = (b: number): number => (b & 0x80000000 ? ~b : b | 0x80000000) >>> 0; // ascending as whole numbers
  const high = new Uint32Array(HALF);
  for (let i = 0; i < bits.length; i++) high[key(bits[i]) >>> 16]++;
  const low = new Map<number, Uint32Array>(); // the lower halves within each bucket that holds a rank
  const places = ranks.map((rank) => place(high, rank));
  for (const { bucket } of places) low.set(bucket, new Uint32Array(HALF));
  for (let i = 0; i < bits.length; i++) {
    const k = key(bits[i]);
    const counts = low.get(k >>> 16);
    if (counts) counts[k & 0xffff]++;
  }
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  return places.map(({ bucket, rest }) => {
    const k = ((bucket << 16) | place(low.get(bucket)!, rest).bucket) >>> 0;
    word[0] = k & 0x80000000 ? k & 0x7fffffff : ~k;
    return float[0];
  });
}

/** The bucket that holds a rank, and the rank within it. */
function place(counts: Uint32Array, rank: number): { bucket: number; rest: number } {
  let bucket = 0;
  let rest = rank;
  while (rest >= counts[bucket]) rest -= counts[bucket++];
  return { bucket, rest };
}

const f32 = Math.fround;

/**
 * Quantiles by linear interpolation between neighbours, in float32 as numpy computes them of float32 values (from the
 * upper neighbour where that is nearer). @param shares from 0 to 1
 */
export function quantiles(values: Float32Array, shares: readonly number[]): number[] {
  const at = shares.map((share) => share * (values.length - 1));
  const found = orderStatistics(values, at.flatMap((p) => [Math.floor(p), Math.ceil(p)]));
  return at.map((p, i) => {
    const [a, b] = [found[2 * i], found[2 * i + 1]];
    const t = f32(p - Math.floor(p));
    const step = f32(b - a);
    return t >= 0.5 ? f32(b - f32(step * f32(1 - t))) : f32(a + f32(step * t));
  });
}
