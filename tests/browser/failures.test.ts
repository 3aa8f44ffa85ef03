/** Every failure state, made to happen: each has a name, a sentence for what happened and one for what to do, and the lab goes on. */

import { describe, expect, test } from 'vitest';
import { copy } from '../../kernels/copy/copy';
import { defineKernel, type AnyKernel } from '../../kernels/define';
import { ComputeService } from '../../src/app/compute-service';
import type { EngineChoice, EngineStatus, RunOutcome, RunRequest } from '../../src/app/compute';
import { EngineError, withScope, type Engine, type EngineErrorCode } from '../../src/engine/engine';
import { measurePace } from '../../src/engine/measure-pace';
import { openEngine } from '../../src/engine/open';
import type { Pace } from '../../src/engine/pace';
import { ReferenceEngine } from '../../src/engine/reference';
import { WebGpuEngine } from '../../src/engine/webgpu/engine';
import type { Paper } from '../../src/papers/contract';
import type { RunPatch } from '../../src/run/run';

type Fakes = Readonly<Record<string, (...args: never[]) => unknown>>;

/** The real object with some members replaced. */
const wrap = <T extends object>(real: T, fakes: Readonly<Record<string, unknown>>): T =>
  new Proxy(real, {
    get(target, key) {
      if (typeof key === 'string' && key in fakes) return fakes[key];
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });

/** A GPU whose adapter, and whose devices, are altered. */
const gpuWith = (adapterFakes: Readonly<Record<string, unknown>>, deviceFakes: (device: GPUDevice) => Fakes = () => ({})): GPU =>
  wrap(navigator.gpu, {
    requestAdapter: async (options: GPURequestAdapterOptions) => {
      const adapter = (await navigator.gpu.requestAdapter(options))!;
      return wrap(adapter, {
        requestDevice: async (descriptor: GPUDeviceDescriptor) => {
          const device = await adapter.requestDevice(descriptor);
          return wrap(device, deviceFakes(device));
        },
        ...adapterFakes,
      });
    },
  });

const data = Float32Array.from({ length: 64 }, (_, i) => i);

const copied = (engine: Engine): Promise<Float32Array> => withScope(engine, async (scope) => scope.readF32(scope.run(copy, { x: scope.upload(data, [64]) }).y));

const failing = async (work: Promise<unknown>): Promise<EngineError> => {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(EngineError);
  const engineError = error as EngineError;
  expect(engineError.happened).toMatch(/\.$/);
  expect(engineError.mend).toMatch(/\.$/);
  return engineError;
};

describe('opening', () => {
  const missing: [string, GPU | undefined, EngineErrorCode][] = [
    ['no navigator.gpu', undefined, 'no-webgpu'],
    ['a null adapter', wrap(navigator.gpu, { requestAdapter: async () => null }), 'no-adapter'],
    ['an adapter request that throws', wrap(navigator.gpu, { requestAdapter: async () => { throw new TypeError('no'); } }), 'no-adapter'],
    ['an adapter that gives no device', gpuWith({ requestDevice: async () => { throw new DOMException('no', 'OperationError'); } }), 'no-adapter'],
  ];
  test.for(missing)('%s: named, and the reference engine instead', async ([, gpu, code]) => {
    expect((await failing(WebGpuEngine.open(gpu))).code).toBe(code);
    const { engine, instead } = await openEngine('webgpu', gpu);
    expect(engine.kind).toBe('reference');
    expect(instead?.code).toBe(code);
    expect(await copied(engine)).toEqual(data);
  });

  test('a software adapter is left to the reference engine, unless it was found to be clearly the faster or is asked for', async () => {
    const soft = gpuWith({ info: { vendor: 'mesa', architecture: '', device: '', description: 'llvmpipe (LLVM 17)', isFallbackAdapter: false } });
    const kindOf = async (choice: EngineChoice, pace?: Pace): Promise<string> => {
      const { engine, software, instead } = await openEngine(choice, soft, { paceOf: async () => pace });
      expect([instead, software?.pace]).toEqual([undefined, choice === 'reference' ? undefined : pace]);
      engine.dispose();
      return `${engine.kind} for ${software?.label}`;
    };
    const pace = (webgpu: number): Pace => ({ webgpu, reference: 1, measuredAt: 0 });
    expect(await kindOf('auto')).toBe('reference for mesa llvmpipe (LLVM 17)');
    expect(await kindOf('auto', pace(1.7))).toContain('reference');
    expect(await kindOf('auto', pace(0.8))).toContain('reference');
    expect(await kindOf('auto', pace(0.2))).toContain('webgpu');
    expect(await kindOf('webgpu')).toContain('webgpu');
    expect(await kindOf('reference', pace(0.2))).toBe('reference for undefined');
  });

  test('the pace of both engines is measured, and stops when it is told to', async () => {
    const [webgpu, reference] = [await WebGpuEngine.open(navigator.gpu), new ReferenceEngine()];
    const pace = await measurePace(webgpu, reference, new AbortController().signal);
    expect(Math.min(pace.webgpu, pace.reference)).toBeGreaterThan(0);
    const counted = reference.counters.launches;
    await expect(measurePace(webgpu, reference, AbortSignal.abort(new DOMException('a run', 'AbortError')))).rejects.toThrow('a run');
    expect(reference.counters.launches).toBe(counted);
    webgpu.dispose();
  });

  test('a software adapter is told by its name or its flag', async () => {
    const { engine } = await openEngine('webgpu', navigator.gpu);
    const adapter = (await navigator.gpu.requestAdapter())!;
    expect(engine.device.software).toBe(adapter.info.isFallbackAdapter);
    engine.dispose();
    const named = await WebGpuEngine.open(gpuWith({ info: { vendor: 'mesa', architecture: '', device: '', description: 'llvmpipe (LLVM 17)', isFallbackAdapter: false } }));
    expect(named.device).toMatchObject({ software: true });
    named.dispose();
    const real = await WebGpuEngine.open(gpuWith({ info: { vendor: 'nvidia', architecture: 'hopper', device: '', description: 'H100', isFallbackAdapter: false } }));
    expect(real.device).toMatchObject({ software: false, label: 'NVIDIA H100 (hopper)' });
    real.dispose();
  });

  test('a limit that the adapter does not reach', async () => {
    const error = await failing(WebGpuEngine.open(navigator.gpu, { limits: { maxBufferSize: 2 ** 50 } }));
    expect(error.code).toBe('limit-too-small');
    expect(error.happened).toContain(String(2 ** 50));
  });
});

describe('at work', () => {
  const plain = copy.variants[0];

  test('a missing optional feature: its variant is passed over, and refused by name', async () => {
    const bare = await WebGpuEngine.open(wrap(gpuWith({ features: new Set() }), { wgslLanguageFeatures: new Set() }));
    const twoWays = { ...copy, variants: [{ ...plain, id: 'special', requires: ['subgroups'] as const }, plain] };
    expect(bare.variantsFor(twoWays as unknown as AnyKernel, { N: 64 })).toEqual(['vec4']);
    await withScope(bare, async (scope) => {
      const x = scope.upload(data, [64]);
      expect(await scope.read(scope.run(twoWays, { x }).y)).toEqual(data);
      expect(scope.records[0].variant).toBe('vec4');
      expect(() => scope.run(twoWays, { x }, { variant: 'special' })).toThrow(expect.objectContaining({ code: 'missing-feature' }));
    });
    bare.dispose();
  });

  test('a tensor beyond the largest binding: both sizes are named', async () => {
    const tiny = await WebGpuEngine.open(gpuWith({}, (device) => ({ limits: wrap(device.limits, { maxStorageBufferBindingSize: 4096 }) as never })));
    await withScope(tiny, async (scope) => {
      expect(() => scope.upload(new Float32Array(2048), [2048])).toThrow(expect.objectContaining({ code: 'limit-too-small', happened: expect.stringMatching(/8192 bytes.*4096 bytes/) }));
      expect(await scope.read(scope.upload(data, [64]))).toEqual(data);
    });
    tiny.dispose();
  });

  test('more workgroups than the device launches', async () => {
    const far = defineKernel({ ...copy, variants: [{ ...plain, launch: () => [70_000, 1, 1] }] });
    const engine = await WebGpuEngine.open(navigator.gpu);
    await withScope(engine, async (scope) => {
      const x = scope.upload(data, [64]);
      expect(() => scope.run(far, { x })).toThrow(expect.objectContaining({ code: 'limit-too-small', happened: expect.stringMatching(/70000.*65535/) }));
    });
    engine.dispose();
  });

  test('out of memory: named once, and smaller work goes on', async () => {
    let full = false;
    const engine = await WebGpuEngine.open(gpuWith({}, (device) => ({
      createBuffer: (descriptor: GPUBufferDescriptor) => {
        full ||= descriptor.size > 1e6;
        return device.createBuffer(descriptor);
      },
      popErrorScope: async () => {
        const error = full ? new GPUOutOfMemoryError('no memory is left') : null;
        full = false;
        return (await device.popErrorScope()) ?? error;
      },
    })));
    const large = new Float32Array(1_000_000);
    const error = await failing(withScope(engine, (scope) => scope.read(scope.run(copy, { x: scope.upload(large, [1_000_000]) }).y)));
    expect(error.code).toBe('out-of-memory');
    expect(error.happened).toMatch(/3\.8 MiB were asked for/);
    expect(await copied(engine)).toEqual(data);
    engine.dispose();
  });

  test('an error that nobody caught is told at the next read, not lost', async () => {
    let real: GPUDevice | undefined;
    const engine = await WebGpuEngine.open(gpuWith({}, (device) => { real = device; return {}; }));
    real!.createBuffer({ size: 4, usage: 0xffff }); // refused, outside any scope
    await real!.queue.onSubmittedWorkDone();
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    expect((await failing(copied(engine))).code).toBe('internal');
    expect(await copied(engine)).toEqual(data);
    engine.dispose();
  });

  test('a device that is given back on purpose is not a loss', async () => {
    const engine = await WebGpuEngine.open(navigator.gpu);
    let lost = false;
    void engine.lost.then(() => { lost = true; });
    engine.dispose();
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    expect(lost).toBe(false);
    expect((await failing(copied(engine))).happened).toContain('closed');
  });
});

describe('a device lost in mid-run', () => {
  const devices: GPUDevice[] = [];
  const watched = gpuWith({}, (device) => { devices.push(device); return {}; });
  const request = (id: number): RunRequest => ({ id, lab: 'probe', params: {}, files: {}, want: [], link: '' });

  /** A lab of two stages; the device goes between them in the first `losses` runs, by itself, as a driver reset does. */
  function service(losses: number): { service: ComputeService; runs: () => number } {
    let runs = 0;
    const paper: Paper = {
      id: 'probe',
      schema: {},
      fileInputs: [],
      async *experiment({ engine, memo, pause }): AsyncGenerator<RunPatch, void, void> {
        const first = await memo.get('first', [1], () => copied(engine));
        yield { scalars: { first: first[63] } };
        await pause();
        if (runs++ < losses) devices.at(-1)!.destroy();
        const second = await memo.get('second', [1], () => copied(engine));
        yield { scalars: { second: second[63] }, engine: engine.kind };
      },
    };
    return {
      service: new ComputeService({ open: (choice: EngineChoice) => openEngine(choice, watched), papers: { probe: async () => ({ paper }) }, kernels: async () => [] }),
      runs: () => runs,
    };
  }

  async function play(losses: number): Promise<{ outcome: RunOutcome; patches: RunPatch[]; status: EngineStatus; runs: number }> {
    const { service: compute, runs } = service(losses);
    const patches: RunPatch[] = [];
    const statuses: EngineStatus[] = [];
    await compute.start('webgpu', (status) => statuses.push(status));
    const outcome = await compute.run(request(1), (_, patch) => { patches.push(patch); });
    return { outcome, patches, status: statuses.at(-1)!, runs: runs() };
  }

  test('the engine names it', async () => {
    const engine = await WebGpuEngine.open(watched);
    const reading = copied(engine);
    devices.at(-1)!.destroy();
    expect((await failing(reading)).code).toBe('device-lost');
    expect((await engine.lost).code).toBe('device-lost');
    expect((await failing(copied(engine))).code).toBe('device-lost');
  });

  test('lost once: opened again, the run repeated, and said', async () => {
    const { outcome, patches, status, runs } = await play(1);
    expect(outcome).toEqual({ kind: 'done' });
    expect(runs).toBe(2);
    expect(patches.at(-1)).toEqual({ scalars: { second: 63 }, engine: 'webgpu' });
    expect(status.losses).toBe(1);
    expect(status.device.engine).toBe('webgpu');
    expect(status.notices.map(({ code }) => code)).toContain('device-lost');
  });

  test('lost twice: the reference engine ends the run, and says so', async () => {
    const { outcome, patches, status } = await play(2);
    expect(outcome).toEqual({ kind: 'done' });
    expect(patches.at(-1)).toEqual({ scalars: { second: 63 }, engine: 'reference' });
    expect(status.losses).toBe(2);
    expect(status.device.engine).toBe('reference');
    expect(status.notices[0]).toMatchObject({ code: 'device-lost-twice', happened: expect.stringContaining('lost twice'), mend: expect.stringContaining('Reload') });
  });

  test('lost while nothing runs: open again before the next run', async () => {
    const { service: compute } = service(0);
    const statuses: EngineStatus[] = [];
    await compute.start('webgpu', (status) => statuses.push(status));
    devices.at(-1)!.destroy();
    await expect.poll(() => statuses.length).toBe(2);
    expect(statuses[1].losses).toBe(1);
    expect(await compute.run(request(1), () => {})).toEqual({ kind: 'done' });
  });

  test('a software adapter carries its notice', async () => {
    const { status } = await play(0);
    expect(status.notices.some(({ code }) => code === 'software-adapter')).toBe(status.device.software);
  });
});
