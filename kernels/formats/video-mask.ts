/**
 * Which pairs of tokens a video attention mask keeps, as a function of their indices: what attention_masked,
 * attention_profile and classify_tiles compute on the device, for the host.
 *
 * A sequence is F frames of P positions and L text tokens, before or after them. Frame-major, the token of frame f and
 * position p stands at f P + p; token-major at p F + f. Sparse VideoGen (arXiv 2502.01776) runs one band over both.
 */

import type { Dims, Scalars } from '../define';

export type Layout = 'frame' | 'token';

export interface VideoMask {
  readonly frames: number;
  readonly positions: number;
  /** Text tokens in all; the first `prompt` of them are real, the rest is padding. */
  readonly text: number;
  readonly prompt: number;
  readonly textFirst: boolean;
  /** Video pairs less than this apart are kept, counted in blocks of `block` tokens. */
  readonly band: number;
  readonly block: number;
  /** How the tokens given lie. */
  readonly order: Layout;
  /** The order along which the band is measured: not `order` where a mask is read in the other layout. */
  readonly bandOrder: Layout;
  /** Keys that every video query sees: the first P places along the band, or those of frame 0. */
  readonly sink: 'none' | 'places' | 'frame';
}

/** 0 video, 1 prompt, 2 padding; the place along the band in blocks; 1 for a sink. */
export type Place = readonly [kind: number, block: number, sink: number];

const SINKS = ['none', 'places', 'frame'] as const;

export const maskLength = ({ frames, positions, text }: VideoMask): number => frames * positions + text;

/** What the kernels take as dims, beside the sizes of their tensors. */
export const maskDims = ({ frames, positions }: VideoMask): Dims => ({ F: frames, P: positions });

/** What the kernels take as scalars. */
export const maskScalars = (m: VideoMask): Scalars => ({
  prompt: m.prompt,
  textFirst: m.textFirst ? 1 : 0,
  band: m.band,
  block: m.block,
  order: m.order === 'token' ? 1 : 0,
  bandOrder: m.bandOrder === 'token' ? 1 : 0,
  sink: SINKS.indexOf(m.sink),
});

/** The mask that a kernel was given. @param dims N, F and P */
export const maskOf = ({ N, F, P }: Dims, s: Scalars): VideoMask => ({
  frames: F,
  positions: P,
  text: N - F * P,
  prompt: s.prompt,
  textFirst: s.textFirst !== 0,
  band: s.band,
  block: s.block,
  order: s.order ? 'token' : 'frame',
  bandOrder: s.bandOrder ? 'token' : 'frame',
  sink: SINKS[s.sink] ?? 'none',
});

/** Where a video token goes when the other layout is taken: from frame-major to token-major, or back. Text stays. */
export function relocate({ frames, positions, text, textFirst }: VideoMask, token: number, to: Layout): number {
  const first = textFirst ? text : 0;
  const i = token - first;
  if (i < 0 || i >= frames * positions) return token;
  const [inner, outer] = to === 'token' ? [positions, frames] : [frames, positions];
  return first + (i % inner) * outer + Math.floor(i / inner);
}

export function placeOf(m: VideoMask, token: number): Place {
  const video = m.frames * m.positions;
  const first = m.textFirst ? m.text : 0;
  if (token < first || token >= first + video) {
    return [(m.textFirst ? token : token - video) < m.prompt ? 1 : 2, 0, 0];
  }
  const i = token - first;
  const [frame, position] = m.order === 'token' ? [i % m.frames, Math.floor(i / m.frames)] : [Math.floor(i / m.positions), i % m.positions];
  const at = m.bandOrder === 'token' ? position * m.frames + frame : frame * m.positions + position;
  const sink = (m.sink === 'places' && at < m.positions) || (m.sink === 'frame' && frame === 0);
  return [0, Math.floor(at / m.block), sink ? 1 : 0];
}

/** Padding sees padding, the prompt sees and is seen by all the rest, video sees the band and the sink. */
export function keeps(band: number, query: Place, key: Place): boolean {
  const kind = Math.max(query[0], key[0]);
  if (kind === 2) return query[0] === key[0];
  return kind === 1 || Math.abs(query[1] - key[1]) < band || key[2] === 1;
}

export const keep = (m: VideoMask, query: number, key: number): boolean => keeps(m.band, placeOf(m, query), placeOf(m, key));

/** All places of a sequence, in order. */
export const placesOf = (m: VideoMask): Place[] => Array.from({ length: maskLength(m) }, (_, i) => placeOf(m, i));

/**
 * Kept pairs in each tile of `side` tokens: [S,S], S = ceil(N / side). The rule of `keeps`, counted: the keys of a column of
 * tiles that lie in a query's band are a difference of two running counts by block, so that no pair is looked at.
 */
export function keptPerTile(m: VideoMask, side: number): Uint32Array {
  const places = placesOf(m);
  const S = Math.ceil(places.length / side);
  const blocks = places.reduce((most, [, block]) => Math.max(most, block), 0) + 1;
  // Of each column: padding; all but padding; what every video query sees; and other video keys before each block.
  const [padding, others, always] = [new Uint32Array(S), new Uint32Array(S), new Uint32Array(S)];
  const before = new Uint32Array(S * (blocks + 1));
  for (const [i, [kind, block, sink]] of places.entries()) {
    const t = Math.floor(i / side);
    if (kind === 2) padding[t]++;
    else others[t]++;
    if (kind === 1 || (kind === 0 && sink === 1)) always[t]++;
    else if (kind === 0) before[t * (blocks + 1) + block + 1]++;
  }
  for (let at = 1; at < before.length; at++) if (at % (blocks + 1) !== 0) before[at] += before[at - 1];
  const kept = new Uint32Array(S * S);
  for (const [i, [kind, block]] of places.entries()) {
    const row = Math.floor(i / side) * S;
    const seen = kind === 2 ? padding : kind === 1 ? others : always;
    for (let t = 0; t < S; t++) kept[row + t] += seen[t];
    const [from, to] = [Math.max(0, block - m.band + 1), Math.min(blocks, block + m.band)];
    if (kind !== 0 || to <= from) continue;
    for (let t = 0; t < S; t++) kept[row + t] += before[t * (blocks + 1) + to] - before[t * (blocks + 1) + from];
  }
  return kept;
}

/**
 * Tiles of `side` tokens: 0 where no pair is kept, 1 where all are, 2 where some are. [S,S], S = ceil(N / side).
 * @param count receives how many pairs are kept in all, for the density
 */
export function classifyTiles(m: VideoMask, side: number, count?: (pairs: number) => void): Uint32Array {
  const kept = keptPerTile(m, side);
  const N = maskLength(m);
  const S = Math.ceil(N / side);
  count?.(kept.reduce((a, b) => a + b, 0));
  const extent = (t: number): number => Math.min(side, N - t * side);
  return kept.map((n, at) => (n === 0 ? 0 : n === extent(Math.floor(at / S)) * extent(at % S) ? 1 : 2));
}
