/** Dense softmax attention, with and without the causal mask, by the kernel that the attention labs use. */

import { withScope, type Engine } from '../engine/engine';
import { attention } from '../../kernels/attention/attention';
import { floats, type Computed, type GoldenAdapter, type GoldenCase } from './case';

/** Causal or none. @throws Error where the case asks for another mask or another scale */
function causalOf({ params: { mask, scale } }: GoldenCase): number {
  if (scale !== '1/sqrt(d)') throw new Error(`params.scale is ${JSON.stringify(scale)}, but only 1/sqrt(d) is computed here.`);
  if (mask !== 'causal' && mask !== 'none') throw new Error(`params.mask is ${JSON.stringify(mask)}, but only causal and none are computed here.`);
  return mask === 'causal' ? 1 : 0;
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const causal = causalOf(golden);
  const shapeOf = (name: string): readonly number[] => golden.inputs[name]?.shape ?? [];
  const [o, lse] = await withScope(engine, async (scope) => {
    const [q, k, v] = ['Q', 'K', 'V'].map((name) => scope.upload(floats(golden, name), shapeOf(name)));
    const out = scope.run(attention, { q, k, v }, { scalars: { scale: 1 / Math.sqrt(shapeOf('Q')[2]), causal } });
    return scope.readAll([out.o, out.lse]);
  });
  return { arrays: { output: o, logsumexp: lse }, scalars: {} };
}

export const oracleAttention: GoldenAdapter = {
  algorithm: 'oracle_softmax_attention',
  run,
  rules: {
    output: { kind: 'frobenius', bound: 1e-5 },
    logsumexp: { kind: 'absolute', bound: 1e-4 },
  },
};
