import { sparseDot, type CsrInputs } from '../csr_matvec/csr_matvec.reference';
import { decodeCodebookReference } from '../decode_codebook/decode_codebook.reference';
import type { Dims } from '../define';

/** x: [K], codes: [N,ceil(K/32)·B], book: [N,2^B], rowptr: [N+1], cols and values: [Z]. Gives y: [N]. */
export function codebookCsrMatvecReference(inputs: CsrInputs & { readonly codes: Uint32Array; readonly book: Float32Array }, dims: Dims): { y: Float32Array } {
  const { N, K } = dims;
  const { x, rowptr } = inputs;
  const { w } = decodeCodebookReference(inputs, dims);
  const y = new Float32Array(N);
  for (let n = 0; n < N; n++) {
    let sum = sparseDot(inputs, rowptr[n], rowptr[n + 1]);
    for (let k = 0; k < K; k++) sum += w[n * K + k] * x[k];
    y[n] = sum;
  }
  return { y };
}
