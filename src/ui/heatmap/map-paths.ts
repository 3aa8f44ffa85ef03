/** Paths over a square attention map: x counts keys, y queries, both in tokens. */

import { fillOf, outlineOf } from '../video/outline';

/** Classes of the kernel classify_tiles. */
export const TILE_CLASSES = { skipped: 0, full: 1, partial: 2 } as const;

/** Both edges of |q − k| ≤ half. */
export const bandPath = (size: number, half: number): string =>
  (half > 0 && half < size ? `M${half} 0L${size} ${size - half}M0 ${half}L${size - half} ${size}` : '');

/** Tiles of one class, in tiles. */
export function tilesPath(classes: ArrayLike<number>, across: number, kind: keyof typeof TILE_CLASSES): string {
  return fillOf(across, across, (row, col) => classes[row * across + col] === TILE_CLASSES[kind]);
}

export interface KeptBlocks {
  /** Where each query cluster starts, and the end: C_q + 1 offsets, in tokens. */
  readonly rows: ArrayLike<number>;
  readonly cols: ArrayLike<number>;
  /** [C_q, C_k], 1 where kept. */
  readonly map: ArrayLike<number>;
}

/** More blocks than this have no borders: they would cover the map. */
const BORDERED = 20_000;

/** A path of whole cells, each cell as wide and high as its cluster. */
function stretched(d: string, { rows, cols }: KeptBlocks): string {
  let [x, y] = [0, 0];
  return d.replaceAll(/([MHVhv])(-?\d+)(?: (\d+))?/g, (_, letter: string, first: string, second: string | undefined) => {
    const value = Number(first);
    if (letter === 'M') [x, y] = [value, Number(second)];
    else if (letter === 'H') x = value;
    else if (letter === 'V') y = value;
    else if (letter === 'h') x += value;
    else y += value;
    return letter === 'M' ? `M${cols[x]} ${rows[y]}` : letter === 'H' || letter === 'h' ? `H${cols[x]}` : `V${rows[y]}`;
  });
}

/** What is dropped, as a fill, and the border of what is kept, in tokens. */
export function keptPaths(blocks: KeptBlocks): { readonly dropped: string; readonly border: string } {
  const [rows, cols] = [blocks.rows.length - 1, blocks.cols.length - 1];
  const kept = (row: number, col: number): boolean => blocks.map[row * cols + col] === 1;
  return {
    dropped: stretched(fillOf(rows, cols, (row, col) => !kept(row, col)), blocks),
    border: rows * cols > BORDERED ? '' : stretched(outlineOf(rows, cols, kept), blocks),
  };
}
