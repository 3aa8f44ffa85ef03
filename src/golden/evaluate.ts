/** Runs one case through its adapter and holds everything expected against what was computed. */

import type { Engine } from '../engine/engine';
import { compare, FLOAT32_SLACK, ruleFor, type Check } from './compare';
import type { Computed, GoldenAdapter, GoldenCase, Json } from './case';

export interface Verdict {
  readonly computed: Computed;
  readonly checks: readonly Check[];
  /** Expected scalars that no rule speaks of. */
  readonly notCompared: readonly string[];
}

/** Every file of this folder that exports an adapter: a new algorithm is one new file. */
const modules = import.meta.glob<Record<string, unknown>>(['./*.ts', '!./case.ts', '!./compare.ts', '!./evaluate.ts'], { eager: true });

const isAdapter = (value: unknown): value is GoldenAdapter =>
  typeof value === 'object' && value !== null && 'algorithm' in value && 'run' in value && 'rules' in value;

export const adapters: ReadonlyMap<string, GoldenAdapter> = new Map(
  Object.values(modules).flatMap((module) => Object.values(module).filter(isAdapter)).map((adapter) => [adapter.algorithm, adapter]),
);

/** Numbers of a scalars tree by path; a list of numbers stays one quantity, texts are left out. */
export function flatten(value: Json, path = '', into = new Map<string, readonly number[]>()): Map<string, readonly number[]> {
  if (typeof value === 'number') into.set(path, [value]);
  else if (Array.isArray(value) && value.every((v) => typeof v === 'number')) into.set(path, value);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) flatten(child as Json, path ? `${path}.${name}` : name, into);
  }
  return into;
}

const missing = (quantity: string, note: string): Check => ({ quantity, deviation: Infinity, bound: 0, ok: false, note });

export async function evaluate(golden: GoldenCase, adapter: GoldenAdapter, engine: Engine): Promise<Verdict> {
  const computed = await adapter.run(golden, engine);
  const slack = engine.kind === 'reference' ? 1 : FLOAT32_SLACK;
  const checks: Check[] = [...(computed.checks ?? [])];
  for (const [name, expected] of Object.entries(golden.expected)) {
    const rule = ruleFor(adapter.rules, name);
    const have = computed.arrays[name];
    if (!rule) checks.push(missing(name, 'there is no rule for this output'));
    else if (!have) checks.push(missing(name, 'was not computed'));
    else checks.push(compare(name, have, expected.data, rule, slack));
  }
  const notCompared: string[] = [];
  const scalars = flatten(computed.scalars);
  for (const [path, expected] of flatten(golden.scalars)) {
    const rule = ruleFor(adapter.rules, path);
    const have = scalars.get(path);
    if (!rule) notCompared.push(path);
    else if (rule.kind === 'free') continue;
    else if (!have) checks.push(missing(path, 'was not computed'));
    else checks.push(compare(path, have, expected, rule, slack));
  }
  return { computed, checks, notCompared };
}

/** How near its bound a check came: 1 is on it; an exact one that holds is 0. */
export const share = (c: Check): number => (c.ok && c.bound === 0 ? 0 : c.bound === 0 ? Infinity : c.deviation / c.bound);

/** The check nearest to (or farthest beyond) its bound. */
export const worst = (checks: readonly Check[]): Check | undefined =>
  checks.reduce<Check | undefined>((a, b) => (a && (Number.isNaN(share(a)) || share(a) >= share(b)) ? a : b), undefined);
