/** Reruns of the SVDQuant lab on the adapter that Node finds; run in a process of its own. */

import { countersSince, type Counters } from '../../src/engine/counters';
import { openNodeEngine } from '../../src/engine/node';
import { paper } from '../../src/papers/svdquant/paper';
import { Watched } from './whole-run';

const SIZE = { tokens: 8, in: 16, out: 16, outliers: 2 };
const RANKS = 8;

export interface Reruns {
  readonly kind: string;
  readonly same: Counters;
  readonly rank: Counters;
  readonly sizes: { readonly K: number; readonly N: number; readonly rank: number };
  /** Counters after a few reruns, and how they grew over all that followed. */
  readonly early: Counters;
  readonly growth: Counters;
  readonly memory: { readonly early: number; readonly late: number };
}

export async function reruns(count: number): Promise<Reruns> {
  const engine = await openNodeEngine('auto');
  const lab = new Watched(engine, paper, SIZE);
  await lab.run();
  const same = (await lab.run()).counters;
  const rank = (await lab.run({ rank: 5 }, 'strip')).counters;
  // More ranks than are remembered: each of these runs computes.
  const again = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await lab.run({ rank: 1 + (i % RANKS) });
  };
  await again(2 * RANKS);
  const early = engine.counters;
  const remembered = lab.memo.bytes;
  await again(count);
  const found = { kind: engine.kind, same, rank, sizes: { K: SIZE.in, N: SIZE.out, rank: 5 }, early, growth: countersSince(early, engine.counters), memory: { early: remembered, late: lab.memo.bytes } };
  engine.dispose();
  return found;
}
