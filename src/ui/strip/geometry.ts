/** Lines between the tiles of a strip. Line weight is bits per value; dotted lines set a parameter or are only compared. */

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Boxes = Readonly<Record<string, Box>>;

export interface Wire {
  readonly d: string;
  readonly width: number;
  readonly dotted: boolean;
  /** The arrowhead, as a closed path. */
  readonly head?: string;
}

export interface Operator {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Set as words rather than as a symbol. */
  readonly words?: boolean;
  /** Along a narrow gap, read from below. */
  readonly turned?: boolean;
}

export interface Wiring {
  readonly wires: readonly Wire[];
  readonly operators: readonly Operator[];
}

/**
 * The data flow of one paper, from where its tiles stand.
 * @param boxes of every element that carries a `data-wire`
 * @param unit 1 on a desktop, more when the strip is drawn larger
 * @param column width of a column, px: a tile may be narrower, and lines must not cross its caption
 */
export type WiringOf = (boxes: Boxes, unit: number, column: number) => Wiring | undefined;

export type Point = readonly [number, number];
export type Direction = 'right' | 'down' | 'up';

/** Px of a line that carries so many bits per value: 3.6 for 16, 1.2 for 4, 1 for 3. */
export const weightOf = (bits: number): number => Number((0.4 + 0.2 * bits).toFixed(2));

export const SIXTEEN_BIT = weightOf(16);
export const FOUR_BIT = weightOf(4);

function arrowhead([x, y]: Point, direction: Direction, length: number, half: number): string {
  if (direction === 'right') return `M${x} ${y}L${x - length} ${y - half}L${x - length} ${y + half}Z`;
  const back = direction === 'down' ? y - length : y + length;
  return `M${x} ${y}L${x - half} ${back}L${x + half} ${back}Z`;
}

/** Where a line ends when its head begins at `end`: inside the head, so that the tip stays sharp. */
function shortened([x, y]: Point, direction: Direction | undefined, by: number): Point {
  if (direction === 'right') return [x - by, y];
  return direction === 'down' ? [x, y - by] : direction === 'up' ? [x, y + by] : [x, y];
}

export function wire(points: readonly Point[], weight: number, unit: number, direction?: Direction, dotted = false): Wire {
  const end = points.at(-1)!;
  const d = `M${[...points.slice(0, -1), shortened(end, direction, 4 * unit)].map((p) => p.join(' ')).join('L')}`;
  const base = { d, width: weight * unit, dotted };
  return direction ? { ...base, head: arrowhead(end, direction, 6 * unit, (weight > 2 ? 5 : 4) * unit) } : base;
}

export const middle = (box: Box): Point => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
