const DIGIT = 11;
const BUCKETS = 1 << DIGIT;

/** Sorts indices by their float32 values: three counting passes over the bits, made ascending as whole numbers. */
export class Float32Sorter {
  private readonly keys: Uint32Array;
  private readonly otherKeys: Uint32Array;
  private readonly other: Uint32Array;
  private readonly starts = new Uint32Array(BUCKETS);
  private readonly float = new Float32Array(1);
  private readonly bits = new Uint32Array(this.float.buffer);

  constructor(capacity: number) {
    [this.keys, this.otherKeys, this.other] = [new Uint32Array(capacity), new Uint32Array(capacity), new Uint32Array(capacity)];
  }

  sort(values: Float32Array, order: Uint32Array): void {
    const { float, bits, starts } = this;
    let [keys, to, indices, toIndices] = [this.keys, this.otherKeys, order, this.other];
    for (let i = 0; i < order.length; i++) {
      float[0] = values[order[i]] + 0; // −0 becomes 0, so that equals stand together
      keys[i] = bits[0] & 0x80000000 ? ~bits[0] : bits[0] | 0x80000000;
    }
    for (let shift = 0; shift < 32; shift += DIGIT) {
      starts.fill(0);
      for (let i = 0; i < order.length; i++) starts[(keys[i] >>> shift) & (BUCKETS - 1)]++;
      for (let b = 0, sum = 0; b < BUCKETS; b++) {
        const size = starts[b];
        starts[b] = sum;
        sum += size;
      }
      for (let i = 0; i < order.length; i++) {
        const at = starts[(keys[i] >>> shift) & (BUCKETS - 1)]++;
        to[at] = keys[i];
        toIndices[at] = indices[i];
      }
      [keys, to, indices, toIndices] = [to, keys, toIndices, indices];
    }
    order.set(this.other.subarray(0, order.length)); // after three passes the result lies in the other buffer
  }
}
