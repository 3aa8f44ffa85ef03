import type { Dims } from '../define';

export interface CsrInputs {
  readonly rowptr: Uint32Array;
  readonly cols: Uint32Array;
  readonly values: Float32Array;
  readonly x: Float32Array;
}

/** The sum of values[i] x[cols[i]] for begin <= i < end, in float64. */
export function sparseDot({ cols, values, x }: CsrInputs, begin: number, end: number): number {
  let sum = 0;
  for (let i = begin; i < end; i++) sum += values[i] * x[cols[i]];
  return sum;
}

/** rowptr: [N+1], cols and values: [Z], x: [K]. Gives y: [N]. */
export function csrMatvecReference(inputs: CsrInputs, { N }: Dims): { y: Float32Array } {
  return { y: Float32Array.from({ length: N }, (_, n) => sparseDot(inputs, inputs.rowptr[n], inputs.rowptr[n + 1])) };
}
