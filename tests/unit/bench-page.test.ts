import { describe, expect, test } from 'vitest';
import { kernels } from '../../kernels/registry';
import { FAMILIES, familiesOf } from '../../src/app/bench/families';
import { AS_MEASURED, groupRows, nextSort, overTypeScript, sortGroups, typeScriptVerdict } from '../../src/app/bench/kernel-rows';
import { DEFAULT_CHOICE, readBenchLink, writeBenchLink } from '../../src/app/bench/options';
import { pointsOf } from '../../src/app/bench/points';
import { reach, reachScale, valueText } from '../../src/app/bench/targets';
import type { BenchRow, Spread, TargetRow } from '../../src/bench/report';
import { roofAt, rooflineScale } from '../../src/ui/charts/scale';

const spread = (median: number): Spread => ({ median, low: 0.9 * median, high: 1.1 * median, min: 0.8 * median, rounds: 3, samples: [median, median, median] });
const row = (kernel: string, contender: string, kind: BenchRow['kind'], clock: BenchRow['clock'], median: number | undefined, more: Partial<BenchRow> = {}): BenchRow => ({
  kernel, dims: { N: 8 }, contender, kind, clock, correct: median !== undefined, check: 'nmse 1e-14',
  ...(median !== undefined && { time: spread(median), flopsPerSecond: 1e6 / median, bytesPerSecond: 1e5 / median, intensity: 10 }), ...more,
});

const ROWS: readonly BenchRow[] = [
  row('matmul', 'register', 'variant', 'timestamp', 2e-3),
  row('matmul', 'tile', 'variant', 'timestamp', 1e-3, { chosen: true }),
  row('matmul', 'reference, TypeScript', 'reference', 'cpu', 5e-3),
  row('matmul', 'tile', 'variant', 'queue', 1.5e-3, { rivals: { 'TensorFlow.js 4': { ofMedians: 6, median: 6, low: 5, high: 7 } } }),
  row('matmul', 'TensorFlow.js 4', 'rival', 'queue', 9e-3),
  row('matmul', 'register', 'variant', 'queue', 4e-3, { dims: { N: 16 } }),
  row('copy', 'vec4', 'variant', 'timestamp', 4e-3, { intensity: 0, flopsPerSecond: undefined }),
  row('copy', 'reference, TypeScript', 'reference', 'cpu', 1e-3),
  row('top_p', 'broken', 'variant', 'timestamp', undefined),
];

describe('families', () => {
  test('every kernel of the repository is found in exactly one, and every name that is listed is a kernel', () => {
    const names = kernels.map(({ name }) => name);
    expect(familiesOf(names).flatMap((family) => family.kernels).sort()).toEqual([...names].sort());
    expect(FAMILIES.flatMap((family) => family.kernels).filter((name) => !names.includes(name))).toEqual([]);
  });

  test('a kernel without a family is found under others', () => {
    expect(familiesOf(['matmul', 'brand_new']).map(({ id, kernels: own }) => [id, own])).toEqual([['products', ['matmul']], ['others', ['brand_new']]]);
  });
});

describe('the link', () => {
  test('carries families and rounds, and leaves out what is the default', () => {
    expect(String(writeBenchLink(DEFAULT_CHOICE))).toBe('');
    const choice = { families: ['sums', 'ceilings'], rounds: 3, targets: false };
    expect(readBenchLink(writeBenchLink(choice))).toEqual(choice);
    expect(readBenchLink(writeBenchLink({ ...choice, families: [] })).families).toEqual([]);
  });

  test('unknown families and unreadable rounds fall back, and no link chooses a library', () => {
    expect(readBenchLink(new URLSearchParams('families=nonsense&rounds=x&rivals=ort'))).toEqual(DEFAULT_CHOICE);
    expect(readBenchLink(new URLSearchParams('families=sums,nonsense&rounds=1000'))).toEqual({ families: ['sums'], rounds: 31, targets: true });
  });
});

