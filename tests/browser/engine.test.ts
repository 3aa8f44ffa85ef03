/** The WebGPU engine's own duties: order, buffers used again, scopes, shapes, failures that spread, timing. */

import { afterAll, describe, expect, test } from 'vitest';
import { copy } from '../../kernels/copy/copy';
import { fma } from '../../kernels/fma/fma';
import type { AnyKernel } from '../../kernels/define';
import { matmul } from '../../kernels/matmul/matmul';
import { createRng } from '../../kernels/rng';
import { nmse } from '../../src/engine/compare';
import { withScope } from '../../src/engine/engine';
import { ReferenceEngine } from '../../src/engine/reference';
import { WebGpuEngine } from '../../src/engine/webgpu/engine';

const engine = await WebGpuEngine.open(navigator.gpu);
const reference = new ReferenceEngine();
afterAll(() => engine.dispose());

const random = (seed: number, size: number): Float32Array => {
  const rng = createRng(seed);
  return Float32Array.from({ length: size }, () => rng.normal());
};
const any = (kernel: unknown): AnyKernel => kernel as AnyKernel;

describe('webgpu engine', () => {
  test('chains launches, frees what it no longer needs, and reads once', async () => {
    const n = 24;
    const chain = (on: WebGpuEngine | ReferenceEngine): Promise<Float32Array> => withScope(on, async (scope) => {
      let a = scope.upload(random(1, n * n), [n, n]);
      const b = scope.upload(random(2, n * n).map((v) => v / 5), [n, n]);
      for (let i = 0; i < 12; i++) {
        const { c } = scope.run(matmul, { a, b });
        scope.free(a);
        a = c;
      }
      return scope.readF32(a);
    });
    expect(nmse(await chain(engine), await chain(reference))).toBeLessThan(1e-11);
  });

  test('an upload into a buffer used again waits for the launches that still read it', async () => {
    await withScope(engine, async (scope) => {
      const first = random(3, 512);
      const x = scope.upload(first, [512]);
      const { y } = scope.run(copy, { x });
      scope.free(x); // its launch is recorded, not submitted
      const later = scope.upload(random(4, 512), [512]);
      const { y: second } = scope.run(copy, { x: later });
      const [a, b] = await scope.readAll([y, second]);
      expect(a).toEqual(first);
      expect(b).toEqual(random(4, 512));
    });
  });

  test('what is freed after a read keeps its numbers until they are copied', async () => {
    const scope = engine.scope();
    const x = scope.upload(random(3, 300), [300]);
    await scope.read(x); // nothing is pending now
    const reading = scope.read(x);
    scope.free(x);
    scope.upload(random(4, 300), [300]);
    expect(await reading).toEqual(random(3, 300));
    scope.dispose();
  });

  test('a read beyond the largest buffer is refused, and what was computed stays', async () => {
    await withScope(engine, async (scope) => {
      const [shape, n] = [[1 << 21], 1 << 21];
      const { y } = scope.run(copy, { x: scope.upload(random(5, n), shape) });
      const many = Array.from({ length: 40 }, () => y);
      await expect(scope.readAll(many)).rejects.toMatchObject({ code: 'limit-too-small' });
      expect((await scope.readF32(y)).slice(0, 9)).toEqual(random(5, 9));
    });
  });

  test('a scope inside a scope reads tensors of the outer one', async () => {
    await withScope(engine, async (outer) => {
      const x = outer.upload(random(5, 100), [100]);
      const inner = await withScope(engine, (scope) => scope.readF32(scope.run(copy, { x }).y));
      expect(inner).toEqual(random(5, 100));
      expect(await outer.readF32(x)).toEqual(random(5, 100));
    });
  });

  test('reads of several scopes at once keep to their own numbers', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, (_, i) => withScope(engine, async (scope) => {
      const x = scope.upload(random(i, 777), [777]);
      return scope.readF32(scope.run(copy, { x }).y);
    })));
    all.forEach((data, i) => expect(data).toEqual(random(i, 777)));
  });

  test('tensors of no size are legal', async () => {
    await withScope(engine, async (scope) => {
      const [a, b] = [scope.upload(new Float32Array(0), [3, 0]), scope.upload(new Float32Array(0), [0, 4])];
      const { c } = scope.run(matmul, { a, b });
      const [sum, none] = await scope.readAll([c, a]);
      expect(sum).toEqual(new Float32Array(12));
      expect(none).toHaveLength(0);
    });
  });

  test('a wrong shape is refused with both sizes', async () => {
    await withScope(engine, async (scope) => {
      const [a, b] = [scope.upload(new Float32Array(6), [2, 3]), scope.upload(new Float32Array(8), [4, 2])];
      expect(() => scope.run(matmul, { a, b })).toThrow(/\[4, 2\].*K would be 4.*\[2, 3\] makes it 3/);
      expect(() => scope.upload(new Float32Array(6), [2, 2])).toThrow(/needs 4 numbers but was given 6/);
    });
  });

  test('a tensor is not read after its scope, nor on another engine', async () => {
    const scope = engine.scope();
    const x = scope.upload(random(6, 8), [8]);
    scope.dispose();
    await expect(scope.read(x)).rejects.toThrow(/after its scope was disposed/);
    const other = await WebGpuEngine.open(navigator.gpu);
    await withScope(other, async (there) => {
      const y = there.upload(random(6, 8), [8]);
      await expect(engine.scope().read(y)).rejects.toThrow(/another device/);
    });
    other.dispose();
  });

  test('records every launch with the variant that ran', async () => {
    await withScope(engine, async (scope) => {
      const x = scope.upload(random(7, 8), [8]);
      const { y } = scope.run(copy, { x });
      await scope.read(y);
      expect(scope.records).toEqual([{ kernel: 'copy', variant: 'vec4', dims: { N: 8 }, flops: 0, bytes: 64 }]);
      expect(structuredClone(scope.records)).toEqual(scope.records);
    });
  });

  test('the failure of one launch spreads to what depends on it, and to nothing else', async () => {
    const broken = { ...copy, variants: [{ ...copy.variants[0], id: 'broken', file: 'broken.wgsl', wgsl: copy.variants[0].wgsl.replace('y[i] = x[i]', 'y[i] = nothing') }] };
    await withScope(engine, async (scope) => {
      const x = scope.upload(random(8, 64), [64]);
      const { y } = scope.run(broken, { x });
      const { y: after } = scope.run(copy, { x: y });
      const { y: apart } = scope.run(copy, { x });
      await expect(scope.read(after)).rejects.toMatchObject({ code: 'shader', happened: expect.stringMatching(/broken\.wgsl:13:\d+: .*nothing/) });
      await expect(scope.read(y)).rejects.toMatchObject({ code: 'shader' });
      expect(await scope.read(apart)).toEqual(random(8, 64));
    });
  });

  test('an edited text runs in place of the kernel, and unwritten outputs show', async () => {
    const inputs = { x: new Float32Array([1, 2, 3, 4]) };
    const text = copy.variants[0].wgsl;
    const halved = await engine.runOnce(any(copy), inputs, { N: 4 }, { wgsl: text.replace('= x[i]', '= x[i] * 0.5') });
    expect(halved.y).toEqual(new Float32Array([0.5, 1, 1.5, 2]));
    const unwritten = await engine.runOnce(any(copy), inputs, { N: 4 }, { wgsl: text.replace('y[i] = x[i]', 'y[i].x = x[i].x') });
    expect([...unwritten.y]).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
    const messages = await engine.compileMessages(text.replace('vec4f>;', 'vec4q>;'));
    expect(messages[0]).toMatchObject({ type: 'error', line: 6 });
    expect(await engine.compileMessages(text)).toEqual([]);
  });

  test('timings name their method, stay positive, and leave compile and upload out', async () => {
    const timing = await engine.measure(any(matmul), { a: random(1, 4096), b: random(2, 4096) }, { M: 64, N: 64, K: 64 }, { budget: 0.2 });
    expect(timing.samples).toBeGreaterThanOrEqual(3);
    expect(timing.median).toBeGreaterThan(0);
    expect(timing.min! <= timing.low && timing.low <= timing.median && timing.median <= timing.high).toBe(true);
    expect(timing.median * timing.repeats).toBeGreaterThan(50 * timing.resolution * timing.repeats * 0.5);
    expect(timing.compile).toBeGreaterThan(0);
    expect(timing.upload).toBeGreaterThanOrEqual(0);
    expect(timing.method).toBe(engine.device.features.includes('timestamp-query') ? 'timestamp' : 'wall');
    console.log('matmul 64³', timing);
  });

  test('the wall clock serves where the device has no timestamps', async () => {
    const without = new Proxy(navigator.gpu, {
      get: (gpu, key) => key === 'requestAdapter'
        ? async (options: GPURequestAdapterOptions) => {
          const adapter = (await gpu.requestAdapter(options))!;
          return new Proxy(adapter, {
            get: (real, name) => {
              if (name === 'features') return new Set();
              const value = Reflect.get(real, name, real) as unknown;
              return typeof value === 'function' ? (value as () => unknown).bind(real) : value;
            },
          });
        }
        : Reflect.get(gpu, key, gpu),
    });
    const plain = await WebGpuEngine.open(without);
    const timing = await plain.measure(any(copy), { x: random(1, 4096) }, { N: 4096 }, { budget: 0.05 });
    expect(timing).toMatchObject({ method: 'wall' });
    expect(timing.median).toBeGreaterThan(0);
    plain.dispose();
  });

  test('on a GPU the faster variant is found by timing, once per size class; a software adapter takes the first', async () => {
    const [fast] = copy.variants;
    const slow = { ...fast, id: 'slow', file: 'slow.wgsl', wgsl: fast.wgsl.replace('{ y[i] = x[i]; }', '{ var v = x[i]; for (var s = 0u; s < 400u; s++) { v = v * 1.5 - v * 0.5; } y[i] = v; }') };
    const twoWays = { ...copy, variants: [slow, fast] };
    const dims = { N: 1 << 18 };
    const data = random(9, dims.N);
    const called = new Proxy(navigator.gpu, {
      get: (gpu, key) => key === 'requestAdapter'
        ? async () => {
          const adapter = (await gpu.requestAdapter())!;
          return new Proxy(adapter, {
            get: (real, name) => {
              if (name === 'info') return { vendor: 'acme', architecture: 'gen1', device: '', description: '', isFallbackAdapter: false };
              const value = Reflect.get(real, name, real) as unknown;
              return typeof value === 'function' ? (value as () => unknown).bind(real) : value;
            },
          });
        }
        : Reflect.get(gpu, key, gpu),
    });
    const hard = await WebGpuEngine.open(called);
    expect(hard.variantsFor(any(twoWays), dims)).toEqual(['slow', 'vec4']);
    await withScope(hard, async (scope) => {
      const { y } = scope.run(twoWays, { x: scope.upload(data, [dims.N]) });
      expect(await scope.read(y)).toEqual(data);
      expect(scope.records.map(({ variant }) => variant)).toEqual(['vec4']);
    });
    expect(hard.variantsFor(any(twoWays), dims)).toEqual(['vec4', 'slow']);
    expect(hard.variantsFor(any(twoWays), { N: 1 << 10 })).toEqual(['slow', 'vec4']);
    hard.dispose();
    expect(engine.device.software ? engine.variantsFor(any(twoWays), dims)[0] : 'slow').toBe('slow');
  });

  test('a timing stops when it is told to', async () => {
    const stop = AbortSignal.abort();
    await expect(engine.measure(any(fma), { x: random(1, 64) }, { N: 64, S: 4 }, { signal: stop })).rejects.toThrow(/abort/i);
  });

  test('both ceilings are measured', async () => {
    const { copy: moved, fma: computed } = await engine.ceilings();
    console.log(`ceilings on ${engine.device.label}: ${(moved.bytesPerSecond / 1e9).toFixed(2)} GB/s, ${(computed.flopsPerSecond / 1e9).toFixed(2)} GFLOP/s`);
    expect(moved.bytesPerSecond).toBeGreaterThan(1e7);
    expect(computed.flopsPerSecond).toBeGreaterThan(1e7);
    expect(await engine.ceilings()).toBe(await engine.ceilings());
  });
});
