/** Where every token stands when frames lie side by side, and where when clusters do. */

export interface FlightPlan {
  /** Px of a token's square. */
  readonly cell: number;
  readonly width: number;
  readonly height: number;
  /** [2 N]: x, y of each token's square by place, and by cluster; px. */
  readonly from: Float32Array;
  readonly to: Float32Array;
  /** [N]: when a token starts, 0 … 1; clusters leave one after another. */
  readonly start: Float32Array;
  /** Corners of the frames. */
  readonly frames: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[];
}

export interface FlightSizes {
  readonly frames: number;
  /** Tokens of a frame, down and across. */
  readonly rows: number;
  readonly cols: number;
  /** [N]: the token at each place of the order by cluster. */
  readonly order: ArrayLike<number>;
  /** [C]: tokens of each cluster, in the order of `order`. */
  readonly sizes: ArrayLike<number>;
  /** Px there are. */
  readonly width: number;
}

const FRAME_GAP = 6;
const CLUSTER_GAP = 2;
const LARGEST = 16;
/** Room for the numbers of the frames. */
const NUMBERS = 14;
/** A frame narrower than this makes another line of frames; on a phone lines are dear. */
const narrowest = (width: number): number => (width > 640 ? 96 : Math.min(60, width));
/** Of the whole time, what the clusters' starts are spread over. */
const STAGGER = 0.45;

interface Lines {
  readonly perLine: number;
  readonly cell: number;
}

/** Frames in as few lines as leave each wide enough; a number line stands under each. */
function linesOf({ frames, cols, width }: FlightSizes): Lines {
  for (let lines = 1; ; lines += 1) {
    const perLine = Math.ceil(frames / lines);
    const room = (width - (perLine - 1) * FRAME_GAP) / perLine;
    if (room >= narrowest(width) || perLine === 1) return { perLine, cell: Math.max(1, Math.min(LARGEST, Math.floor(room / cols))) };
  }
}

/** Columns of `height` tokens that the clusters fill one after another; each begins a column of its own. */
const columnsOf = (sizes: ArrayLike<number>, height: number): number => Array.from(sizes).reduce((sum, n) => sum + Math.ceil(n / height), 0);

/** How clusters stand: columns of so many tokens, and px between two clusters; without any where columns are shared. */
interface Standing {
  readonly height: number;
  readonly gap: number;
}

/** The lowest columns in which all clusters fit side by side; where there are too many of them, they share columns. */
function standingOf(sizes: ArrayLike<number>, cell: number, width: number): Standing {
  const all = Array.from(sizes);
  const clusters = all.filter((n) => n > 0).length;
  const room = width - Math.max(0, clusters - 1) * CLUSTER_GAP;
  if (clusters * cell > room) return { height: Math.max(1, Math.ceil(all.reduce((a, b) => a + b, 0) / Math.max(1, Math.floor(width / cell)))), gap: 0 };
  let height = 1;
  while (columnsOf(sizes, height) * cell > room) height += 1;
  return { height, gap: CLUSTER_GAP };
}

export function planFlight(o: FlightSizes): FlightPlan {
  const { frames, rows, cols, order, sizes } = o;
  const { perLine, cell } = linesOf(o);
  const [frameWidth, frameHeight] = [cols * cell, rows * cell];
  const lines = Math.ceil(frames / perLine);
  const line = frameHeight + NUMBERS + FRAME_GAP;
  const { height: tall, gap } = standingOf(sizes, cell, o.width);
  const height = Math.ceil(Math.max(lines * line - FRAME_GAP, tall * cell));
  const count = frames * rows * cols;
  const [from, to, start] = [new Float32Array(2 * count), new Float32Array(2 * count), new Float32Array(count)];
  const boxes = Array.from({ length: frames }, (_, f) => ({
    x: (f % perLine) * (frameWidth + FRAME_GAP), y: Math.floor(f / perLine) * line, width: frameWidth, height: frameHeight,
  }));
  for (let i = 0; i < count; i += 1) {
    const [box, p] = [boxes[Math.floor(i / (rows * cols))]!, i % (rows * cols)];
    from[2 * i] = box.x + (p % cols) * cell;
    from[2 * i + 1] = box.y + Math.floor(p / cols) * cell;
  }
  let [at, x, filled] = [0, 0, 0]; // tokens placed, left edge of the column, tokens in it
  for (let c = 0; c < sizes.length; c += 1) {
    for (let j = 0; j < sizes[c]!; j += 1, at += 1, filled += 1) {
      if (filled === tall) [x, filled] = [x + cell, 0];
      const token = order[at]!;
      to[2 * token] = x;
      to[2 * token + 1] = height - (filled + 1) * cell; // clusters stand on one ground
      start[token] = (STAGGER * c) / Math.max(1, sizes.length - 1);
    }
    if (gap > 0 && filled > 0) [x, filled] = [x + cell + gap, 0];
  }
  return { cell, width: o.width, height, from, to, start, frames: boxes };
}

const eased = (t: number): number => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);

/** How far a token is on its way at time t, 0 … 1. */
export const progress = (start: number, t: number): number => eased(Math.min(1, Math.max(0, (t - start) / (1 - STAGGER))));

/** Writes x, y of every square at time t into `out` [2 N]. */
export function positionsAt({ from, to, start }: FlightPlan, t: number, out: Float32Array): void {
  for (let i = 0; i < start.length; i += 1) {
    const share = progress(start[i]!, t);
    out[2 * i] = from[2 * i]! + share * (to[2 * i]! - from[2 * i]!);
    out[2 * i + 1] = from[2 * i + 1]! + share * (to[2 * i + 1]! - from[2 * i + 1]!);
  }
}

/** The token whose square holds the point; where squares overlap, the one drawn last. */
export function tokenUnder({ cell }: FlightPlan, positions: Float32Array, drawn: ArrayLike<number>, x: number, y: number): number | undefined {
  for (let n = drawn.length - 1; n >= 0; n -= 1) {
    const i = drawn[n]!;
    const [dx, dy] = [x - positions[2 * i]!, y - positions[2 * i + 1]!];
    if (dx >= 0 && dx < cell && dy >= 0 && dy < cell) return i;
  }
  return undefined;
}
