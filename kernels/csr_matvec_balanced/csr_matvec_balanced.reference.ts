import { sparseDot, type CsrInputs } from '../csr_matvec/csr_matvec.reference';
import type { Dims } from '../define';

/** rowptr: [N+1], cols and values: [Z], x: [K], starts: [S]. Gives partial: [N] and carries: [S]. */
export function csrMatvecBalancedReference(inputs: CsrInputs & { readonly starts: Uint32Array }, { N, Z, S }: Dims): { partial: Float32Array; carries: Float32Array } {
  const { rowptr, starts } = inputs;
  const perThread = Math.ceil(Z / S);
  const [partial, carries] = [new Float32Array(N), new Float32Array(S)];
  for (let t = 0; t < S; t++) {
    const begin = Math.min(t * perThread, Z);
    const end = Math.min(begin + perThread, Z);
    carries[t] = sparseDot(inputs, begin, Math.min(end, rowptr[starts[t]]));
    for (let row = starts[t]; row < (t + 1 < S ? starts[t + 1] : N); row++) {
      partial[row] = sparseDot(inputs, rowptr[row], Math.min(end, rowptr[row + 1]));
    }
  }
  return { partial, carries };
}
