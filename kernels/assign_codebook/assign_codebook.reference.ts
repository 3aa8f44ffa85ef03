import type { Dims } from '../define';

/** w: [N,K], book: [N,C]. Gives codes: [N,K], by float32 distances, ties to the lower index. */
export function assignCodebookReference({ w, book }: { w: Float32Array; book: Float32Array }, { N, K, C }: Dims): { codes: Uint32Array } {
  const codes = new Uint32Array(N * K);
  for (let n = 0; n < N; n++) {
    for (let i = n * K; i < (n + 1) * K; i++) {
      let nearest = Infinity;
      for (let c = 0; c < C; c++) {
        const distance = Math.abs(Math.fround(w[i] - book[n * C + c]));
        if (distance < nearest) {
          nearest = distance;
          codes[i] = c;
        }
      }
    }
  }
  return { codes };
}
