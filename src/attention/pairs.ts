/** How many pairs a mask keeps where: what densities, tile classes and pictures of masks are counted from. */

import { maskLength, placesOf, type VideoMask } from '../../kernels/formats/video-mask';

/** Kept pairs in each square of `side` × `side` tokens, the last ones cut: [S,S], S = ceil(N / side), row by row. */
export interface Pairs {
  readonly side: number;
  readonly tokens: number;
  readonly kept: Uint32Array;
}

/** The rule of `keeps` (kernels/formats/video-mask.ts) over all pairs. */
export function countPairs(mask: VideoMask, side: number): Pairs {
  const places = placesOf(mask);
  const N = places.length;
  const S = Math.ceil(N / side);
  const [kind, block, always] = [new Uint8Array(N), new Int32Array(N), new Uint8Array(N)];
  places.forEach(([k, b, sink], i) => { [kind[i], block[i], always[i]] = [k, b, k === 1 || sink === 1 ? 1 : 0]; });
  const kept = new Uint32Array(S * S);
  const { band } = mask;
  for (let q = 0; q < N; q++) {
    const row = Math.floor(q / side) * S;
    const [own, at] = [kind[q], block[q]];
    for (let t = 0, k = 0; t < S; t++) {
      const end = Math.min(N, (t + 1) * side);
      let count = 0;
      if (own === 0) for (; k < end; k++) count += always[k] | (kind[k] === 0 && at - block[k] < band && block[k] - at < band ? 1 : 0);
      else for (; k < end; k++) count += (own === 2) === (kind[k] === 2) ? 1 : 0;
      kept[row + t] += count;
    }
  }
  return { side, tokens: N, kept };
}

/** Pairs of each square, kept or not. */
const squares = ({ side, tokens, kept }: Pairs): Uint32Array => {
  const S = Math.ceil(tokens / side);
  const extent = (t: number): number => Math.min(side, tokens - t * side);
  return kept.map((_, i) => extent(Math.floor(i / S)) * extent(i % S));
};

/** Share of the pairs of each square that is kept. */
export function shares(pairs: Pairs): Float32Array {
  const all = squares(pairs);
  return Float32Array.from(pairs.kept, (n, i) => n / all[i]);
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
