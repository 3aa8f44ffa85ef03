/** Heads over the tokens of a video, with text last where there is any. */

import type { Heads } from '../../attention/heads';

export { scaleOf } from '../../attention/heads';

/** N counts the text tokens; only those of the video, which come first, are clustered and permuted. */
export interface VideoHeads extends Heads {
  readonly text?: Text;
}

/** Text tokens after the video; the first `prompt` of them are real, the rest is padding. */
export interface Text {
  readonly tokens: number;
  readonly prompt: number;
}

/** Tokens of the video. */
export const videoLength = ({ N, text }: VideoHeads): number => N - (text?.tokens ?? 0);

/** Video and prompt tokens: padding is no one's concern. */
export const realLength = ({ N, text }: VideoHeads): number => N - (text ? text.tokens - text.prompt : 0);

/** The first `rows` tokens of every head of x [H,N,D], as [H,rows,D]. */
export function firstRows(x: Float32Array, heads: number, rows: number, dim: number): Float32Array {
  const pitch = x.length / heads;
  if (pitch === rows * dim) return x;
  const out = new Float32Array(heads * rows * dim);
  for (let h = 0; h < heads; h++) out.set(x.subarray(h * pitch, h * pitch + rows * dim), h * rows * dim);
  return out;
}
