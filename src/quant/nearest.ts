/** Codes of an ascending codebook: the nearest level, ties to the lower one. */

/**
 * Assigns values[from … from + count) to the nearest of the ascending `levels`, writing `codes` at the same places.
 * Repeated levels are named by their first index.
 */
export function nearestCodes(values: ArrayLike<number>, levels: Float64Array | Float32Array, codes: Uint8Array, from = 0, count = values.length): void {
  const k = levels.length;
  const middles = new Float64Array(k - 1);
  for (let c = 0; c + 1 < k; c++) middles[c] = (levels[c] + levels[c + 1]) / 2;
  const first = new Uint8Array(k);
  for (let c = 1; c < k; c++) first[c] = levels[c] === levels[c - 1] ? first[c - 1] : c;
  for (let i = from; i < from + count; i++) {
    const value = values[i];
    let [low, high] = [0, k - 1]; // the code is the number of middles below the value
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value > middles[middle]) low = middle + 1;
      else high = middle;
    }
    codes[i] = first[low];
  }
}

/** The level nearest 0, the lower of two as near: what the dense part yields where a value was set to 0. */
export function nearestToZero(levels: ArrayLike<number>): number {
  let best = levels[0];
  for (let c = 1; c < levels.length; c++) if (Math.abs(levels[c]) < Math.abs(best)) best = levels[c];
  return best;
}

/** Σ weight (value − level(code))² over values[from … from + count), float64. Without weights all count 1. */
export function weightedError(values: ArrayLike<number>, weights: ArrayLike<number> | undefined, levels: ArrayLike<number>, codes: ArrayLike<number>, from = 0, count = values.length): number {
  let sum = 0;
  for (let i = from; i < from + count; i++) {
    const d = values[i] - levels[codes[i]];
    sum += weights ? weights[i] * d * d : d * d;
  }
  return sum;
}
