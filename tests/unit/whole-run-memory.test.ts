/** A rank move compiles nothing and brings only the branch to the device; reruns leave memory as it was. */

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ReferenceEngine } from '../../src/engine/reference';
import { paper } from '../../src/papers/svdquant/paper';
import { Watched } from './whole-run';
import type { Reruns } from './whole-run-device';

test('a thousand reruns on the reference engine: no tensor stays, the memory of the lab does not grow', async () => {
  const engine = new ReferenceEngine();
  const lab = new Watched(engine, paper, { tokens: 4, in: 8, out: 8, outliers: 1, group: '16' });
  const again = async (times: number): Promise<number> => {
    // More ranks than are remembered: each run computes.
    for (let i = 0; i < times; i++) await lab.run({ rank: 1 + (i % 8) }, 'strip');
    return lab.memo.bytes;
  };
  const early = await again(16);
  const before = engine.counters.launches;
  expect(await again(1000)).toBe(early);
  expect(engine.counters.launches - before).toBeGreaterThan(4000);
  expect(engine.counters.heldBytes).toBe(0);
});

/** In a process of its own, which ends with its device. */
const script = `
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(process.cwd() + '/tests/unit/whole-run-device.ts', { root: process.cwd(), configFile: false, logLevel: 'error' });
  console.log(JSON.stringify(await module.reruns(60)));`;

test('on a device: the same again asks nothing, a rank move brings the branch alone, reruns make no buffer and no pipeline', { timeout: 90_000 }, () => {
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 80_000, stdio: ['ignore', 'pipe', 'ignore'] });
  const { kind, same, rank, sizes: { K, N, rank: r }, growth, memory } = JSON.parse(out) as Reruns;
  expect(same).toMatchObject({ launches: 0, submissions: 0, uploads: 0, readbacks: 0, pipelines: 0, buffers: 0, bindGroups: 0 });
  expect(rank.launches).toBeGreaterThan(5);
  expect(rank.pipelines).toBe(0);
  // Up and down, once with their rank filled up to a multiple of four for the split and once as the 4-bit product takes them.
  const wide = 4 * Math.ceil(r / 4);
  expect(rank.uploadedBytes).toBe(kind === 'webgpu' ? 4 * (K + N) * (r + wide) : 0);
  expect(growth.launches).toBeGreaterThan(500);
  expect(growth).toMatchObject({ pipelines: 0, heldBytes: 0 });
  expect(kind === 'webgpu' ? growth.buffers : 0).toBe(0);
  expect(memory.late).toBe(memory.early);
});
