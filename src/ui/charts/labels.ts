/** Text on charts: how wide it is about, where a line breaks, where a label finds room. Pixels throughout. */

/** Mean width of a character of the interface type, as a share of its size. */
const CHARACTER = 0.54;

export const textWidth = (text: string, size: number): number => text.length * size * CHARACTER;

/** One line, or two broken at the space that makes the longer one shortest, where one line exceeds `most` characters. */
export function wrapLabel(text: string, most: number): readonly string[] {
  if (text.length <= most) return [text];
  const breaks = [...text.matchAll(/ /g)].map((m) => m.index);
  if (breaks.length === 0) return [text];
  const longer = (at: number): number => Math.max(at, text.length - at - 1);
  const best = breaks.reduce((a, b) => (longer(b) < longer(a) ? b : a));
  return [text.slice(0, best), text.slice(best + 1)];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

export const overlaps = (a: Box, b: Box): boolean => overlap(a, b) > 0;
const within = (a: Box, room: Box): boolean => a.x >= room.x && a.y >= room.y && a.x + a.width <= room.x + room.width && a.y + a.height <= room.y + room.height;

export interface Wanted {
  /** The point that the label belongs to. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Small boxes along straight lines, so that labels can keep off them. */
export function boxesAlong(points: readonly { readonly x: number; readonly y: number }[], every = 4): Box[] {
  return points.slice(1).flatMap((b, i) => {
    const a = points[i];
    const n = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / every));
    return Array.from({ length: n + 1 }, (_, j) => ({ x: a.x + ((b.x - a.x) * j) / n - 1, y: a.y + ((b.y - a.y) * j) / n - 1, width: 2, height: 2 }));
  });
}

/** Below and left first: where less is better on both axes, that side of the best curve is free. */
const WAYS = [[0, 1], [-1, 1], [-1, 0], [1, -1], [1, 0], [0, -1], [1, 1], [-1, -1]] as const;

/**
 * Places labels beside their points, in the order given: below, left, then the other sides; near, then further out. A
 * label avoids the earlier ones, what is `taken`, the frame's edge and, where it can, the lines (`soft`). One that finds
 * no room is left out.
 */
export function placeLabels(wanted: readonly Wanted[], taken: readonly Box[], room: Box, soft: readonly Box[] = []): readonly (Box | undefined)[] {
  const busy = [...taken];
  const find = (label: Wanted, avoid: readonly Box[]): Box | undefined => {
    for (const away of [7, 12, 19]) {
      for (const [dx, dy] of WAYS) {
        // On a diagonal both steps count: as far as straight ones.
        const step = dx !== 0 && dy !== 0 ? 0.6 * away : away;
        const box = {
          x: label.x + dx * step - (dx < 0 ? label.width : dx > 0 ? 0 : label.width / 2),
          y: label.y + dy * step - (dy < 0 ? label.height : dy > 0 ? 0 : label.height / 2),
          width: label.width, height: label.height,
        };
        if (within(box, room) && !busy.some((b) => overlaps(b, box)) && !avoid.some((b) => overlaps(b, box))) return box;
      }
    }
    return undefined;
  };
  return wanted.map((label) => {
    const box = find(label, soft) ?? find(label, []);
    if (box) busy.push(box);
    return box;
  });
}
