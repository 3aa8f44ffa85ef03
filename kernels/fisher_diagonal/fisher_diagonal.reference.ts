import type { Dims } from '../define';

/** Samples whose squares are held at a time. */
const BLOCK = 32;

/** delta: [T,N], x: [T,K]. Gives f: [N,K], the mean over t of delta² x². Samples are added in their order, whatever the blocks. */
export function fisherDiagonalReference({ delta, x }: { delta: Float32Array; x: Float32Array }, { T, N, K }: Dims): { f: Float32Array } {
  const sums = new Float64Array(N * K);
  const squares = new Float64Array(BLOCK * K);
  const weights = new Float64Array(BLOCK);
  const rows = new Uint32Array(BLOCK);
  for (let first = 0; first < T; first += BLOCK) {
    const count = Math.min(BLOCK, T - first);
    for (let i = 0; i < count * K; i++) squares[i] = x[first * K + i] ** 2;
    for (let n = 0; n < N; n++) {
      let felt = 0; // samples whose output n the loss feels at all: behind a ReLU, often half of them
      for (let t = 0; t < count; t++) {
        const d = delta[(first + t) * N + n];
        if (d === 0) continue;
        weights[felt] = d ** 2;
        rows[felt++] = t * K;
      }
      addSquares(sums, n * K, K, squares, rows, weights, felt);
    }
  }
  return { f: Float32Array.from(sums, (sum) => sum / T) };
}

/** sums[at + k] += weights[i] squares[rows[i] + k] for each i in turn, four of them to a pass over the sums. */
function addSquares(sums: Float64Array, at: number, K: number, squares: Float64Array, rows: Uint32Array, weights: Float64Array, count: number): void {
  let i = 0;
  for (; i + 3 < count; i += 4) {
    const [a, b, c, d] = [weights[i], weights[i + 1], weights[i + 2], weights[i + 3]];
    const [p, q, r, s] = [rows[i], rows[i + 1], rows[i + 2], rows[i + 3]];
    for (let k = 0; k < K; k++) sums[at + k] = sums[at + k] + a * squares[p + k] + b * squares[q + k] + c * squares[r + k] + d * squares[s + k];
  }
  for (; i < count; i++) {
    const [a, p] = [weights[i], rows[i]];
    for (let k = 0; k < K; k++) sums[at + k] += a * squares[p + k];
  }
}
