/** What is said of the sizes of clusters. Empty clusters count in the mean, as they take a row of the map. */

export interface Sizes {
  /** Descending. */
  readonly sorted: readonly number[];
  readonly mean: number;
  /** Of clusters that are not empty; 0 where all are. */
  readonly min: number;
  readonly max: number;
  readonly empty: number;
}

export function sizesOf(sizes: ArrayLike<number>): Sizes {
  const sorted = Array.from(sizes).sort((a, b) => b - a);
  const held = sorted.filter((n) => n > 0);
  return { sorted, mean: sorted.length ? sorted.reduce((a, b) => a + b, 0) / sorted.length : 0, min: held.at(-1) ?? 0, max: sorted[0] ?? 0, empty: sorted.length - held.length };
}
