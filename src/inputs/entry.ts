/** What a file says of one tensor, and the matrix that the tensor reads as. */

export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  /** Slowest dimension first: a weight is [out, in]. */
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Rows and columns of the matrix it reads as; absent when it does not read as one. */
  readonly matrix?: readonly [rows: number, cols: number];
  /** Why it does not, as the end of a sentence: 'has 1 dimension'. */
  readonly unfit?: string;
}

/** Names of the weights of all experts in one tensor: 'ffn_gate_exps' (GGUF), 'mlp.experts.down_proj' (safetensors). */
const STACKED = /(?:^|[._])(?:exps|experts)(?:[._]|$)/;

/**
 * An entry whose dtype can be read. Two dimensions are a matrix. Of more, the first is the output and the rest is
 * what it sees: a convolution [out, in, taps] or [out, in, height, width] reads as [out, in*taps]. The stacked
 * weights of a mixture of experts [experts, out, in] read as [experts*out, in].
 */
export function describe(name: string, dtype: string, shape: readonly number[], bytes: number): TensorEntry {
  const entry = { name, dtype, shape, bytes };
  const size = `[${shape.join(', ')}]`;
  if (shape.length < 2) return { ...entry, unfit: `has the shape ${size}, and a matrix needs 2 dimensions (or more, as a convolution [out, in, taps])` };
  if (shape.includes(0)) return { ...entry, unfit: `has the shape ${size} and holds no numbers` };
  const outputs = STACKED.test(name) ? shape.length - 1 : 1;
  return { ...entry, matrix: [product(shape.slice(0, outputs)), product(shape.slice(outputs))] };
}

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
