/** How far restored weights are from the given ones, and what that costs the network. */

import { withScope } from '../../engine/engine';
import { sqnrDb, type MethodResult } from '../../run/run';
import { restore, type Restored, type Settings } from './methods';
import { evaluate } from './network';
import { METHODS, type MethodId } from './names';
import type { Part, Problem } from './problem';

export interface Score {
  /** ‖Ŵ − W‖ / ‖W‖ of the chosen matrix. */
  readonly relativeError: number;
  /** Σ F (ŵ − w)² of the chosen matrix. */
  readonly weightedError: number;
  /** Bits per weight of the chosen matrix, and of all. */
  readonly bits: number;
  readonly networkBits: number;
  /** Mean cross entropy in nats and share named rightly, with every matrix of the network restored. */
  readonly loss?: number;
  readonly accuracy?: number;
  readonly note?: string;
}

export function relativeError(restored: Float32Array, { weights }: Part): number {
  let [squares, whole] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    squares += (restored[i] - weights[i]) ** 2;
    whole += weights[i] ** 2;
  }
  return squares === 0 ? 0 : Math.sqrt(squares / whole);
}

/** Σ F (ŵ − w)², float64. */
export function weightedError(restored: Float32Array, { weights, sensitivity }: Part): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += sensitivity[i] * (restored[i] - weights[i]) ** 2;
  return sum;
}

export interface Verdict {
  readonly loss?: number;
  readonly accuracy?: number;
}

/** Verdicts on the matrices that were judged last, by the first of them: a method that F does not touch is judged once. */
const known = new WeakMap<Float32Array, { readonly engine: unknown; readonly key: string; readonly matrices: readonly Float32Array[]; readonly verdict: Verdict }>();

/** Loss and accuracy with these matrices in place of the network's own. Empty without a network. */
async function judged({ engine, judge }: Problem, matrices: readonly Float32Array[]): Promise<Verdict> {
  if (!judge) return {};
  const { network, evaluation, key } = judge;
  const last = known.get(matrices[0]);
  if (last && last.engine === engine && last.key === key && matrices.every((m, i) => m === last.matrices[i])) return last.verdict;
  const changed = { ...network, layers: network.layers.map((layer, i) => ({ ...layer, weights: matrices[i] })) };
  const { loss, accuracy } = await withScope(engine, (scope) => evaluate(scope, changed, evaluation));
  known.set(matrices[0], { engine, key, matrices, verdict: { loss, accuracy } });
  return { loss, accuracy };
}

/** Of the 16-bit network. */
export const baseline = (problem: Problem): Promise<Verdict> =>
  problem.memo.get('16-bit loss', [problem.judge?.key ?? null], () => judged(problem, problem.judge?.network.layers.map(({ weights }) => weights) ?? []));

/** A method on every matrix of the problem. undefined: it needs what they lack. */
export async function score(id: MethodId, problem: Problem, s: Settings): Promise<Score | undefined> {
  const all: Restored[] = [];
  for (const part of problem.parts) {
    const restored = await restore(id, problem, part, s);
    if (!restored) return undefined;
    all.push(restored);
    await problem.pause();
  }
  const { parts, chosen } = problem;
  const weights = parts.reduce((sum, part) => sum + part.weights.length, 0);
  return {
    relativeError: relativeError(all[chosen].weights, parts[chosen]),
    weightedError: weightedError(all[chosen].weights, parts[chosen]),
    bits: all[chosen].bits,
    networkBits: all.reduce((sum, { bits }, i) => sum + (bits * parts[i].weights.length) / weights, 0),
    ...await judged(problem, all.map(({ weights: restored }) => restored)),
    ...(all[chosen].note && { note: all[chosen].note }),
  };
}

/** Everything that a score depends on, for the memo. */
export const scoreDeps = ({ parts, chosen, judge }: Problem, s: Settings): unknown[] =>
  [parts.map((part) => [part.key, part.sensitivityKey, part.inputs?.key ?? null]), chosen, judge?.key ?? null, s];

export const remembered = (id: MethodId, problem: Problem, s: Settings): Promise<Score | undefined> =>
  problem.memo.get(`score ${id}`, scoreDeps(problem, s), () => score(id, problem, s));

export const methodResult = (id: MethodId, { relativeError: error, weightedError: weighted, bits, loss, accuracy, note }: Score): MethodResult => ({
  id, ...METHODS[id], relativeError: error, sqnrDb: sqnrDb(error), bitsPerWeight: bits, weightedError: weighted,
  ...(loss !== undefined && { loss, accuracy }), ...(note && { note }),
});
