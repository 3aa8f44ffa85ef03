/** Attention to every token: what every sparse method is held against. */

import { attention } from '../../kernels/attention/attention';
import { withScope, type Engine, type KernelRecord } from '../engine/engine';
import { scaleOf, upload, type Heads } from './heads';

export interface Attention {
  /** [H,N,D], tokens in the order in which they came. */
  readonly o: Float32Array;
  /** Natural logarithm of each row's softmax denominator [H,N]; −1e30 where a row keeps nothing. */
  readonly lse: Float32Array;
}

export interface Output extends Attention {
  readonly records: readonly KernelRecord[];
}

/** softmax(q kᵀ / √D) v without a mask. */
export const denseAttention = (engine: Engine, heads: Heads): Promise<Output> =>
  withScope(engine, async (scope) => {
    const { o, lse } = scope.run(attention, { ...upload(scope, heads) }, { scalars: { scale: scaleOf(heads), causal: 0 } });
    const [output, sums] = await scope.readAll([o, lse]) as Float32Array[];
    return { o: output, lse: sums, records: [...scope.records] };
  });
