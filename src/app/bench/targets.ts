/** How the table of targets writes and places its numbers. */

import type { TargetRow } from '../../bench/report';
import { bytes, percent, times } from '../../ui/format';

/** '6.4×', '12 %', '2': by what is compared. */
export function valueText({ quantity }: Pick<TargetRow, 'quantity'>, value: number): string {
  if (quantity.startsWith('share')) return percent(value, 0);
  if (quantity === 'dispatches') return String(value);
  if (quantity === 'bytes' && value > 1000) return bytes(value);
  return value < 10 ? `${value.toFixed(2)}×` : times(value);
}

/** How far beyond its target: 1 is just held, 2 is twice as good as asked for. */
export function reach({ value, bound, sense }: TargetRow): number | undefined {
  if (value === undefined || bound === undefined || !(value > 0) || !(bound > 0)) return undefined;
  return sense === 'at least' ? value / bound : bound / value;
}

export interface ReachScale {
  readonly ticks: readonly number[];
  /** 0 at the left end, 1 at the right. */
  readonly along: (reach: number) => number;
}

/** One log scale for all rows, the target in it, whole powers of two at the ends. */
export function reachScale(rows: readonly TargetRow[]): ReachScale {
  const all = rows.flatMap((row) => reach(row) ?? []);
  const low = Math.min(-1, Math.floor(Math.log2(Math.min(1, ...all))));
  const high = Math.max(1, Math.ceil(Math.log2(Math.max(1, ...all))));
  const stride = Math.ceil((high - low) / 4);
  const ticks = [0];
  for (let power = stride; power <= high; power += stride) ticks.push(power);
  for (let power = -stride; power >= low; power -= stride) ticks.unshift(power);
  return { ticks: ticks.map((power) => 2 ** power), along: (value) => Math.max(0, Math.min(1, (Math.log2(value) - low) / (high - low))) };
}
