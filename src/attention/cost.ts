/** Counters of one attention layer: operations (two per multiply-add) and bytes. Exponentials are not counted. */

export interface Sizes {
  readonly heads: number;
  readonly tokens: number;
  readonly headDim: number;
}

/** Q Kᵀ and P V over all pairs: 4 N² d for each head. */
export const denseFlops = ({ heads, tokens, headDim }: Sizes): number => 4 * heads * tokens ** 2 * headDim;

/** The same over a share of the pairs: the density of a mask, or what its active tiles hold. */
export const sparseFlops = (sizes: Sizes, share: number): number => share * denseFlops(sizes);

/** R rows: scores once, three times P V: 8 R N d for each head, so 2 R / N of dense attention. */
export const profilingFlops = ({ heads, tokens, headDim }: Sizes, rows: number): number => 8 * heads * rows * tokens * headDim;

/** Bringing tokens into another order and back: Q, K and V read and written, and the output. All heads are copied. */
export const layoutBytes = ({ heads, tokens, headDim }: Sizes, bytesPerNumber: number): number => 8 * heads * tokens * headDim * bytesPerNumber;

/** Q, K and V read once and the output written once: what attention moves at least. */
export const attentionBytes = ({ heads, tokens, headDim }: Sizes, bytesPerNumber: number): number => 4 * heads * tokens * headDim * bytesPerNumber;

/** Density of keeping only so many of F frames, or of P positions: c_s / F and c_t / P. */
export const densityOf = (kept: number, of: number): number => Math.min(1, kept / of);

/**
 * How much faster the whole can get if attention is `share` of it and takes `rest` of its dense time: 1 / (1 − a + a r),
 * never above 1 / (1 − a).
 */
export const wholeSpeedup = (share: number, rest: number): number => 1 / (1 - share + share * rest);
