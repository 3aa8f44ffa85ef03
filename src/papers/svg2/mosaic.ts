/** A short video in one square: frames in reading order, a token per cell. */

export interface Mosaic {
  readonly frames: number;
  /** Tokens of a frame, down and across. */
  readonly side: number;
  /** Frames in a line, and lines. */
  readonly across: number;
  readonly lines: number;
  /** Cells of the whole picture. */
  readonly width: number;
  readonly height: number;
}

/** As square as whole lines allow. */
export function mosaicOf(frames: number, side: number): Mosaic {
  const across = Math.ceil(Math.sqrt(Math.max(1, frames)));
  const lines = Math.ceil(frames / across);
  return { frames, side, across, lines, width: across * side, height: lines * side };
}

/** Column and row of a token's cell. */
export function cellOf({ side, across }: Mosaic, token: number): readonly [x: number, y: number] {
  const [f, p] = [Math.floor(token / side ** 2), token % side ** 2];
  return [(f % across) * side + (p % side), Math.floor(f / across) * side + Math.floor(p / side)];
}

/** @returns undefined beyond the last frame */
export function tokenIn({ frames, side, across }: Mosaic, x: number, y: number): number | undefined {
  const f = Math.floor(y / side) * across + Math.floor(x / side);
  return f < frames && f >= 0 ? f * side ** 2 + (y % side) * side + (x % side) : undefined;
}

/**
 * Packed pixels [height · detail, width · detail] of a picture; what no frame covers stays clear.
 * @param detail pixels per token, each way
 * @param paint packed colour of a token's pixel, dy and dx counted inside the token
 */
export function mosaicPixels(mosaic: Mosaic, detail: number, paint: (token: number, dy: number, dx: number) => number): Uint32Array {
  const { frames, side, width, height } = mosaic;
  const out = new Uint32Array(width * detail * height * detail);
  for (let token = 0; token < frames * side ** 2; token += 1) {
    const [x, y] = cellOf(mosaic, token);
    for (let dy = 0; dy < detail; dy += 1) {
      for (let dx = 0; dx < detail; dx += 1) out[(y * detail + dy) * width * detail + x * detail + dx] = paint(token, dy, dx);
    }
  }
  return out;
}
