/** Where the kernels stand on the roofline. */

import type { BenchRow } from '../../bench/report';
import type { MapPoint } from '../../ui/charts/RooflineMap';
import { groupRows, libraryOf } from './kernel-rows';

/** Each kernel's default variant, and the rivals that compute the same. What only moves data does no operations and has no place. */
export function pointsOf(rows: readonly BenchRow[]): MapPoint[] {
  return groupRows(rows).flatMap(({ key, label, ours, rows: own }) => {
    if (!ours?.time || !ours.intensity || !ours.flopsPerSecond) return [];
    const { intensity } = ours;
    const point = { work: key, label, intensity };
    const rivals = own.filter(({ kind, time, flopsPerSecond }) => kind === 'rival' && time && flopsPerSecond);
    return [{ ...point, rate: ours.flopsPerSecond }, ...rivals.map((row) => ({ ...point, rival: libraryOf(row.contender), way: row.contender, rate: row.flopsPerSecond! }))];
  });
}
