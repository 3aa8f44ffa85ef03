/** Sparse matrices in compressed rows. */

export interface Csr {
  /** u32[N+1]: row n holds entries rowptr[n] … rowptr[n+1]. */
  readonly rowptr: Uint32Array;
  /** u32[nnz], ascending within a row. */
  readonly cols: Uint32Array;
  /** f32[nnz] */
  readonly values: Float32Array;
}

/** The entries of `values` [rows, cols] where `kept` is not 0, zeros among them included. */
export function toCsr(values: Float32Array, kept: Uint8Array, rows: number, cols: number): Csr {
  const rowptr = new Uint32Array(rows + 1);
  for (let n = 0, i = 0; n < rows; n++) {
    rowptr[n + 1] = rowptr[n];
    for (let k = 0; k < cols; k++, i++) if (kept[i]) rowptr[n + 1]++;
  }
  const columns = new Uint32Array(rowptr[rows]);
  const stored = new Float32Array(rowptr[rows]);
  for (let i = 0, at = 0; at < columns.length; i++) {
    if (!kept[i]) continue;
    columns[at] = i % cols;
    stored[at++] = values[i];
  }
  return { rowptr, cols: columns, values: stored };
}

/** [rows, cols], zero where nothing is stored. Entries of one place add up. */
export function csrToDense({ rowptr, cols: columns, values }: Csr, cols: number): Float32Array {
  const dense = new Float32Array((rowptr.length - 1) * cols);
  for (let n = 0; n + 1 < rowptr.length; n++) {
    for (let at = rowptr[n]; at < rowptr[n + 1]; at++) dense[n * cols + columns[at]] += values[at];
  }
  return dense;
}
