/** How an index axis is laid on the screen: whole multiples of a cell, or whole blocks of cells where it is longer than the room. */

export interface AxisPlan {
  readonly length: number;
  /** Cells reduced to one pixel (1: every cell is shown). */
  readonly block: number;
  /** Pixels of the picture along this axis: ceil(length / block). */
  readonly cells: number;
  /** Strip units per pixel. */
  readonly zoom: number;
  /** cells × zoom: extent in strip units. */
  readonly extent: number;
}

export const TILE = 128;
/** A tile lower than this is hard to hit and to read. */
const LOW = 48;

function plan(length: number, room: number, zoom: number): AxisPlan {
  const block = Math.max(1, Math.ceil(length / room));
  const cells = Math.ceil(length / block);
  return { length, block, cells, zoom, extent: cells * zoom };
}

const largestZoom = (length: number, room: number): number => Math.max(1, Math.floor(room / Math.max(1, Math.min(length, room))));

export const planAxis = (length: number, room = TILE): AxisPlan => plan(length, room, largestZoom(length, room));

/**
 * Plans axes that meet in one picture, all at one zoom where that leaves each visible.
 * @param lengths by axis name; an axis of length 0 keeps no room
 */
export function planAxes(lengths: Readonly<Record<string, number>>, room = TILE): Record<string, AxisPlan> {
  const shown = Object.values(lengths).filter((n) => n > 0);
  const common = Math.min(...shown.map((n) => largestZoom(n, room)));
  return Object.fromEntries(Object.entries(lengths).map(([name, length]) => {
    const free = largestZoom(length, room);
    const cells = plan(length, room, 1).cells;
    return [name, plan(length, room, cells * common < LOW ? Math.min(free, Math.ceil(LOW / Math.max(1, cells))) : common)];
  }));
}

/** Where the middle of cell `index` stands, as a share of the axis (0 … 1). */
export const shareOf = (axis: { readonly block: number; readonly cells: number }, index: number): number =>
  (Math.floor(index / axis.block) + 0.5) / axis.cells;

/** The first cell under a share of the axis. */
export const cellAt = (axis: { readonly length: number; readonly block: number; readonly cells: number }, share: number): number =>
  Math.min(axis.length - 1, Math.max(0, Math.floor(share * axis.cells)) * axis.block);
