/**
 * The optimum of weighted k-means in one dimension where float64 prefix sums cancel: some weights are so heavy, or
 * all values so near each other, that what decides lies below the rounding of the sums. Sums are pairs of float64
 * (106 bits), so it is slow; and costs are minimised, not gains maximised, since those hide small costs too.
 */

/** A running sum of products in pairs: high[i] + low[i] is the sum of the first i. */
interface Sums {
  readonly high: Float64Array;
  readonly low: Float64Array;
}

const SPLITTER = 2 ** 27 + 1;

/** a · b − product, exact (Dekker, 1971). */
function productError(a: number, b: number, product: number): number {
  const [ta, tb] = [SPLITTER * a, SPLITTER * b];
  const [ah, bh] = [ta - (ta - a), tb - (tb - b)];
  const [al, bl] = [a - ah, b - bh];
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

/** Σ of pairs (Knuth's two-sum on the high parts). */
function runningSums(count: number, term: (i: number) => readonly [number, number]): Sums {
  const [high, low] = [new Float64Array(count + 1), new Float64Array(count + 1)];
  for (let i = 0; i < count; i++) {
    const [h, l] = term(i);
    const sum = high[i] + h;
    const part = sum - high[i];
    const error = high[i] - (sum - part) + (h - part) + low[i] + l;
    high[i + 1] = sum + error;
    low[i + 1] = error - (high[i + 1] - sum);
  }
  return { high, low };
}

/**
 * Boundaries of the best k clusters: row j of `choice`, `count + 1` wide, holds at i where the last of j clusters of
 * the first i values begins.
 * @param value distinct, ascending, more than k of them
 * @param weight above 0
 */
export function preciseLayers(value: Float64Array, weight: Float64Array, count: number, k: number, choice: Uint32Array): void {
  const origin = value[count >> 1];
  const shifted = value.subarray(0, count).map((v) => v - origin);
  const s0 = runningSums(count, (i) => [weight[i], 0]);
  const s1 = runningSums(count, (i) => {
    const product = weight[i] * shifted[i];
    return [product, productError(weight[i], shifted[i], product)];
  });
  const s2 = runningSums(count, (i) => {
    const square = shifted[i] * shifted[i];
    const product = weight[i] * square;
    return [product, productError(weight[i], square, product) + weight[i] * productError(shifted[i], shifted[i], square)];
  });

  /** Σ f v² − (Σ f v)² / Σ f of the values from … to − 1. */
  const cost = (from: number, to: number): number => {
    if (to - from < 2) return 0;
    const mass = pairHigh(s0, from, to);
    if (!(mass > 0)) return 0;
    const massLow = pairLow(s0, from, to, mass);
    const sum = pairHigh(s1, from, to);
    const sumLow = pairLow(s1, from, to, sum);
    const squares = pairHigh(s2, from, to);
    const squaresLow = pairLow(s2, from, to, squares);
    // sum² / mass: a quotient, and what it leaves
    const square = sum * sum;
    const squareLow = productError(sum, sum, square) + 2 * sum * sumLow;
    const quotient = square / mass;
    const back = quotient * mass;
    const quotientLow = (square - back - productError(quotient, mass, back) + squareLow - quotient * massLow) / mass;
    return Math.max(0, squares - quotient + (squaresLow - quotientLow));
  };

  let before = Float64Array.from({ length: count + 1 }, (_, i) => cost(0, i));
  let after = new Float64Array(count + 1);
  for (let j = 2; j <= k; j++) {
    const [chosen, chosenBefore] = [choice.subarray(j * (count + 1)), choice.subarray((j - 1) * (count + 1))];
    const last = count - (k - j); // the clusters to come need a value each
    /** Layer j for i in low … high, whose boundaries lie in least … most: they never move left as i or j grows. */
    const decide = (low: number, high: number, least: number, most: number): void => {
      if (low > high) return;
      const i = (low + high) >> 1;
      const from = j > 2 && i < last ? Math.max(least, chosenBefore[i]) : least;
      let [best, at] = [Infinity, from];
      for (let b = Math.min(most, i - 1); b >= from; b--) {
        const own = cost(b, i);
        const candidate = before[b] + own;
        if (candidate < best) [best, at] = [candidate, b];
        if (own > best) break; // longer ones cost more
      }
      after[i] = best;
      chosen[i] = at;
      decide(low, i - 1, least, at);
      decide(i + 1, high, at, most);
    };
    decide(j === k ? count : j, last, j - 1, last - 1);
    [before, after] = [after, before];
  }
}

/** The difference of two sums to float64: most of it may lie in their low parts. */
function pairHigh({ high, low }: Sums, from: number, to: number): number {
  const difference = high[to] - high[from];
  return difference + (differenceError(high[to], high[from], difference) + (low[to] - low[from]));
}

/** What `pairHigh` leaves. */
function pairLow({ high, low }: Sums, from: number, to: number, rounded: number): number {
  const difference = high[to] - high[from];
  return differenceError(high[to], high[from], difference) + (low[to] - low[from]) - (rounded - difference);
}

/** a − b − difference, exact. */
function differenceError(a: number, b: number, difference: number): number {
  const back = difference - a;
  return a - (difference - back) - (b + back);
}
