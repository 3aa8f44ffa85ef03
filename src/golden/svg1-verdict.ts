/** Verdicts on heads, held against a case: exactly where the errors leave no doubt, and followed where they do. */

import { SPATIAL, TEMPORAL, type Verdict } from '../attention/layout';
import type { GoldenCase } from './case';
import { compare, type Check } from './compare';

/** Mean squares below this are rounding in float32, and so is their ratio. */
export const ROUNDING = 1e-8;

/** argmin over the two errors as torch has it: of equal ones the first, and NaN before any number. */
export const verdictOf = (errors: Float64Array, H: number): Verdict =>
  Uint8Array.from({ length: H }, (_, h) => (Number.isNaN(errors[h]) ? SPATIAL : Number.isNaN(errors[H + h]) || errors[H + h] < errors[h] ? TEMPORAL : SPATIAL));

/** Whether the two errors are within 1 % of each other, or both are rounding: either verdict will do. */
function open(errors: Float64Array, H: number, h: number): boolean {
  const [low, high] = [Math.min(errors[h], errors[H + h]), Math.max(errors[h], errors[H + h])];
  return high <= 1.01 * low || high < ROUNDING;
}

/** The case's verdicts: an array, or a list among its scalars. */
function verdictsTold({ expected, scalars }: GoldenCase): ArrayLike<number> | undefined {
  const list = scalars.best_mask_per_head;
  return expected.best_mask?.data ?? (Array.isArray(list) ? list.map(Number) : undefined);
}

/** Own verdicts, but those of the case where either will do: what follows depends on them, and is compared. */
export function followed(golden: GoldenCase, verdict: Verdict, errors: Float64Array): Verdict {
  const expected = verdictsTold(golden);
  return expected?.length === verdict.length ? verdict.map((type, h) => (open(errors, verdict.length, h) ? expected[h] : type)) : verdict;
}

export function verdictCheck(golden: GoldenCase, verdict: Verdict): readonly Check[] {
  const expected = verdictsTold(golden);
  if (!expected) return [];
  const wrong = Array.from(verdict).filter((type, h) => type !== expected[h]).length;
  return [{ quantity: 'verdicts with a margin', deviation: wrong, bound: 0, ok: wrong === 0 }];
}

/** Margins of heads whose smaller error is more than rounding. */
export function marginCheck(golden: GoldenCase, ratio: readonly number[], errors: Float64Array, slack: number): readonly Check[] {
  const expected = golden.scalars.mse_margin_ratio_worst_over_best;
  if (!Array.isArray(expected)) return [];
  const told = Array.from(ratio.keys()).filter((h) => !(Math.min(errors[h], errors[ratio.length + h]) < ROUNDING));
  return [compare('mse_margin_ratio_worst_over_best', told.map((h) => ratio[h]), told.map((h) => Number(expected[h])), { kind: 'relative', bound: 1e-4 }, slack)];
}
