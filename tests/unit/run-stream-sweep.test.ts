/** A sweep that was interrupted goes on where it was. */

import { expect, test } from 'vitest';
import { Memo } from '../../src/run/memo';
import type { Sweep } from '../../src/run/run';
import { including, streamSweep, type SweepPlan } from '../../src/run/stream-sweep';

test('points are computed once, kept over an interruption, and dropped when what they depend on changes', async () => {
  const memo = new Memo();
  const asked: number[] = [];
  const plan = (deps: readonly unknown[]): SweepPlan<'a' | 'b'> => ({
    base: { id: 's', title: '', param: 'p', xLabel: '', x: including([1, 4, 2], 3), current: 3 },
    series: [{ method: 'a', label: 'A', slot: 'rtn', flat: true }, { method: 'b', label: 'B', slot: 'hero' }],
    deps,
    point: (x) => {
      asked.push(x);
      return Promise.resolve({ a: 10 * x, b: x === 2 ? null : x });
    },
  });
  const run = async (deps: readonly unknown[], pause: () => Promise<void>): Promise<Sweep | undefined> => {
    let last: Sweep | undefined;
    for await (const patch of streamSweep(memo, pause, plan(deps))) last = patch.sweeps?.s;
    return last;
  };
  let left = 2;
  await expect(run([0], () => (--left > 0 ? Promise.resolve() : Promise.reject(new Error('stale'))))).rejects.toThrow('stale');
  expect(asked).toEqual([1, 2]);
  const whole = await run([0], () => Promise.resolve());
  expect(asked).toEqual([1, 2, 3, 4]);
  expect(whole).toMatchObject({ x: [1, 2, 3, 4], done: 4, total: 4, series: [{ method: 'a', y: [10, 20, 30, 40], flat: true }, { method: 'b', y: [1, null, 3, 4] }] });
  await run([1], () => Promise.resolve());
  expect(asked).toHaveLength(8);
});
