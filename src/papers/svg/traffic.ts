/** Bytes of one attention layer: a model, every tensor moved once each way. */

import { attentionBytes, layoutBytes } from '../../attention/cost';
import type { Traffic } from '../../run/run';
import type { Problem } from './inputs';
import type { Settings } from './params';

/** Bytes of a number: what video models hold activations in. */
const HALF = 2;

/** Profiling reads K and V once and writes nothing that counts beside them. */
export function trafficOf({ kinds, tokens, headDim }: Problem, { rows, transform }: Settings): Traffic[] {
  const sizes = { heads: kinds.length, tokens, headDim };
  const attention = attentionBytes(sizes, HALF);
  const profiling = kinds.length * (2 * tokens + 4 * rows) * headDim * HALF;
  const row = (id: string, label: string, parts: readonly (readonly [string, number])[], dispatches: number): Traffic['rows'][number] =>
    ({ id, label, dispatches, segments: parts.map(([part, bytes]) => ({ part, bytes })) });
  return [{
    title: `byte model, ${kinds.length} heads of ${tokens} × ${headDim}, 16-bit`,
    rows: [
      row('dense', 'Dense', [['attention', attention]], 1),
      // Judge, classify, attend; with the transform also Q, K, V laid out and the output laid back.
      row('svg', 'Sparse VideoGen', [['attention', attention], ['profiling', profiling], ['layout', transform ? layoutBytes(sizes, HALF) : 0]], transform ? 7 : 3),
    ],
  }];
}
