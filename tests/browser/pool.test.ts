/** Buffers over many runs: used again where sizes repeat, bounded where they do not. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { matmulNt } from '../../kernels/matmul_nt/matmul_nt';
import { quantizeInt4 } from '../../kernels/quantize_int4/quantize_int4';
import { withScope } from '../../src/engine/engine';
import { WebGpuEngine } from '../../src/engine/webgpu/engine';
import { Memo } from '../../src/run/memo';
import { defaultsOf } from '../../src/run/schema';
import { paper } from '../../src/papers/svdquant/paper';

/** Bytes of the buffers that exist, and how many were ever made. */
const held = { bytes: 0, made: 0 };

beforeAll(() => {
  const { createBuffer } = GPUDevice.prototype;
  vi.spyOn(GPUDevice.prototype, 'createBuffer').mockImplementation(function (this: GPUDevice, descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    held.bytes += descriptor.size;
    held.made++;
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => { held.bytes -= descriptor.size; destroy(); };
    return buffer;
  });
});
afterAll(() => { vi.restoreAllMocks(); });

async function once(engine: WebGpuEngine, tokens: number): Promise<void> {
  await withScope(engine, async (scope) => {
    const x = scope.upload(new Float32Array(tokens * 64).fill(0.5), [tokens, 64]);
    const { codes, scales } = scope.run(quantizeInt4, { x }, { dims: { G: 16 } });
    await scope.readAll([codes, scales, scope.run(matmulNt, { a: x, b: x }).c]);
  });
}

test('200 runs of one size make no more buffers than the first few', async () => {
  const engine = await WebGpuEngine.open(navigator.gpu);
  for (let i = 0; i < 3; i++) await once(engine, 32);
  const { made } = held;
  for (let i = 0; i < 200; i++) await once(engine, 32);
  expect(held.made).toBe(made);
  engine.dispose();
});

test('runs of many sizes stay under the cap of idle bytes', async () => {
  const engine = await WebGpuEngine.open(navigator.gpu);
  const before = held.bytes;
  for (let tokens = 8; tokens < 208; tokens += 4) await once(engine, tokens);
  expect(held.bytes - before).toBeLessThan(8 << 20);
  engine.dispose();
});

test('the lab again and again, a slider moved each time: buffers do not pile up', async () => {
  const engine = await WebGpuEngine.open(navigator.gpu);
  const memo = new Memo();
  const lab = async (seed: number): Promise<void> => {
    const params = { ...defaultsOf(paper.schema), tokens: 16, in: 32, out: 24, rank: 3, group: '16', seed };
    const run = paper.experiment({ engine, memo, params, files: {}, want: new Set(['methods', 'refine']), signal: new AbortController().signal, pause: () => Promise.resolve() });
    for await (const patch of run) expect(patch).toBeDefined();
  };
  await lab(0);
  await lab(1);
  const [{ made }, launches] = [held, engine.counters.launches];
  for (let seed = 2; seed < 8; seed++) await lab(seed);
  // Of each seed the few arrays that several scopes use stay on the device while the lab's memory holds them; nothing else.
  expect(held.made - made).toBeLessThanOrEqual(6 * 6 + 4);
  expect(engine.counters.launches - launches).toBeGreaterThan(4 * (held.made - made));
  engine.dispose();
});
