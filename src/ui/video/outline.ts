/** SVG paths around and over chosen cells of a grid, in cells. */

/** Runs of chosen cells, row by row: a fill. */
export function fillOf(rows: number, cols: number, chosen: (row: number, col: number) => boolean): string {
  let d = '';
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < cols; x += 1) {
      if (!chosen(y, x)) continue;
      const from = x;
      while (x + 1 < cols && chosen(y, x + 1)) x += 1;
      d += `M${from} ${y}h${x + 1 - from}v1h${from - x - 1}Z`;
    }
  }
  return d;
}

/** The border between chosen cells and the others, the grid's own edge included; straight pieces are one. */
export function outlineOf(rows: number, cols: number, chosen: (row: number, col: number) => boolean): string {
  const at = (y: number, x: number): boolean => y >= 0 && x >= 0 && y < rows && x < cols && chosen(y, x);
  let d = '';
  for (let y = 0; y <= rows; y += 1) {
    for (let x = 0; x < cols; x += 1) {
      if (at(y - 1, x) === at(y, x)) continue;
      const from = x;
      while (x + 1 < cols && at(y - 1, x + 1) !== at(y, x + 1)) x += 1;
      d += `M${from} ${y}H${x + 1}`;
    }
  }
  for (let x = 0; x <= cols; x += 1) {
    for (let y = 0; y < rows; y += 1) {
      if (at(y, x - 1) === at(y, x)) continue;
      const from = y;
      while (y + 1 < rows && at(y + 1, x - 1) !== at(y + 1, x)) y += 1;
      d += `M${x} ${from}V${y + 1}`;
    }
  }
  return d;
}
