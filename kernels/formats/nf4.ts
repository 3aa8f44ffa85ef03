/**
 * NF4 (QLoRA, arXiv 2305.14314, section 3 and appendix E): sixteen levels at quantiles of the normal distribution,
 * scaled to [−1, 1], with an exact zero.
 */

/** The published levels, as float32. `deriveNf4` reproduces them to 2e-7: they were derived in float32. */
export const NF4: Float32Array = Float32Array.of(
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
  -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
  0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
);

/** Halfway between neighbouring levels, rounded to float32. */
export const NF4_MIDPOINTS: Float32Array = Float32Array.from({ length: 15 }, (_, i) => (NF4[i] + NF4[i + 1]) / 2);

/** Nearest code of a value in [−1, 1]; a value on a midpoint takes the lower level (bitsandbytes compares with >). */
export function encodeNf4(value: number): number {
  let code = 0;
  while (code < 15 && value > NF4_MIDPOINTS[code]) code++;
  return code;
}

export const decodeNf4 = (code: number): number => NF4[code & 15];

/**
 * The construction behind the table: eight quantiles below zero and seven above, evenly spaced in probability
 * between 1/2 and `offset`, zero between them, all divided by the largest.
 * @param offset mean of 1 − 1/32 and 1 − 1/30
 */
export function deriveNf4(offset = (1 - 1 / 32 + 1 - 1 / 30) / 2): Float64Array {
  const quantiles = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => normalQuantile(offset + (i * (0.5 - offset)) / count));
  const positive = quantiles(8);
  const negative = quantiles(7).map((q) => -q);
  const levels = Float64Array.from([...positive, 0, ...negative]).sort();
  const largest = levels[15];
  return levels.map((level) => level / largest);
}

/** Inverse of the standard normal distribution function, by bisection on `normalCdf`. @param p in (0, 1) */
export function normalQuantile(p: number): number {
  let [low, high] = [-40, 40];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Φ(x) = 1/2 + φ(x)(x + x³/3 + x⁵/(3·5) + …), which converges for every x and loses no digits below |x| = 5. */
export function normalCdf(x: number): number {
  if (Math.abs(x) > 12) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
