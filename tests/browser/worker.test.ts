/** The worker as the page has it: engine, labs by folder, kernels by folder. */

import { afterAll, describe, expect, test } from 'vitest';
import type { CaseVerdict } from '../../src/app/compute';
import { ComputeClient } from '../../src/app/compute-client';
import { copy } from '../../kernels/copy/copy';

const client = new ComputeClient();
afterAll(() => client.dispose());

describe('the compute worker', () => {
  test('opens WebGPU', async () => {
    const status = await client.start('webgpu', () => {});
    expect(status.device.engine).toBe('webgpu');
    expect(status.losses).toBe(0);
  });

  test('verifies a kernel on its case table, and streams the verdicts', async () => {
    const streamed: CaseVerdict[] = [];
    const { messages, cases } = await client.verify({ kernel: 'copy' }, (verdict) => streamed.push(verdict));
    expect(messages).toEqual([]);
    expect(streamed).toEqual(cases);
    expect(cases.map(({ name, ok }) => [name, ok])).toEqual(copy.cases.map(({ name }) => [name, true]));
    expect(cases[2].preview?.kernel).toEqual(cases[2].preview?.oracle);
  });

  test('condemns a broken edit, case by case', async () => {
    const wgsl = copy.variants[0].wgsl.replace('= x[i]', '= x[i] + 1.0');
    const { cases } = await client.verify({ kernel: 'copy', wgsl }, () => {});
    expect(cases.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['1', '256', '1021', '65537']);
  });

  test('returns compile errors at their lines, and runs nothing', async () => {
    const wgsl = copy.variants[0].wgsl.replace('vec4f>;', 'vec4q>;');
    const { messages, cases } = await client.verify({ kernel: 'copy', wgsl }, () => {});
    expect(messages[0]).toMatchObject({ type: 'error', line: copy.variants[0].wgsl.slice(0, copy.variants[0].wgsl.indexOf('vec4f>;')).split('\n').length, text: expect.stringContaining('vec4q') });
    expect(cases).toEqual([]);
  });

  test('times a case, and measures the ceilings', async () => {
    expect((await client.time('matmul', '96x128x128')).median).toBeGreaterThan(0);
    const { copy: moved, fma } = await client.ceilings();
    expect(moved.bytesPerSecond).toBeGreaterThan(0);
    expect(fma.flopsPerSecond).toBeGreaterThan(0);
  });

  test('a lab that is not there fails with a sentence', async () => {
    const outcome = await client.run({ id: 1, lab: 'nowhere', params: {}, files: {}, want: [], link: '' }, () => {});
    expect(outcome).toMatchObject({ kind: 'failed', happened: 'There is no lab named nowhere.', mend: expect.stringContaining('svdquant') });
  });
});
