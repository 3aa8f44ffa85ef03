/** Tokens of a video on the screen: which one is where, how large, and where a key leads. */

/** Frames of rows × cols tokens; token f·rows·cols + y·cols + x. Text tokens have no place in it. */
export interface FrameGrid {
  readonly frames: number;
  readonly rows: number;
  readonly cols: number;
  /** Pixels of the picture per token, each way. */
  readonly detail?: number;
}

export interface TokenPlace {
  readonly frame: number;
  readonly y: number;
  readonly x: number;
}

export const tokensOf = ({ frames, rows, cols }: FrameGrid): number => frames * rows * cols;

export const placeOf = ({ rows, cols }: FrameGrid, token: number): TokenPlace =>
  ({ frame: Math.floor(token / (rows * cols)), y: Math.floor(token / cols) % rows, x: token % cols });

export const tokenAt = ({ rows, cols }: FrameGrid, { frame, y, x }: TokenPlace): number => (frame * rows + y) * cols + x;

/** 'frame 3, x 4, y 2', counted from 0 as everywhere. */
export function tokenWords(grid: FrameGrid, token: number): string {
  const { frame, y, x } = placeOf(grid, token);
  return `frame ${frame}, x ${x}, y ${y}`;
}

/** Where frames stand in a box, CSS pixels. */
export interface FrameLayout {
  readonly perRow: number;
  /** Whole pixels per token. */
  readonly cell: number;
  readonly width: number;
  readonly height: number;
  /** From one frame to the next, to the right and down. */
  readonly stepX: number;
  readonly stepY: number;
  readonly totalWidth: number;
  readonly totalHeight: number;
}

const GAP = 8;
/** A phone takes this many frames in a row. */
const [NARROW, FEW] = [560, 4];
/** A frame narrower than this is hard to read: a second row then. */
const READABLE = 72;

export interface LayoutOptions {
  readonly perRow?: number;
  readonly maxRows?: number;
  readonly maxCell?: number;
  /** Room below each frame. */
  readonly foot?: number;
}

export function layoutFrames({ frames, rows, cols, detail = 1 }: FrameGrid, width: number, { perRow, maxRows = 2, maxCell = 16, foot = 0 }: LayoutOptions = {}): FrameLayout {
  const cellOf = (count: number): number => Math.max(1, Math.min(maxCell, Math.floor((width - GAP * (count - 1)) / (count * cols))));
  const choose = (): number => {
    if (width < NARROW) return Math.min(FEW, frames);
    for (let r = 1; r < maxRows; r += 1) {
      const count = Math.ceil(frames / r);
      if (cellOf(count) * cols >= READABLE) return count;
    }
    return Math.ceil(frames / maxRows);
  };
  const count = Math.max(1, perRow ?? choose());
  const free = cellOf(count);
  // Whole multiples of the picture's own pixels, where that costs little.
  const whole = Math.floor(free / detail) * detail;
  const cell = whole >= 0.75 * free ? whole : free;
  const [frameWidth, frameHeight] = [cols * cell, rows * cell];
  const [stepX, stepY] = [frameWidth + GAP, frameHeight + GAP + foot];
  const lines = Math.ceil(frames / count);
  return { perRow: count, cell, width: frameWidth, height: frameHeight, stepX, stepY, totalWidth: Math.min(count, frames) * stepX - GAP, totalHeight: lines * stepY - GAP };
}

/** Left top corner of a token. */
export function cornerOf(grid: FrameGrid, { perRow, cell, stepX, stepY }: FrameLayout, token: number): readonly [x: number, y: number] {
  const { frame, y, x } = placeOf(grid, token);
  return [(frame % perRow) * stepX + x * cell, Math.floor(frame / perRow) * stepY + y * cell];
}

/** The token under a point, if one is. */
export function tokenUnder(grid: FrameGrid, { perRow, cell, stepX, stepY }: FrameLayout, px: number, py: number): number | undefined {
  const [column, line] = [Math.floor(px / stepX), Math.floor(py / stepY)];
  const [x, y] = [Math.floor((px - column * stepX) / cell), Math.floor((py - line * stepY) / cell)];
  const frame = line * perRow + column;
  const inside = px >= 0 && py >= 0 && column < perRow && x < grid.cols && y < grid.rows && frame < grid.frames;
  return inside ? tokenAt(grid, { frame, y, x }) : undefined;
}

export interface Key {
  readonly key: string;
  readonly ctrlKey?: boolean;
}

/** Where a key takes the chosen token: arrows inside its frame, PageUp and PageDown or Ctrl with arrows to another frame, Home and End along the row, with Ctrl to the first and the last token. */
export function movedToken(grid: FrameGrid, token: number, { key, ctrlKey = false }: Key): number | undefined {
  const at = placeOf(grid, token);
  const to = (change: Partial<TokenPlace>): number => {
    const next = { ...at, ...change };
    const held = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value));
    return tokenAt(grid, { frame: held(next.frame, grid.frames), y: held(next.y, grid.rows), x: held(next.x, grid.cols) });
  };
  switch (key) {
    case 'ArrowLeft': return ctrlKey ? to({ frame: at.frame - 1 }) : to({ x: at.x - 1 });
    case 'ArrowRight': return ctrlKey ? to({ frame: at.frame + 1 }) : to({ x: at.x + 1 });
    case 'ArrowUp': return ctrlKey ? undefined : to({ y: at.y - 1 });
    case 'ArrowDown': return ctrlKey ? undefined : to({ y: at.y + 1 });
    case 'PageUp': return to({ frame: at.frame - 1 });
    case 'PageDown': return to({ frame: at.frame + 1 });
    case 'Home': return ctrlKey ? 0 : to({ x: 0 });
    case 'End': return ctrlKey ? tokensOf(grid) - 1 : to({ x: grid.cols - 1 });
    default: return undefined;
  }
}
