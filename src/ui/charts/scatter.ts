/** Numbers behind a plot of two measures: points in one list, the frontier, axes, the way of the arrow keys. */

import type { Scatter } from '../../run/run';
import { axisFromZero, linearTicks, logAxis } from './scale';
import type { Axis } from './scale';

export type ScatterSeries = Scatter['series'][number];
export type ScatterPoint = ScatterSeries['points'][number];

export interface Placed {
  readonly series: ScatterSeries;
  readonly point: ScatterPoint;
}

/** Every point with both measures, in the order of the series. */
export const pointsOf = (scatter: Scatter): Placed[] =>
  scatter.series.flatMap((series) => series.points.filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y)).map((point) => ({ series, point })));

/** Points that no other one matches with less x and a better y, by ascending x; of equal ones the first. */
export function frontierOf<P extends { readonly x: number; readonly y: number }>(points: readonly P[], largerIsBetter = false): P[] {
  const cost = ({ y }: P): number => (largerIsBetter ? -y : y);
  const sorted = points.map((p, i) => ({ p, i })).sort((a, b) => a.p.x - b.p.x || cost(a.p) - cost(b.p) || a.i - b.i);
  const out: P[] = [];
  let least = Infinity;
  for (const { p } of sorted) {
    if (cost(p) >= least) continue;
    least = cost(p);
    out.push(p);
  }
  return out;
}

export interface ScatterAxes {
  readonly x: Axis;
  readonly y: Axis;
}

/** Where a point stands: what lies under the floor stands on it. */
export const heightOf = ({ floor = -Infinity }: Scatter, y: number): number => Math.max(floor, y);

/** x over what was measured, with a little room; y from 0, or on a log axis. The base line is always on it, and the floor where a point needs it. */
export function axesOf(scatter: Scatter, points: readonly Placed[]): ScatterAxes {
  const xs = points.map((p) => p.point.x);
  const [least, most] = xs.length ? [Math.min(...xs), Math.max(...xs)] : [0, 1];
  const room = most > least ? 0.05 * (most - least) : Math.max(0.5, Math.abs(least) * 0.1);
  const [low, high] = [least - room, most + room];
  const ys = [...points.map((p) => heightOf(scatter, p.point.y)), ...(scatter.base ? [scatter.base.y] : [])];
  return {
    x: { low, high, ticks: linearTicks(low, high), along: (v) => (v - low) / (high - low) },
    y: scatter.yLog ? logAxis(ys) : axisFromZero(ys),
  };
}

/** The nearest point to (x, y), or the nearest one that way, weighing steps aside double; −1 when there is none. Pixels. */
export function nearest(points: readonly { readonly x: number; readonly y: number }[], x: number, y: number, way?: readonly [number, number]): number {
  let [found, least] = [-1, Infinity];
  points.forEach((p, i) => {
    const [dx, dy] = [p.x - x, p.y - y];
    const along = way ? dx * way[0] + dy * way[1] : 0;
    if (way && along < 1e-6) return;
    const distance = way ? along + 2 * (Math.abs(dx * way[1]) + Math.abs(dy * way[0])) : Math.hypot(dx, dy);
    if (distance < least) [found, least] = [i, distance];
  });
  return found;
}
