/** One codebook ("LUT") per output row: 2^b levels fitted by weighted k-means, and the code of every weight. */

import type { Scope } from '../engine/engine';
import { ExactSolver } from './exact-kmeans';
import { fitLloyd } from './lloyd';
import { nearestCodes, weightedError } from './nearest';

export interface Codebooks {
  /** N */
  readonly rows: number;
  /** K */
  readonly cols: number;
  readonly bits: number;
  /** [N, 2^b], ascending in each row; stored in float32. */
  readonly book: Float32Array;
  /** [N,K]: column of the row's book, the nearest level, ties to the lower. */
  readonly codes: Uint8Array;
  /** Σ f (w − c)² of what is stored, per row; removed weights have f = 0. */
  readonly cost: Float64Array;
}

export interface FitOptions {
  /** [N,K] */
  readonly weights: Float32Array;
  readonly rows: number;
  readonly cols: number;
  /** 1 to 8 */
  readonly bits: number;
  /** F [N,K]; without it every weight counts 1. A row whose weights are all 0 counts every weight 1. */
  readonly sensitivity?: Float32Array;
  /** Not 0 where removed: such a weight counts as a 0 of weight 0. */
  readonly removed?: Uint8Array;
  /** exact: the optimum, on the host. lloyd: seeded k-means++ on the host, iterations on the engine. */
  readonly solver: 'exact' | 'lloyd';
  readonly seed?: number;
}

/** Milliseconds of work between two pauses. */
const SLICE = 24;

/**
 * Fits every row. @param pause awaited now and then, so that a waiting message can be heard; it may throw to stop
 * @throws RangeError when sizes do not agree, or a weight or sensitivity cannot be used
 */
export async function fitCodebooks(scope: Scope, o: FitOptions, pause?: () => Promise<void>): Promise<Codebooks> {
  const { rows, cols, bits } = o;
  const size = rows * cols;
  if (!Number.isInteger(bits) || bits < 1 || bits > 8) throw new RangeError(`bits is ${bits}, but codebooks have 1 to 8.`);
  for (const [name, data] of [['weights', o.weights], ['sensitivity', o.sensitivity], ['removed', o.removed]] as const) {
    if (data && data.length !== size) throw new RangeError(`${name} has ${data.length} entries, but the matrix ${rows} × ${cols} has ${size}.`);
  }
  const [weights, sensitivity] = withoutRemoved(o);
  const fit = { ...o, weights, sensitivity };
  const book = await (o.solver === 'exact' ? fitExact(fit, pause) : fitLloyd(scope, fit, pause));
  const codes = new Uint8Array(size);
  const cost = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    const levels = book.subarray(n << bits, (n + 1) << bits);
    nearestCodes(weights, levels, codes, n * cols, cols);
    cost[n] = weightedError(weights, sensitivity, levels, codes, n * cols, cols);
  }
  return { rows, cols, bits, book, codes, cost };
}

/** W and F as the clustering sees them. */
function withoutRemoved({ weights, sensitivity, removed }: FitOptions): [Float32Array, Float32Array | undefined] {
  if (!removed) return [weights, sensitivity];
  const w = weights.slice();
  const f = sensitivity ? sensitivity.slice() : new Float32Array(w.length).fill(1);
  for (let i = 0; i < w.length; i++) if (removed[i]) w[i] = f[i] = 0;
  return [w, f];
}

async function fitExact({ weights, sensitivity, rows, cols, bits }: FitOptions, pause?: () => Promise<void>): Promise<Float32Array> {
  const book = new Float32Array(rows << bits);
  if (cols === 0) return book;
  const solver = new ExactSolver(1 << bits, cols);
  let since = performance.now();
  for (let n = 0; n < rows; n++) {
    book.set(solver.solve(weights, sensitivity, n * cols, cols), n << bits);
    if (pause && performance.now() - since > SLICE) {
      await pause();
      since = performance.now();
    }
  }
  return book;
}

/** The weights that codes and books stand for, [N,K]. */
export function decodeBooks({ rows, cols, bits, book, codes }: Omit<Codebooks, 'cost'>): Float32Array {
  const out = new Float32Array(rows * cols);
  for (let n = 0, i = 0; n < rows; n++) for (let k = 0; k < cols; k++, i++) out[i] = book[(n << bits) + codes[i]];
  return out;
}
