/** The WebGPU engine's own duties: order, buffers used again, scopes, shapes, failures that spread, timing. */

import { afterAll, describe, expect, test } from 'vitest';
import { copy } from '../../kernels/copy/copy';
import { fma } from '../../kernels/fma/fma';
import type { AnyKernel } from '../../kernels/define';
import { matmul } from '../../kernels/matmul/matmul';
import { createRng } from '../../kernels/rng';
import { csrMatvec } from '../../kernels/csr_matvec/csr_matvec';
import { sampleInputs } from '../../src/engine/cases';
import type { ChoiceStore, VariantChoice } from '../../src/engine/choices';
import { nmse } from '../../src/engine/compare';
import { countersSince } from '../../src/engine/counters';
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
/** Counted from 1. */
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
const copied = (on: WebGpuEngine): Promise<Float32Array> => withScope(on, async (scope) => scope.readF32(scope.run(copy, { x: scope.upload(random(9, 64), [64]) }).y));

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
      await expect(scope.read(after)).rejects.toMatchObject({ code: 'shader', happened: expect.stringMatching(new RegExp(`broken\\.wgsl:${lineOf(copy.variants[0].wgsl, 'y[i] = x[i]')}:\\d+: .*nothing`)) });
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
    expect(messages[0]).toMatchObject({ type: 'error', line: lineOf(text, 'vec4f>;') });
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

  /** The adapter under a name that is no software's. */
  const hardware = new Proxy(navigator.gpu, {
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
  const [fast] = copy.variants;
  const slow = { ...fast, id: 'slow', file: 'slow.wgsl', wgsl: fast.wgsl.replace('{ y[i] = x[i]; }', '{ var v = x[i]; for (var s = 0u; s < 100u; s++) { v = v * 1.5 - v * 0.5; } y[i] = v; }') };
  const coarse = { ...fast, id: 'coarse', lossy: { y: { kind: 'nmse', bound: 1 } } } as const;
  const ways = { ...copy, variants: [coarse, slow, fast] };
  const large = { N: 1 << 18 };
  const runWays = (on: WebGpuEngine, dims: { N: number }): Promise<string[]> => withScope(on, async (scope) => {
    const data = random(9, dims.N);
    expect(nmse(await scope.read(scope.run(ways, { x: scope.upload(data, [dims.N]) }).y), data)).toBeLessThan(1e-6);
    return scope.records.map(({ variant }) => variant);
  });
  /** A store in memory, and what it was asked. */
  const memory = (): ChoiceStore & { readonly kept: Map<string, readonly VariantChoice[]> } => {
    const kept = new Map<string, readonly VariantChoice[]>();
    return { kept, load: async (device) => kept.get(device) ?? [], save: async (device, choices) => { kept.set(device, structuredClone(choices)); } };
  };

  test('on a GPU the faster variant is found by timing, once per size class, and one of coarser arithmetic takes no part', async () => {
    const hard = await WebGpuEngine.open(hardware);
    expect(hard.variantsFor(any(ways), large)).toEqual(['slow', 'vec4', 'coarse']);
    expect(await runWays(hard, large)).toEqual(['vec4']);
    expect(hard.variantsFor(any(ways), large)).toEqual(['vec4', 'slow', 'coarse']);
    expect(hard.variantsFor(any(ways), { N: 1 << 10 })).toEqual(['slow', 'vec4', 'coarse']);
    const [choice] = hard.choices();
    expect(choice).toMatchObject({ kernel: 'copy', dims: large, sizeClass: 'N18', variant: 'vec4' });
    expect(choice.candidates.map(({ id }) => id)).toEqual(['slow', 'vec4']);
    expect(choice.candidates[1].median).toBeLessThan(0.97 * choice.candidates[0].median);
    await runWays(hard, { N: large.N - 1 });
    expect(hard.counters.choices).toBe(1);
    hard.dispose();
  });

  test('a choice is kept from visit to visit, until the device or the text is another', async () => {
    const store = memory();
    const first = await WebGpuEngine.open(hardware, { store });
    await runWays(first, large);
    first.dispose();
    const again = await WebGpuEngine.open(hardware, { store });
    expect(await runWays(again, large)).toEqual(['vec4']);
    expect(again.counters.choices).toBe(0);
    const edited = { ...ways, variants: ways.variants.map((variant) => ({ ...variant, wgsl: `${variant.wgsl}\n` })) };
    expect(again.variantsFor(any(edited), large)[0]).toBe('slow');
    again.forget();
    expect([...store.kept.values()]).toEqual([[]]);
    expect(again.variantsFor(any(ways), large)[0]).toBe('slow');
    again.dispose();
    const other = await WebGpuEngine.open(navigator.gpu, { store });
    expect(other.choices()).toEqual([]);
    other.dispose();
  });

  test('a store that fails or never answers harms nothing', async () => {
    const refuse = (): Promise<never> => Promise.reject(new DOMException('no', 'InvalidStateError'));
    const refused = await WebGpuEngine.open(hardware, { store: { load: refuse, save: refuse } });
    expect(await runWays(refused, large)).toEqual(['vec4']);
    refused.dispose();
    const silent = await WebGpuEngine.open(hardware, { store: { load: () => new Promise(() => {}), save: () => new Promise(() => {}) } });
    expect(await copied(silent)).toEqual(random(9, 64));
    silent.dispose();
  });

  test('where the first launch must not wait, the timing is made up for later', async () => {
    const hard = await WebGpuEngine.open(hardware, { settleLater: true });
    expect(await runWays(hard, large)).toEqual(['slow']);
    expect(hard.counters.choices).toBe(0);
    await hard.settle(AbortSignal.abort());
    expect(hard.choices()).toEqual([]);
    await hard.settle(new AbortController().signal);
    expect(await runWays(hard, large)).toEqual(['vec4']);
    expect(hard.counters.choices).toBe(1);
    // A timing cannot wait: it is of what will run.
    expect((await hard.measure(any(ways), { x: random(1, 1 << 19) }, { N: 1 << 19 }, { budget: 0.02 })).variant).toBe('vec4');
    hard.dispose();
  });

  test('a software adapter takes the first and measures only when asked', async () => {
    const soft = await WebGpuEngine.open(navigator.gpu);
    const before = await runWays(soft, large);
    expect(before).toEqual([soft.device.software ? 'slow' : 'vec4']);
    expect((await soft.remeasure(any(ways), large)).variant).toBe('vec4');
    expect(await runWays(soft, large)).toEqual(['vec4']);
    soft.dispose();
  });

  test('a text that does not compile takes no part in the choice', async () => {
    const broken = { ...fast, id: 'broken', file: 'broken2.wgsl', wgsl: fast.wgsl.replace('y[i] = x[i]', 'y[i] = nothing') };
    const hard = await WebGpuEngine.open(hardware);
    const { candidates } = await hard.remeasure(any({ ...copy, variants: [slow, broken, fast] }), large);
    expect(candidates.map(({ id }) => id)).toEqual(['slow', 'vec4']);
    expect(await copied(hard)).toEqual(random(9, 64));
    hard.dispose();
  });

  test('sizes are timed on numbers of the kind the kernel takes', async () => {
    const dims = { N: 300, K: 200, Z: 900 };
    const { inputs } = sampleInputs(any(csrMatvec), dims);
    const pointers = [...inputs.rowptr.data];
    expect([pointers[0], pointers.at(-1)]).toEqual([0, dims.Z]);
    expect(pointers).toEqual(pointers.toSorted((a, b) => a - b));
  });

  test('counts what it does', async () => {
    const before = engine.counters;
    await copied(engine);
    const first = countersSince(before, engine.counters);
    expect(first).toMatchObject({ launches: 1, submissions: 1, uploads: 1, uploadedBytes: 256, readbacks: 1, readBytes: 256, bindGroups: 1 });
    const warm = engine.counters;
    await copied(engine);
    expect(countersSince(warm, engine.counters)).toMatchObject({ launches: 1, pipelines: 0, buffers: 0, heldBytes: 0 });
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
