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

/**
 * Places labels beside their points, in the order given: right, left, above, below, then the corners; at 8 px, then
 * further out. A label that finds no room free of the earlier ones, of `taken` and of the frame's edge is left out.
 */
export function placeLabels(wanted: readonly Wanted[], taken: readonly Box[], room: Box): readonly (Box | undefined)[] {
  const busy = [...taken];
  return wanted.map((label) => {
    for (const away of [8, 13, 20]) {
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]] as const) {
        const box = {
          x: label.x + dx * away - (dx < 0 ? label.width : dx > 0 ? 0 : label.width / 2),
          y: label.y + dy * away - (dy < 0 ? label.height : dy > 0 ? 0 : label.height / 2),
          width: label.width, height: label.height,
        };
        if (within(box, room) && !busy.some((b) => overlaps(b, box))) {
          busy.push(box);
          return box;
        }
      }
    }
    return undefined;
  });
}
