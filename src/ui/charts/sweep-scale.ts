/** Axes of a sweep: evenly spaced samples or a log axis along x; from 0 or a log axis along y. */

import type { Sweep } from '../../run/run';
import { axisFromZero, logAxis, logTicks, placeAmong, powersOfTwo } from './scale';
import type { Axis } from './scale';

/** Where samples and values stand: places run from 0 to the number of the last sample. */
export interface SweepScale {
  readonly placeOf: (x: number) => number;
  readonly places: readonly number[];
  readonly xTicks: readonly { readonly place: number; readonly text: string; readonly current: boolean }[];
  readonly y: Axis;
}

const isPowerOfTwo = (x: number): boolean => x > 0 && Number.isInteger(Math.log2(x));

/** Samples stand evenly, or by their logarithm; values from 0, or on a log axis. */
export function scaleOf(sweep: Sweep): SweepScale {
  const { x, xLog, yLog, xTicks, current } = sweep;
  const last = x.length - 1;
  const values = sweep.series.flatMap((s) => s.y).filter((v): v is number => v !== null && Number.isFinite(v));
  const y = yLog ? logAxis(values) : axisFromZero(values);
  if (!xLog || last < 1) {
    const placeOf = (value: number): number => placeAmong(x, value);
    return { placeOf, places: x.map((_, i) => i), xTicks: x.map((value, i) => ({ place: i, text: xTicks?.[i] ?? String(value), current: value === current })), y };
  }
  const span = Math.log(x[last] / x[0]);
  const placeOf = (value: number): number => last * Math.min(1, Math.max(0, Math.log(value / x[0]) / span));
  const ticks = isPowerOfTwo(x[0]) && isPowerOfTwo(x[last]) ? powersOfTwo(x[0], x[last]) : logTicks(x[0], x[last]);
  return { placeOf, places: x.map(placeOf), xTicks: ticks.map((value) => ({ place: placeOf(value), text: String(value), current: value === current })), y };
}
