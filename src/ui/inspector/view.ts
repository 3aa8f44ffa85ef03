/** Which cells the inspector's heatmap shows: the whole tensor, or a window of it at a few pixels per cell. */

import { blockMax, blockMiddle, type Grid } from '../color/reduce';

/** CSS pixels the heatmap may take each way. */
export const VIEW = 256;
const MAGNIFIED = [2, 4, 8, 16] as const;

export interface View {
  /** Cells per drawn cell: 1 except when the whole of a large tensor is shown. */
  readonly blockRows: number;
  readonly blockCols: number;
  /** CSS pixels per drawn cell. */
  readonly pixels: number;
  readonly row0: number;
  readonly col0: number;
  /** Cells of the tensor shown. */
  readonly rows: number;
  readonly cols: number;
}

/** Zoom levels of a tensor: 0 shows all of it, the others so many px per cell. */
export function levelsOf(rows: number, cols: number): readonly number[] {
  const fit = fitted(rows, cols);
  return [0, ...MAGNIFIED.filter((p) => (fit.blockRows > 1 || fit.blockCols > 1 ? true : p > fit.pixels))];
}

function fitted(rows: number, cols: number): View {
  const room = VIEW / 2;
  const [blockRows, blockCols] = [Math.max(1, Math.ceil(rows / room)), Math.max(1, Math.ceil(cols / room))];
  const longest = Math.max(Math.ceil(rows / blockRows), Math.ceil(cols / blockCols), 1);
  return { blockRows, blockCols, pixels: Math.max(2, Math.floor(VIEW / longest)), row0: 0, col0: 0, rows, cols };
}

const clampStart = (start: number, shown: number, length: number): number => Math.max(0, Math.min(length - shown, Math.round(start)));

/** @param pixels a level of `levelsOf`; (row0, col0) is moved so that the window stays inside */
export function viewOf(rows: number, cols: number, pixels: number, row0: number, col0: number): View {
  if (pixels === 0) return fitted(rows, cols);
  const shown = Math.floor(VIEW / pixels);
  const [r, c] = [Math.min(rows, shown), Math.min(cols, shown)];
  return { blockRows: 1, blockCols: 1, pixels, row0: clampStart(row0, r, rows), col0: clampStart(col0, c, cols), rows: r, cols: c };
}

/** Start of a window of `shown` cells that holds `index`, moved as little as possible. */
export const startToShow = (index: number, start: number, shown: number): number =>
  index < start ? index : index >= start + shown ? index - shown + 1 : start;

/** The drawn cells of a view. `named`: pixels and names of clusters, which have no largest one; `width` values to a cell. */
export function cut(data: Float32Array, rows: number, cols: number, view: View, named = false, width = 1): Grid {
  if (view.rows === rows && view.cols === cols) return named ? blockMiddle(data, rows, cols, view.blockRows, view.blockCols, width) : blockMax(data, rows, cols, view.blockRows, view.blockCols);
  const out = new Float32Array(view.rows * view.cols * width);
  for (let i = 0; i < view.rows; i += 1) {
    const from = ((view.row0 + i) * cols + view.col0) * width;
    out.set(data.subarray(from, from + view.cols * width), i * view.cols * width);
  }
  return { rows: view.rows, cols: view.cols, data: out };
}
