/** Which rows of a long table stand in the document: those in view and some around them. */

export interface Layout {
  /** Pixels of a row. */
  readonly row: number;
  /** Index of the row whose details are open, or −1, and their height. */
  readonly open: number;
  readonly details: number;
}

/** So few rows are all drawn: the browser's own search then finds each. */
export const ALL_DRAWN = 120;
const AROUND = 12;

/** Top of a row, from the top of the first. */
export const topOf = (index: number, { row, open, details }: Layout): number => index * row + (open >= 0 && index > open ? details : 0);

/** @returns rows [first, last) to draw, and the pixels that stand for those before and after */
export function windowOf(count: number, scrolled: number, height: number, layout: Layout): { readonly first: number; readonly last: number; readonly before: number; readonly after: number } {
  if (count <= ALL_DRAWN) return { first: 0, last: count, before: 0, after: 0 };
  const { row, open, details } = layout;
  const at = (y: number): number => {
    const plain = Math.floor(y / row);
    return open >= 0 && plain > open ? Math.max(open, Math.floor((y - details) / row)) : plain;
  };
  const first = Math.max(0, Math.min(count - 1, at(scrolled)) - AROUND);
  const last = Math.min(count, at(scrolled + height) + 1 + AROUND);
  return { first, last, before: topOf(first, layout), after: topOf(count, layout) - topOf(last, layout) };
}
