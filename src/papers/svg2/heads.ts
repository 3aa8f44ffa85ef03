/** What attention is given: heads of queries, keys and values over the tokens of a video, text last where there is any. */

export interface Heads {
  /** H */
  readonly heads: number;
  /** N: video tokens, frame-major. Only these are clustered and permuted. */
  readonly tokens: number;
  /** D, divisible by 4 */
  readonly dim: number;
  /** Each [H,S,D], S = N and the text tokens. */
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
  readonly text?: Text;
}

/** Text tokens after the video; the first `prompt` of them are real, the rest is padding. */
export interface Text {
  readonly tokens: number;
  readonly prompt: number;
}

/** S: all tokens of a head. */
export const lengthOf = ({ tokens, text }: Heads): number => tokens + (text?.tokens ?? 0);

/** Softmax scale, 1/√D. */
export const scaleOf = ({ dim }: { readonly dim: number }): number => 1 / Math.sqrt(dim);

/** The first `rows` tokens of every head of x [H,S,D], as [H,rows,D]. */
export function firstRows(x: Float32Array, heads: number, rows: number, dim: number): Float32Array {
  const pitch = x.length / heads;
  if (pitch === rows * dim) return x;
  const out = new Float32Array(heads * rows * dim);
  for (let h = 0; h < heads; h++) out.set(x.subarray(h * pitch, h * pitch + rows * dim), h * rows * dim);
  return out;
}
