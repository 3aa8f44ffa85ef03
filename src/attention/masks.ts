/**
 * The masks of Sparse VideoGen (arXiv 2502.01776): one diagonal band, which in frame-major order keeps near frames and
 * in token-major order near positions over all frames, with what each model adds to it.
 * Follows svg/models/{wan,hyvideo,cog}/utils.py.
 */

import type { Layout, VideoMask } from '../../kernels/formats/video-mask';

export type Variant = 'wan' | 'hunyuan' | 'cog';

/** F frames of P positions, and text: none in Wan, last in HunyuanVideo (padded), first in CogVideoX. */
export interface Video {
  readonly variant: Variant;
  readonly frames: number;
  readonly positions: number;
  /** Text tokens in all, and those of them that are real (the rest is padding; CogVideoX has none). */
  readonly text: number;
  readonly prompt: number;
}

export interface MaskOptions {
  /** s: the share of pairs to keep. The official code calls it sparsity. */
  readonly keptFraction: number;
  /** Tokens to whose multiples the band is rounded, and the side of a profiling block: 128 in the official code. */
  readonly grain: number;
  /**
   * What Wan's sink means to a temporal head: as in the code the first P places after the layout transform, or frame 0,
   * or no sink at all. The other models have none.
   */
  readonly sink: 'places' | 'frame' | 'none';
}

/**
 * Half-width of the band in frames: w = n(1 − √(1 − s')), s' = s − 2 c / n, of n tokens with c of text. Not clamped.
 * Operations in the order of the official sparsity_to_width, so that what is rounded up or down later is the same number.
 */
export function sparsityToWidth(keptFraction: number, text: number, frames: number, positions: number): number {
  const n = text + frames * positions;
  const share = (keptFraction * n ** 2 - 2 * n * text) / n ** 2;
  return (n * (1 - Math.sqrt(1 - share))) / positions;
}

/** The half-width in tokens, rounded to the grain: Wan rounds up, the others down. Negative where text alone is above s. */
export function roundedWidth({ variant, frames, positions, text }: Video, { keptFraction, grain }: MaskOptions): number {
  const blocks = (sparsityToWidth(keptFraction, text, frames, positions) * positions) / grain;
  return (variant === 'wan' ? Math.ceil(blocks) : Math.floor(blocks)) * grain;
}

/** Half-width of the executed band in tokens, W: never negative. */
export const bandTokens = (video: Video, options: MaskOptions): number => Math.max(0, roundedWidth(video, options));

const base = ({ variant, frames, positions, text, prompt }: Video, order: Layout, bandOrder: Layout) => ({
  frames, positions, text, prompt: variant === 'cog' ? text : prompt, textFirst: variant === 'cog', order, bandOrder,
});

/**
 * What is run: |q − k| ≤ W or the sink (Wan), |q − k| < W and the text (the others); generate_temporal_head_mask_mod.
 * @param order how the tokens lie that the kernel is given
 * @param bandOrder along which the band runs: `order`, or the other one for a temporal head left in frame-major order
 */
export function executionMask(video: Video, options: MaskOptions, order: Layout = 'frame', bandOrder: Layout = order): VideoMask {
  const wan = video.variant === 'wan';
  return {
    ...base(video, order, bandOrder),
    band: bandTokens(video, options) + (wan ? 1 : 0),
    block: 1,
    sink: wan ? options.sink : 'none',
  };
}

/** Tokens that the model attends to: padding, where HunyuanVideo has it, comes last and is no one's concern. */
export const realTokens = ({ variant, frames, positions, text, prompt }: Video): number => frames * positions + (variant === 'hunyuan' ? prompt : text);

/** All that the model's own dense attention computes: padding attends to padding alone (cu_seqlens in svg/models/hyvideo). */
export const denseMask = (video: Video): VideoMask => ({ ...base(video, 'frame', 'frame'), band: video.frames * video.positions, block: 1, sink: 'none' });

/**
 * What heads are judged by, on frame-major tokens. `consistent`: the band that will be run. `code`: get_attention_mask,
 * whose band does not depend on the kept fraction: blocks (a,b) of `grain` tokens with |a − b| < ⌊T / grain⌋, T = 2 P for
 * Wan (and the first P keys) and 1.5 P for the others (and all text, padding too). Text is kept in both masks and
 * the blocks begin with the video. The official CogVideoX leaves text out of the temporal mask, where a sampled text row
 * then divides by zero, and counts the blocks of the spatial one from the first text token.
 */
export function profilingMask(video: Video, options: MaskOptions, band: 'consistent' | 'code', bandOrder: Layout = 'frame'): VideoMask {
  if (band === 'consistent') return executionMask(video, options, 'frame', bandOrder);
  const wan = video.variant === 'wan';
  return {
    ...base(video, 'frame', bandOrder),
    prompt: video.text,
    band: Math.floor(((wan ? 2 : 1.5) * video.positions) / options.grain),
    block: options.grain,
    sink: wan ? 'places' : 'none',
  };
}

/** Largest divisor of P below 256: the tile of the FlashInfer path (svg/models/wan/utils.py, get_factor). */
export function tileEdge(positions: number): number {
  for (let edge = Math.min(255, positions); edge > 1; edge--) if (positions % edge === 0) return edge;
  return 1;
}

/** Block rows of a mask in CSR: tile row i keeps the tiles indices[indptr[i] … indptr[i+1]). */
export interface BlockRows {
  readonly edge: number;
  readonly indptr: Uint32Array;
  readonly indices: Uint32Array;
}

/**
 * The mask of Wan's FlashInfer path, decided by the centres of whole tiles: kept if |cᵢ − cⱼ| < w or cⱼ ≤ P, where
 * cᵢ = i b + ⌊b/2⌋ and b divides P (gen_temporal_mask).
 * @param width half-width of the band in frames
 */
export function blockRows({ frames, positions }: Pick<Video, 'frames' | 'positions'>, width: number): BlockRows {
  const edge = tileEdge(positions);
  const S = (frames * positions) / edge;
  const centre = (i: number): number => i * edge + Math.floor(edge / 2);
  const indptr = new Uint32Array(S + 1);
  const indices: number[] = [];
  for (let i = 0; i < S; i++) {
    for (let j = 0; j < S; j++) if (Math.abs(centre(i) - centre(j)) < width * positions || centre(j) <= positions) indices.push(j);
    indptr[i + 1] = indices.length;
  }
  return { edge, indptr, indices: Uint32Array.from(indices) };
}
