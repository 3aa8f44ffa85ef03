/** Row and column maxima of the whole tensor, drawn along the edges of the cells shown. */

import { blockMax } from '../color/reduce';
import type { View } from './view';

const DEPTH = 40;

interface ProfileProps {
  readonly maxima: Float32Array;
  readonly view: View;
  /** The length of the longest bar stands for this value. */
  readonly max: number;
}

const reduced = (maxima: Float32Array, start: number, shown: number, block: number): Float32Array =>
  blockMax(maxima.subarray(start, start + shown), 1, shown, 1, block).data;

const lengthOf = (v: number, max: number): number => (max > 0 ? ((DEPTH - 2) * v) / max : 0);

/** Bars to the right of the rows. */
export function RowProfile({ maxima, view, max }: ProfileProps) {
  const cells = reduced(maxima, view.row0, view.rows, view.blockRows);
  const thick = Math.max(1, view.pixels * 0.7);
  const d = [...cells].map((v, i) => `M0 ${i * view.pixels}h${lengthOf(v, max).toFixed(1)}v${thick.toFixed(1)}H0Z`).join('');
  return <svg className="profile-rows" width={DEPTH} height={cells.length * view.pixels} aria-hidden="true"><path d={d} fill="var(--line2)" /></svg>;
}

/** Bars below the columns. */
export function ColumnProfile({ maxima, view, max }: ProfileProps) {
  const cells = reduced(maxima, view.col0, view.cols, view.blockCols);
  const thick = Math.max(1, view.pixels * 0.7);
  const d = [...cells].map((v, j) => `M${j * view.pixels} 0v${lengthOf(v, max).toFixed(1)}h${thick.toFixed(1)}V0Z`).join('');
  return <svg className="profile-cols" width={cells.length * view.pixels} height={DEPTH} aria-hidden="true"><path d={d} fill="var(--line2)" /></svg>;
}
