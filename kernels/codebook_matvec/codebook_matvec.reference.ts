import type { Dims } from '../define';
import { decodeCodebookReference } from '../decode_codebook/decode_codebook.reference';

/** x: [K], codes: [N,ceil(K/32)·B], book: [N,2^B]. Gives y: [N]. */
export function codebookMatvecReference({ x, ...coded }: { x: Float32Array; codes: Uint32Array; book: Float32Array }, dims: Dims): { y: Float32Array } {
  const { N, K } = dims;
  const { w } = decodeCodebookReference(coded, dims);
  const y = new Float32Array(N);
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += w[n * K + k] * x[k];
    y[n] = sum;
  }
  return { y };
}
