import type { Dims } from '../define';
import { unpackBits } from '../formats/bits';

/** codes: [N,ceil(K/32)·B], book: [N,2^B]. Gives w: [N,K]. */
export function decodeCodebookReference({ codes, book }: { codes: Uint32Array; book: Float32Array }, { N, K, B }: Dims): { w: Float32Array } {
  const w = new Float32Array(N * K);
  const decoded = unpackBits(codes, N, K, B);
  for (let n = 0; n < N; n++) {
    for (let i = n * K; i < (n + 1) * K; i++) w[i] = book[n * 2 ** B + decoded[i]];
  }
  return { w };
}
