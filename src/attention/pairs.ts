/** How many pairs a mask keeps where: what densities, tile classes and pictures of masks are counted from. */

import { maskLength, placesOf, type VideoMask } from '../../kernels/formats/video-mask';

/** Kept pairs in each square of `side` × `side` tokens, the last ones cut: [S,S], S = ceil(N / side), row by row. */
export interface Pairs {
  readonly side: number;
  readonly tokens: number;
  readonly kept: Uint32Array;
}

/**
 * The rule of `keeps` (kernels/formats/video-mask.ts), counted: the keys of a column of squares that lie in a query's band
 * are a difference of two running counts by block, so that no pair is looked at.
 */
export function countPairs(mask: VideoMask, side: number): Pairs {
  const places = placesOf(mask);
  const N = places.length;
  const S = Math.ceil(N / side);
  const blocks = places.reduce((most, [, block]) => Math.max(most, block), 0) + 1;
  // Of each column: keys by kind, and video keys that are no sink, up to each block.
  const [padding, others, always] = [new Uint32Array(S), new Uint32Array(S), new Uint32Array(S)];
  const upTo = new Uint32Array(S * (blocks + 1));
  for (const [i, [kind, block, sink]] of places.entries()) {
    const t = Math.floor(i / side);
    if (kind === 2) padding[t]++;
    else others[t]++;
    if (kind === 1 || (kind === 0 && sink === 1)) always[t]++;
    else if (kind === 0) upTo[t * (blocks + 1) + block + 1]++;
  }
  for (let t = 0; t < S; t++) {
    const first = t * (blocks + 1);
    for (let block = 1; block <= blocks; block++) upTo[first + block] += upTo[first + block - 1];
  }
  const kept = new Uint32Array(S * S);
  for (const [i, [kind, block]] of places.entries()) {
    const row = Math.floor(i / side) * S;
    const [from, to] = [Math.max(0, block - mask.band + 1), Math.min(blocks, block + mask.band)];
    const seen = kind === 2 ? padding : kind === 1 ? others : always;
    for (let t = 0; t < S; t++) kept[row + t] += seen[t];
    if (kind !== 0 || to <= from) continue;
    for (let t = 0, at = 0; t < S; t++, at += blocks + 1) kept[row + t] += upTo[at + to] - upTo[at + from];
  }
  return { side, tokens: N, kept };
}

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
