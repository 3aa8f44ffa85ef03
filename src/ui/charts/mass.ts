/** Sums along the sorted shares of a row. */
export function massOf(values: ArrayLike<number>, kept: number): { readonly sums: Float64Array; readonly keptMass: number } {
  const sums = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    sum += values[i];
    sums[i] = sum;
  }
  return { sums, keptMass: kept > 0 && sums.length > 0 ? sums[Math.min(kept, sums.length) - 1] : 0 };
}
