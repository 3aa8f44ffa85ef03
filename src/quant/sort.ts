/** Sorts indices by their float32 values, in a few counting passes over the bits made ascending as whole numbers. */
export class Float32Sorter {
  private readonly keys: Uint32Array;
  private readonly otherKeys: Uint32Array;
  private readonly other: Uint32Array;
  private readonly starts = new Uint32Array(1 << 11);
  private readonly float = new Float32Array(1);
  private readonly bits = new Uint32Array(this.float.buffer);

  constructor(capacity: number) {
    [this.keys, this.otherKeys, this.other] = [new Uint32Array(capacity), new Uint32Array(capacity), new Uint32Array(capacity)];
  }

  /** Reorders `order`, at most `capacity` indices into `values`; equals keep their order, −0 stands among the zeros. */
  sort(values: Float32Array, order: Uint32Array): void {
    const { float, bits } = this;
    // Clearing buckets costs as much as sorting a short row: four passes of 8 bits then, else three of 11.
    const digit = order.length < 2000 ? 8 : 11;
    const starts = this.starts.subarray(0, 1 << digit);
    const mask = starts.length - 1;
    let [keys, to, indices, toIndices] = [this.keys, this.otherKeys, order, this.other];
    for (let i = 0; i < order.length; i++) {
      float[0] = values[order[i]] + 0; // −0 becomes 0
      keys[i] = bits[0] & 0x80000000 ? ~bits[0] : bits[0] | 0x80000000;
    }
    for (let shift = 0; shift < 32; shift += digit) {
      starts.fill(0);
      for (let i = 0; i < order.length; i++) starts[(keys[i] >>> shift) & mask]++;
      for (let b = 0, sum = 0; b < starts.length; b++) {
        const size = starts[b];
        starts[b] = sum;
        sum += size;
      }
      for (let i = 0; i < order.length; i++) {
        const at = starts[(keys[i] >>> shift) & mask]++;
        to[at] = keys[i];
        toIndices[at] = indices[i];
      }
      [keys, to, indices, toIndices] = [to, keys, toIndices, indices];
    }
    if (indices !== order) order.set(indices.subarray(0, order.length)); // an odd number of passes ends in the other buffer
  }
}
