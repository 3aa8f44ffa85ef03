/** How many pairs a mask keeps where: what densities, tile classes and pictures of masks are counted from. */

import { keptPerTile, maskLength, type VideoMask } from '../../kernels/formats/video-mask';

/** Kept pairs in each square of `side` × `side` tokens, the last ones cut: [S,S], S = ceil(N / side), row by row. */
export interface Pairs {
  readonly side: number;
  readonly tokens: number;
  readonly kept: Uint32Array;
}

export const countPairs = (mask: VideoMask, side: number): Pairs => ({ side, tokens: maskLength(mask), kept: keptPerTile(mask, side) });

/** Pairs of each square, kept or not. */
function squares({ side, tokens }: Pairs): Uint32Array {
  const S = Math.ceil(tokens / side);
  const all = new Uint32Array(S * S).fill(side * side);
  const last = tokens - (S - 1) * side;
  for (let t = 0; t < S; t++) all[t * S + S - 1] = all[(S - 1) * S + t] = side * last;
  all[S * S - 1] = last * last;
  return all;
}

/** Share of the pairs of each square that is kept. */
export function shares(pairs: Pairs): Float32Array {
  const all = squares(pairs);
  return new Float32Array(pairs.kept).map((n, i) => n / all[i]);
}

/** 0 where nothing of a square is kept, 1 where all is, 2 where some is: as classify_tiles has it. */
export function classes(pairs: Pairs): Uint32Array {
  const all = squares(pairs);
  return pairs.kept.map((n, i) => (n === 0 ? 0 : n === all[i] ? 1 : 2));
}

export interface TileCount {
  readonly side: number;
  readonly tiles: number;
  readonly full: number;
  readonly partial: number;
  /** Share of pairs that the mask keeps. */
  readonly density: number;
  /** Share of tiles with at least one such pair: what a kernel cannot skip. */
  readonly active: number;
  /** Share of the pairs in active tiles that are computed for nothing. */
  readonly waste: number;
}

export function tileCount(pairs: Pairs): TileCount {
  const all = squares(pairs);
  let [full, partial, touched, sum] = [0, 0, 0, 0];
  for (const [i, n] of pairs.kept.entries()) {
    if (n === 0) continue;
    if (n === all[i]) full++;
    else partial++;
    touched += all[i];
    sum += n;
  }
  const tiles = pairs.kept.length;
  return { side: pairs.side, tiles, full, partial, density: sum / pairs.tokens ** 2, active: (full + partial) / tiles, waste: touched === 0 ? 0 : 1 - sum / touched };
}

/** How a mask fills tiles of `side` tokens. */
export const countTiles = (mask: VideoMask, side: number): TileCount => tileCount(countPairs(mask, side));

/** Share of all pairs that a mask keeps. */
export const densityOfMask = (mask: VideoMask): number => countTiles(mask, maskLength(mask)).density;
