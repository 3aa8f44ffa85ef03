/** Which weights of a tensor are stored sparse, decided by passes over its rows; the official order is in quant/split. */

import type { TensorFacts } from './stats';
import { sharesOf, thresholdNear, type Shares } from './stats';
import { OrderStatistics } from './radix';
import type { ReportOptions } from './contract';
import type { Rows } from './rows';

export interface SparseRule {
  /** Sensitivities above it are stored sparse; Infinity for none. */
  readonly sensitive: number;
  /** Of the rest, magnitudes from here on. */
  readonly outlier: number;
}

/** A method that cannot be measured on a tensor, and why: a sentence. */
export class MethodRefusal extends Error {
  override readonly name = 'MethodRefusal';
}

/** Shares of `options`, from the statistics where they tell: uniform or squared-magnitude sensitivities. */
export function ruleBySize(facts: TensorFacts, sensitivity: ReportOptions['sensitivity']): SparseRule {
  const { sensitive, outlier } = facts.bySize;
  return { sensitive: sensitivity === 'magnitude' ? sensitive : Infinity, outlier };
}

/** Shares by a file of sensitivities: F strictly above the k-th largest first, then the largest weights of the rest. Yields numbers gone through. */
export async function* ruleByFile(w: Rows, f: Rows, options: Pick<ReportOptions, 'sensitivePercent' | 'outlierPercent'>): AsyncGenerator<number, SparseRule> {
  const shares = sharesOf(w.rows * w.cols, options);
  let sensitive = Infinity;
  const order = new OrderStatistics();
  // Also where no share is asked for: this pass refuses what is no sensitivity before any weight is rounded.
  for await (const { data } of f.blocks()) {
    order.addCoarse(data);
    yield data.length;
  }
  if (shares.sensitive > 0) {
    order.prepare([], [shares.sensitive - 1]);
    for await (const { data } of f.blocks()) {
      order.addFine(data);
      yield data.length;
    }
    sensitive = order.magnitude(shares.sensitive - 1).value;
  }
  return { sensitive, outlier: yield* outlierAmongRest(w, f, sensitive, shares) };
}

async function* outlierAmongRest(w: Rows, f: Rows, sensitive: number, { outlier }: Shares): AsyncGenerator<number, number> {
  if (outlier === 0) return Infinity;
  const order = new OrderStatistics();
  const pass = async function* (add: (rest: Float32Array) => void): AsyncGenerator<number> {
    const fs = f.blocks();
    for await (const { data } of w.blocks()) {
      const other = await fs.next();
      if (other.done) break;
      add(sensitive === Infinity ? data : data.filter((_, i) => !(other.value.data[i] > sensitive)));
      yield data.length;
    }
    await fs.return(undefined);
  };
  yield* pass((rest) => { order.addCoarse(rest); });
  const rank = Math.min(outlier, order.count) - 1;
  if (rank < 0) return Infinity;
  order.prepare([], [rank]);
  yield* pass((rest) => { order.addFine(rest); });
  return thresholdNear(order.magnitude(rank), 0, outlier);
}

/** Non-zero where a weight of a block is stored sparse; a weight of exactly 0 never is. @param f sensitivities of the block */
export function removedOf(w: Float32Array, f: Float32Array | undefined, { sensitive, outlier }: SparseRule): Uint8Array {
  const removed = new Uint8Array(w.length);
  for (let i = 0; i < w.length; i++) {
    const size = Math.abs(w[i]);
    if (size > 0 && (size >= outlier || (f !== undefined && f[i] > sensitive))) removed[i] = 1;
  }
  return removed;
}
