/** Pictures of tensors larger than their tile: the value of largest |·| of each block, never the mean, which hides outliers. */

export interface Grid {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
}

/** The middle value of each block: names of clusters and pixels have no largest one. `width` values belong together (3 for pixels). */
export function blockMiddle(data: Float32Array, rows: number, cols: number, blockRows: number, blockCols: number, width = 1): Grid {
  if (blockRows === 1 && blockCols === 1) return { rows, cols, data };
  const [outRows, outCols] = [Math.ceil(rows / blockRows), Math.ceil(cols / blockCols)];
  const out = new Float32Array(outRows * outCols * width);
  for (let i = 0; i < outRows; i += 1) {
    const row = Math.min(rows - 1, i * blockRows + (blockRows >> 1));
    for (let j = 0; j < outCols; j += 1) {
      const from = (row * cols + Math.min(cols - 1, j * blockCols + (blockCols >> 1))) * width;
      out.set(data.subarray(from, from + width), (i * outCols + j) * width);
    }
  }
  return { rows: outRows, cols: outCols, data: out };
}

/**
 * @param data [rows, cols], row-major
 * @param blockRows cells per block along rows; the last block may be short
 * @returns [ceil(rows/blockRows), ceil(cols/blockCols)], each the signed value of largest magnitude in its block
 */
export function blockMax(data: Float32Array, rows: number, cols: number, blockRows: number, blockCols: number): Grid {
  if (blockRows === 1 && blockCols === 1) return { rows, cols, data };
  const outRows = Math.ceil(rows / blockRows);
  const outCols = Math.ceil(cols / blockCols);
  const out = new Float32Array(outRows * outCols);
  for (let i = 0; i < rows; i += 1) {
    const to = Math.floor(i / blockRows) * outCols;
    const from = i * cols;
    for (let j = 0; j < cols; j += 1) {
      const v = data[from + j]!;
      const at = to + Math.floor(j / blockCols);
      if (Math.abs(v) > Math.abs(out[at]!)) out[at] = v;
    }
  }
  return { rows: outRows, cols: outCols, data: out };
}
