import type { Dims } from '../define';

interface Inputs {
  readonly w: Float32Array;
  readonly f: Float32Array;
  readonly codes: Uint32Array;
  readonly book: Float32Array;
}

/** w, f, codes: [N,K], book: [N,C]. Gives next: [N,C] and shift: [N], with float64 sums. */
export function updateCodebookReference({ w, f, codes, book }: Inputs, { N, K, C }: Dims): { next: Float32Array; shift: Float32Array } {
  const next = Float32Array.from(book);
  const shift = new Float32Array(N);
  for (let n = 0; n < N; n++) {
    const counts = f.subarray(n * K, (n + 1) * K).some((v) => v > 0) ? f : undefined;
    const [sums, totals] = [new Float64Array(C), new Float64Array(C)];
    for (let i = n * K; i < (n + 1) * K; i++) {
      const count = counts ? counts[i] : 1;
      sums[codes[i]] += count * w[i];
      totals[codes[i]] += count;
    }
    let moved = 0;
    for (let c = 0; c < C; c++) {
      if (totals[c] === 0) continue;
      const mean = sums[c] / totals[c];
      moved += (mean - book[n * C + c]) ** 2;
      next[n * C + c] = mean;
    }
    shift[n] = moved;
  }
  return { next, shift };
}
