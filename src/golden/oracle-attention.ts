/** Dense softmax attention, with and without the causal mask, by the kernel that the attention labs use. */

import { withScope, type Engine } from '../engine/engine';
import { attention } from '../../kernels/attention/attention';
import { floats, widened, type Computed, type GoldenAdapter, type GoldenCase } from './case';

/** Causal or none. @throws Error where the case asks for another mask */
function causalOf({ params: { mask = 'none' } }: GoldenCase): number {
  if (mask !== 'causal' && mask !== 'none') throw new Error(`params.mask is ${JSON.stringify(mask)}, but only causal and none are computed here.`);
  return mask === 'causal' ? 1 : 0;
}

/** 1/√d of the channels given, or a number. */
function scaleOf({ params: { scale = '1/sqrt(d)' } }: GoldenCase, channels: number): number {
  if (typeof scale === 'number') return scale;
  if (scale !== '1/sqrt(d)') throw new Error(`params.scale is ${JSON.stringify(scale)}, but only 1/sqrt(d) or a number is computed here.`);
  return 1 / Math.sqrt(channels);
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const [D] = (golden.inputs.Q?.shape ?? []).slice(-1);
  const width = 4 * Math.ceil(D / 4);
  const shapeOf = (name: string): readonly number[] => [...(golden.inputs[name]?.shape ?? []).slice(0, -1), width];
  const scalars = { scale: scaleOf(golden, D), causal: causalOf(golden) };
  const [o, lse] = await withScope(engine, async (scope) => {
    const [q, k, v] = ['Q', 'K', 'V'].map((name) => scope.upload(widened(floats(golden, name), D, width), shapeOf(name)));
    const out = scope.run(attention, { q, k, v }, { scalars });
    return scope.readAll([out.o, out.lse]);
  });
  return { arrays: { output: o.filter((_, at) => at % width < D), logsumexp: lse }, scalars: {} };
}

export const oracleAttention: GoldenAdapter = {
  algorithm: 'oracle_softmax_attention',
  run,
  rules: {
    output: { kind: 'frobenius', bound: 1e-5 },
    logsumexp: { kind: 'absolute', bound: 1e-4 },
  },
};
