/** What an output of sparse attention kept of the dense one, and how far it is from it. */

/**
 * ‖o − o*‖_F / ‖o*‖_F of each head, both [H,…].
 * @param counted numbers of each head that count, from its first; absent: all (padding is no one's concern)
 */
export function relativeErrors(o: Float32Array, dense: Float32Array, H: number, counted = dense.length / H): Float64Array {
  const size = dense.length / H;
  return Float64Array.from({ length: H }, (_, h) => {
    let [gap, whole] = [0, 0];
    for (let i = h * size; i < h * size + counted; i++) {
      gap += (o[i] - dense[i]) ** 2;
      whole += dense[i] ** 2;
    }
    return gap === 0 ? 0 : Math.sqrt(gap / whole);
  });
}

/** 10 log₁₀(peak² / MSE) over all numbers, in dB; the peak is max − min of the dense output. Infinity where they agree. */
export function psnr(o: Float32Array, dense: Float32Array): number {
  let [squares, low, high] = [0, Infinity, -Infinity];
  for (let i = 0; i < dense.length; i++) {
    squares += (o[i] - dense[i]) ** 2;
    low = Math.min(low, dense[i]);
    high = Math.max(high, dense[i]);
  }
  return 10 * Math.log10((high - low) ** 2 / (squares / dense.length));
}

/**
 * Attention that a mask keeps (recall), mean over the rows of each head: exp(lse of the mask − lse of all), both [H,N].
 * A row that keeps nothing has lse −1e30 and counts 0; rounding does not carry a row past 1.
 * @param rows of each head that count, from its first; absent: all
 */
export function massKept(lse: Float32Array, dense: Float32Array, H: number, rows = dense.length / H): Float64Array {
  const N = dense.length / H;
  return Float64Array.from({ length: H }, (_, h) => {
    let sum = 0;
    for (let i = h * N; i < h * N + rows; i++) sum += Math.min(1, Math.exp(lse[i] - dense[i]));
    return sum / rows;
  });
}