describe('rows by kernel', () => {
  const groups = groupRows(ROWS);

  test('the chosen variant on its own clock leads, sizes are kept apart, rivals come from the shared clock', () => {
    expect(groups.map(({ kernel, label }) => [kernel, label])).toEqual([['matmul', 'matmul, N 8'], ['matmul', 'matmul, N 16'], ['copy', 'copy'], ['top_p', 'top_p']]);
    expect([groups[0].ours?.contender, groups[0].ours?.clock]).toEqual(['tile', 'timestamp']);
    expect(groups[1].ours?.clock).toBe('queue');
    expect(groups[0].ratios.get('TensorFlow.js 4')?.ofMedians).toBe(6);
    expect(overTypeScript(groups[0])).toBeCloseTo(5);
    expect(groups[3].wrong).toBe(1);
  });

  test('sorting puts what has no value last, in either direction, and keeps ties in order', () => {
    const names = (column: 'time' | 'kernel' | 'typescript', descending: boolean) => sortGroups(groups, { column, descending }).map(({ label }) => label);
    expect(names('time', false)).toEqual(['matmul, N 8', 'matmul, N 16', 'copy', 'top_p']);
    expect(names('time', true)).toEqual(['matmul, N 16', 'copy', 'matmul, N 8', 'top_p']);
    expect(names('typescript', true)).toEqual(['matmul, N 8', 'copy', 'matmul, N 16', 'top_p']);
    expect(names('kernel', false)[0]).toBe('copy');
  });

  test('a column is sorted its own way, then the other, then not at all', () => {
    const times = nextSort(AS_MEASURED, 'time');
    expect([times, nextSort(times, 'time'), nextSort(nextSort(times, 'time'), 'time')]).toEqual([{ column: 'time', descending: false }, { column: 'time', descending: true }, AS_MEASURED]);
    expect(nextSort(times, 'share')).toEqual({ column: 'share', descending: true });
  });

  test('TypeScript is said to be faster where it is', () => {
    expect(typeScriptVerdict(groups)).toEqual({ kernels: 2, faster: 1, middle: (5 + 0.25) / 2 });
    expect(typeScriptVerdict([])).toBeUndefined();
  });

  test('the roofline has a point for each default with arithmetic, and its rivals above or below it', () => {
    const points = pointsOf(ROWS);
    expect(points.map(({ label, rival }) => [label, rival])).toEqual([['matmul, N 8', undefined], ['matmul, N 8', 'TensorFlow.js 4'], ['matmul, N 16', undefined]]);
    expect(points[0].work).toBe(points[1].work);
    expect(points[0].intensity).toBe(points[1].intensity);
  });
});

describe('targets', () => {
  const target = (more: Partial<TargetRow>): TargetRow => ({ id: 'a', work: 'w', shape: 's', ours: 'o', against: 'b', quantity: 'time', sense: 'at least', check: '', ...more });

  test('reach is 1 at the target whichever way it points', () => {
    expect(reach(target({ value: 6, bound: 6 }))).toBe(1);
    expect(reach(target({ value: 12, bound: 6 }))).toBe(2);
    expect(reach(target({ value: 2.6, bound: 1.3, sense: 'at most' }))).toBe(0.5);
    expect([reach(target({ bound: 6 })), reach(target({ value: 6 }))]).toEqual([undefined, undefined]);
  });

  test('the scale holds every reach and its target', () => {
    const scale = reachScale([target({ value: 60, bound: 6 }), target({ value: 1, bound: 3 })]);
    expect(scale.ticks).toContain(1);
    for (const value of [10, 1 / 3]) expect(scale.along(value)).toBeGreaterThan(0);
    expect(scale.along(10)).toBeLessThan(1);
    expect(scale.along(1)).toBeGreaterThan(scale.along(1 / 3));
    expect(reachScale([]).along(1)).toBe(0.5);
  });

  test('values are written by what they are', () => {
    expect([valueText({ quantity: 'time' }, 6.44), valueText({ quantity: 'share of the ceiling' }, 0.52), valueText({ quantity: 'dispatches' }, 2), valueText({ quantity: 'bytes' }, 1.15)]).toEqual(['6.44×', '52 %', '2', '1.15×']);
  });
});

test('a roofline holds its roof and every point', () => {
  const roof = { bytesPerSecond: 1e10, flopsPerSecond: 1e11 };
  const frame = { left: 40, right: 400, top: 20, bottom: 300 };
  const points = [{ intensity: 0.01, rate: 1e7 }, { intensity: 500, rate: 2e11 }];
  const { px, py, ridge } = rooflineScale(points, roof, frame);
  expect(ridge).toBe(10);
  expect([roofAt(roof, 1), roofAt(roof, 1000)]).toEqual([1e10, 1e11]);
  for (const { intensity, rate } of points) {
    expect(px(intensity)).toBeGreaterThan(40);
    expect(px(intensity)).toBeLessThan(400);
    expect(py(rate)).toBeGreaterThan(20);
    expect(py(rate)).toBeLessThan(300);
  }
});
