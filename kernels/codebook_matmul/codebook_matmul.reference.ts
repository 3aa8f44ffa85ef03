import { decodeCodebookReference } from '../decode_codebook/decode_codebook.reference';
import type { Dims } from '../define';
import { doubles, productNT } from '../product';

/** x: [T,K], codes: [N,ceil(K/32)·B], book: [N,2^B]. Gives y: [T,N]. */
export function codebookMatmulReference({ x, ...coded }: { x: Float32Array; codes: Uint32Array; book: Float32Array }, dims: Dims): { y: Float32Array } {
  const { w } = decodeCodebookReference(coded, dims);
  return { y: new Float32Array(productNT(doubles(x), doubles(w), dims.T, dims.N, dims.K)) };
}
