/**
 * Exact order statistics of float32 numbers that come in blocks, without sorting or keeping them: one pass counts
 * the upper 16 bits of each number's key, a second the lower 16 bits within the few bins that the wanted ranks fall in.
 */

const BINS = 65536;
const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** The key of a float32's bits: ascending as unsigned integers in the order of the numbers, −0 before 0. */
const keyOf = (bits: number): number => (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;

function valueOf(key: number): number {
  word[0] = key & 0x80000000 ? key ^ 0x80000000 : ~key;
  return float[0];
}

const wordsOf = (x: Float32Array): Uint32Array => new Uint32Array(x.buffer, x.byteOffset, x.length);

/** The next float32 above x ≥ 0. */
export function nextUp(x: number): number {
  float[0] = Math.abs(x);
  word[0]++;
  return float[0];
}

/** Ranks of numbers in ascending order, and of magnitudes in descending order; both counted from 0. */
export class OrderStatistics {
  private readonly coarse = new Float64Array(BINS);
  private readonly slots = new Int32Array(BINS).fill(-1);
  private readonly fine: Float64Array[] = [];
  count = 0;

  /** First pass. */
  addCoarse(x: Float32Array): void {
    const { coarse } = this;
    const words = wordsOf(x);
    for (let i = 0; i < words.length; i++) {
      const bits = words[i];
      coarse[(bits >> 31 ? ~bits : bits | 0x80000000) >>> 16]++;
    }
    this.count += x.length;
  }

  /** Between the passes: the ranks that will be asked for. */
  prepare(ascending: readonly number[], magnitudes: readonly number[]): void {
    for (const rank of ascending) this.open(this.coarseOf(rank).bin);
    for (const rank of magnitudes) {
      const { bin } = this.magnitudeBin(rank);
      this.open(positive(bin));
      this.open(negative(bin));
    }
  }

  private open(bin: number): void {
    if (this.slots[bin] >= 0) return;
    this.slots[bin] = this.fine.length;
    this.fine.push(new Float64Array(BINS));
  }

  /** Second pass, over the same numbers. */
  addFine(x: Float32Array): void {
    const { slots, fine } = this;
    const words = wordsOf(x);
    for (let i = 0; i < words.length; i++) {
      const bits = words[i];
      const key = bits >> 31 ? ~bits : bits | 0x80000000;
      const slot = slots[key >>> 16];
      if (slot >= 0) fine[slot][key & 0xffff]++;
    }
  }

  private coarseOf(rank: number): { bin: number; before: number } {
    let before = 0;
    for (let bin = 0; bin < BINS; bin++) {
      if (before + this.coarse[bin] > rank) return { bin, before };
      before += this.coarse[bin];
    }
    throw new RangeError(`Rank ${rank} of ${this.count} numbers.`);
  }

  /** The upper bits of the magnitude of the given rank, and how many magnitudes lie in higher bins. */
  private magnitudeBin(rank: number): { bin: number; before: number } {
    let before = 0;
    for (let bin = BINS / 2 - 1; bin >= 0; bin--) {
      const here = this.coarse[positive(bin)] + this.coarse[negative(bin)];
      if (before + here > rank) return { bin, before };
      before += here;
    }
    throw new RangeError(`Rank ${rank} of ${this.count} numbers.`);
  }

  private counts(bin: number): Float64Array {
    const slot = this.slots[bin];
    if (slot < 0) throw new Error('This rank was not prepared.');
    return this.fine[slot];
  }

  /** The number of the given rank. */
  value(rank: number): number {
    const { bin, before } = this.coarseOf(rank);
    const counts = this.counts(bin);
    let seen = before;
    for (let low = 0; ; low++) {
      seen += counts[low];
      if (seen > rank) return valueOf(((bin << 16) | low) >>> 0);
    }
  }

  /** The quantile p by linear interpolation between the two nearest ranks (numpy's and torch's default). */
  quantile(p: number): number {
    const at = p * (this.count - 1);
    const low = Math.floor(at);
    const a = this.value(low);
    return low === at ? a : a + (at - low) * (this.value(low + 1) - a);
  }

  /** The magnitude of the given rank, the largest first; how many magnitudes are larger, and how many are equal. */
  magnitude(rank: number): { value: number; larger: number; equal: number } {
    const { bin, before } = this.magnitudeBin(rank);
    const up = this.counts(positive(bin));
    const down = this.counts(negative(bin));
    let larger = before;
    for (let low = BINS - 1; ; low--) {
      const equal = up[low] + down[0xffff ^ low];
      if (larger + equal > rank) {
        word[0] = (bin << 16) | low;
        return { value: float[0], larger, equal };
      }
      larger += equal;
    }
  }
}

const positive = (bin: number): number => 0x8000 | bin;
const negative = (bin: number): number => 0x7fff ^ bin;

/** Ranks that a quantile touches. */
export const quantileRanks = (p: number, count: number): number[] => [Math.floor(p * (count - 1)), Math.ceil(p * (count - 1))];

/** The upper 16 bits that `keyOf` gives a number, for tests. */
export const orderKey = (x: number): number => {
  float[0] = x;
  return keyOf(word[0]);
};
