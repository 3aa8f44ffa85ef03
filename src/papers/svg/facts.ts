/** What is known of each head of the layer, as vectors; a head that was not computed yet has −1. */

import type { StageVector } from '../../run/run';
import type { Problem } from './inputs';
import { HEAD_KINDS } from './names';

const FACTS = {
  verdict: ['', 'Verdict: 0 spatial, 1 temporal'],
  oracle: ['', 'Better mask over all rows'],
  spatial_error: ['', 'Sampled rows under the spatial mask, relative error'],
  temporal_error: ['', 'Sampled rows under the temporal mask, relative error'],
  spatial_full: ['', 'All rows under the spatial mask, relative error'],
  temporal_full: ['', 'All rows under the temporal mask, relative error'],
  agreement: ['', 'Draws of R rows that decide as all rows do'],
  error: ['E', 'Relative error under the chosen mask'],
  mass: ['', 'Attention kept'],
  density: ['', 'Pairs kept'],
} as const satisfies Readonly<Record<string, readonly [symbol: string, name: string]>>;

export type Fact = keyof typeof FACTS;
export type Facts = Readonly<Partial<Record<Fact, number>>>;

/** @param facts of each head; undefined where nothing is known */
export function factVectors({ kinds }: Problem, facts: readonly (Facts | undefined)[]): Record<string, StageVector> {
  const vectors = (Object.keys(FACTS) as Fact[]).map((id): StageVector => {
    const [symbol, name] = FACTS[id];
    return { id, symbol, name, data: Float32Array.from(kinds, (_, h) => facts[h]?.[id] ?? -1), axis: 'h' };
  });
  const kind: StageVector = {
    id: 'head_kind', symbol: '', name: 'What the head was made to look at', axis: 'h',
    data: Float32Array.from(kinds, (name) => HEAD_KINDS.findIndex(({ id }) => id === name)),
  };
  return Object.fromEntries([kind, ...vectors].map((vector) => [vector.id, vector]));
}
