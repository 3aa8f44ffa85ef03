/** Cells of a landscape: what was measured on the grid tiles the plane, what was tried off it is a point. */

import type { Landscape } from '../../run/run';

export type Point = Landscape['points'][number];

export interface GridCell {
  readonly point: Point;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** A grid line is a value that at least this many points share; diagonals and single rows are not a grid. */
const SHARED = 4;

const linesOf = (values: readonly number[]): number[] => {
  const counts = new Map<number, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts].filter(([, n]) => n >= SHARED).map(([v]) => v).sort((a, b) => a - b);
};

/** Edges half-way between neighbouring lines; the outer ones end at the line plus half the spacing. */
const edgesOf = (lines: readonly number[], index: number): [number, number] => {
  const half = (i: number): number => (lines[i + 1] - lines[i]) / 2;
  const before = index > 0 ? half(index - 1) : lines.length > 1 ? half(0) : 0.5;
  const after = index < lines.length - 1 ? half(index) : lines.length > 1 ? half(lines.length - 2) : 0.5;
  return [lines[index] - before, lines[index] + after];
};

export interface LandscapeCells {
  readonly cells: readonly GridCell[];
  readonly candidates: readonly Point[];
  readonly box: { readonly x0: number; readonly x1: number; readonly y0: number; readonly y1: number };
}

/** 0.1 and 1 − 0.9 are one place. */
const settled = (value: number): number => Number(value.toFixed(9));

/** @param isCandidate default: the tag of the point, or else every point off the grid */
export function cellsOf(given: readonly Point[], isCandidate?: (point: Point) => boolean): LandscapeCells {
  const points = given.map((p) => ({ ...p, x: settled(p.x), y: settled(p.y) }));
  const xs = linesOf(points.map((p) => p.x));
  const ys = linesOf(points.map((p) => p.y));
  // A candidate may stand on the grid a second time: one cell each, or its ink would double.
  const taken = new Set<string>();
  const cells = points.flatMap((point): GridCell[] => {
    const [i, j] = [xs.indexOf(point.x), ys.indexOf(point.y)];
    if (i < 0 || j < 0 || taken.has(`${i},${j}`)) return [];
    taken.add(`${i},${j}`);
    const [x0, x1] = edgesOf(xs, i);
    const [y0, y1] = edgesOf(ys, j);
    return [{ point, x0, x1, y0, y1 }];
  });
  const tagged = points.some((p) => p.candidate);
  const onGrid = new Set(cells.map((c) => `${c.point.x},${c.point.y}`));
  const candidates = points.filter(isCandidate ?? (tagged ? (p) => p.candidate === true : (p) => !onGrid.has(`${p.x},${p.y}`)));
  const span = (key: 'x' | 'y', low: number[], high: number[]): [number, number] => {
    const values = points.map((p) => p[key]);
    const [a, b] = [Math.min(...values, ...low), Math.max(...values, ...high)];
    return b > a ? [a, b] : [a - 0.5, b + 0.5];
  };
  const [x0, x1] = span('x', cells.map((c) => c.x0), cells.map((c) => c.x1));
  const [y0, y1] = span('y', cells.map((c) => c.y0), cells.map((c) => c.y1));
  return { cells, candidates, box: { x0, x1, y0, y1 } };
}

/** Ink of an error between the lowest (almost paper) and the highest (almost full). */
export const inkOf = (error: number, low: number, high: number): number => {
  if (!Number.isFinite(error)) return 1;
  return 0.04 + 0.86 * (high > low ? (error - low) / (high - low) : 0);
};

/**
 * Index of the point nearest to (x, y). With a direction: the nearest one that way, weighing steps aside double;
 * the point itself when there is none.
 */
export function nearestPoint(points: readonly Point[], x: number, y: number, way?: readonly [number, number]): number {
  let found = -1;
  let least = Infinity;
  points.forEach((p, i) => {
    const [dx, dy] = [p.x - x, p.y - y];
    const along = way ? dx * way[0] + dy * way[1] : 0;
    if (way && along < 1e-9) return;
    const aside = way ? Math.abs(dx * way[1]) + Math.abs(dy * way[0]) : 0;
    const distance = way ? along + 2 * aside : Math.hypot(dx, dy);
    if (distance < least) [least, found] = [distance, i];
  });
  return found < 0 ? nearestPoint(points, x, y) : found;
}
