import type { Dims } from '../define';
import { unpackBits } from '../formats/bits';

/** codes: [N,ceil(K/32)·B], book: [N,2^B]. Gives w: [N,K]. */
export function decodeCodebookReference({ codes, book }: { codes: Uint32Array; book: Float32Array }, { N, K, B }: Dims): { w: Float32Array } {
  const w = new Float32Array(N * K);
  unpackBits(codes, N, K, B).forEach((code, i) => {
    w[i] = book[Math.floor(i / K) * 2 ** B + code];
  });
  return { w };
}
