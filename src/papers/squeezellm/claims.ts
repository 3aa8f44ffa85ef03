/** The paper's statements that a run can confirm or refute. Each is computed from the run alone, and each can fail. */

import type { Claim, MethodResult, Run } from '../../run/run';
import { judged, tiny, type Statement } from '../claims';

const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
/** A weighted error: three digits whatever its size. */
const plain = (x: number): string => (x === 0 || Math.abs(x) >= 1e-3 ? x.toPrecision(3) : tiny(x));
const nats = (x: number): string => x.toFixed(4);

/** Sums of the same float32 terms in another order differ by less. */
const SAME = 1e-5;
/** Two results that ought to be equal count as equal, not as one below the other. */
const BELOW = 1 - 1e-6;

type Measured = 'relativeError' | 'weightedError' | 'loss';

const SHOWN: Readonly<Record<Measured, (x: number) => string>> = { relativeError: percent, weightedError: plain, loss: nats };

export function claimsOf(run: Partial<Run>): Claim[] {
  const of = (id: string, measure: Measured): number | undefined => run.methods?.find((m: MethodResult) => m.id === id)?.[measure];
  const { scalars = {} } = run;
  const below = (id: string, statement: string, measure: Measured, from: string, to: string): Statement => ({
    id, statement, numbers: { [from]: of(from, measure), [to]: of(to, measure) },
    holds: (n) => n[to] < n[from] * BELOW, shown: (n) => `${SHOWN[measure](n[from])} → ${SHOWN[measure](n[to])}`,
  });
  const order = ['rtn', 'kmeans', 'dense-only', 'dense-and-sparse'] as const;
  const statements: Statement[] = [
    below('nonuniform-beats-uniform', 'Levels where the weights are beat even ones with as many codes.', 'relativeError', 'rtn', 'kmeans'),
    below('sensitivity-lowers-weighted-error', 'Weighing each weight by its sensitivity lowers the weighted error.', 'weightedError', 'kmeans', 'dense-only'),
    below('sensitivity-lowers-loss', 'Weighing each weight by its sensitivity lowers the loss.', 'loss', 'kmeans', 'dense-only'),
    below('sparse-lowers-weighted-error', 'Keeping a few weights sparse lowers the weighted error of the dense part alone.', 'weightedError', 'dense-only', 'dense-and-sparse'),
    {
      id: 'loss-order', statement: 'The loss falls from rounding to k-means, to weighted k-means, to dense and sparse.',
      numbers: Object.fromEntries(order.map((id) => [id, of(id, 'loss')])),
      holds: (n) => order.every((id, i) => i === 0 || n[id] < n[order[i - 1]] * BELOW), shown: (n) => order.map((id) => nats(n[id])).join(' → '),
    },
    {
      id: 'removed-exact', statement: 'Every removed weight is restored as it was: *c*₀ + (*w* − *c*₀) = *w*.',
      numbers: { nnz: scalars.nnz || undefined, difference: scalars.removedError }, holds: (n) => n.difference < SAME, shown: (n) => `${n.nnz} weights, difference ${tiny(n.difference)}`,
    },
    {
      id: 'weights-concentrate', statement: 'Over nine tenths of the weights lie within a tenth of the range.',
      numbers: { concentration: scalars.concentration }, holds: (n) => n.concentration > 0.9, shown: (n) => percent(n.concentration),
    },
    {
      id: 'range-narrows', statement: 'Without the sparse part the range is less than half as wide.',
      numbers: { sparse: scalars.sparseShare, range: scalars.denseRange }, holds: (n) => n.range < 0.5, shown: (n) => `${percent(n.range)} of the range, ${percent(n.sparse)} sparse`,
    },
    {
      id: 'sparse-agrees', statement: 'The balanced sparse product gives the output of the plain one.',
      numbers: { nnz: scalars.nnz || undefined, difference: scalars.sparseDifference }, holds: (n) => n.difference < SAME, shown: (n) => `difference ${tiny(n.difference)}`,
    },
    {
      id: 'packed-product-agrees', statement: 'The product straight from packed codes is *^Wx*, in one launch as in two.',
      numbers: { one: scalars.oneLaunchDifference, two: scalars.twoLaunchDifference }, holds: (n) => n.one < SAME && n.two < SAME,
      shown: (n) => `differences ${tiny(n.one)}, ${tiny(n.two)}`,
    },
    {
      id: 'sparse-traffic-small', statement: 'The sparse part adds under a tenth to the bytes of a product at batch 1.',
      numbers: { share: scalars.sparseTrafficShare }, holds: (n) => n.share < 0.1, shown: (n) => `+${percent(n.share)} in a 4096 × 4096 layer`,
    },
    {
      id: 'balancing-evens-work', statement: 'The longest row keeps a thread busy over four times as long as equal shares would.',
      numbers: { longest: scalars.longestRow, share: scalars.perThread }, holds: (n) => n.longest > 4 * n.share,
      shown: (n) => `${n.longest} → ${n.share} nonzeros`,
    },
  ];
  return judged(statements);
}
