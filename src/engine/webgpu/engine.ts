/** The engine on a WebGPU device. */

import type { AnyKernel, Data, Dims } from '../../../kernels/define';
import { copy } from '../../../kernels/copy/copy';
import { fma } from '../../../kernels/fma/fma';
import { evalShape } from '../../../kernels/shape';
import { Choices, type VariantChoice } from '../choices';
import type { Ceilings, CompileMessage, DeviceInfo, Engine, EngineError, MeasureOptions, RunOptions, Scope, Tensor, Timing } from '../engine';
import type { Counters } from '../counters';
import { findAdapter, openDevice, type DeviceOptions, type FoundAdapter, type OpenedDevice } from './device';
import { Contest } from './contest';
import { Faults } from './faults';
import { PipelineCache } from './pipelines';
import { WorkQueue } from './queue';
import { WebGpuScope } from './scope';
import { GpuTimer } from './timer';
import { VariantChooser } from './variants';

/** Milliseconds. */
const STORE_PATIENCE = 200;

export class WebGpuEngine implements Engine {
  readonly kind = 'webgpu';
  readonly device: DeviceInfo;
  readonly lost: Promise<EngineError>;
  private readonly gpuDevice: GPUDevice;
  private readonly faults: Faults;
  private readonly queue: WorkQueue;
  private readonly pipelines: PipelineCache;
  private readonly timer: GpuTimer;
  private readonly chooser: VariantChooser;
  private ceilingsKnown: Promise<Ceilings> | undefined;

  private constructor({ device, info, features }: OpenedDevice, choices: Choices, settleLater = false) {
    this.device = info;
    this.gpuDevice = device;
    this.faults = new Faults(device, () => {
      this.queue.residents.trim();
      this.queue.pool.trim();
    });
    this.lost = this.faults.lost;
    this.queue = new WorkQueue(device, this.faults);
    this.pipelines = new PipelineCache(device, this.faults, this.queue.ledger);
    this.timer = new GpuTimer(device, this.faults);
    const contest = new Contest(() => this.newScope(), this.pipelines, this.timer);
    this.chooser = new VariantChooser(this.queue, this.pipelines, contest, choices, { features, software: info.software }, !settleLater);
  }

  /** @throws EngineError no-webgpu, no-adapter, limit-too-small */
  static async open(gpu: GPU | undefined, options?: DeviceOptions): Promise<WebGpuEngine> {
    return WebGpuEngine.openOn(await findAdapter(gpu), options);
  }

  /** @throws EngineError no-adapter, limit-too-small */
  static async openOn(found: FoundAdapter, options: DeviceOptions = {}): Promise<WebGpuEngine> {
    const choices = new Choices(found.key, options.store);
    const loading = options.store && choices.load();
    const engine = new WebGpuEngine(await openDevice(found, options), choices, options.settleLater);
    // A store that hangs must not keep the page waiting: what comes later holds from then on.
    if (loading) await Promise.race([loading, new Promise((resolve) => { setTimeout(resolve, STORE_PATIENCE); })]);
    return engine;
  }

  get counters(): Counters {
    return { ...this.queue.ledger };
  }

  scope(): Scope {
    return this.newScope();
  }

  private newScope(): WebGpuScope {
    return new WebGpuScope(this, this.queue, this.chooser);
  }

  private uploadAll(scope: WebGpuScope, kernel: AnyKernel, inputs: Readonly<Record<string, Data>>, dims: Dims): Record<string, Tensor> {
    return Object.fromEntries(Object.entries(kernel.inputSpecs).map(([name, spec]) => [name, scope.upload(inputs[name], evalShape(spec, dims))]));
  }

  async measure(kernel: AnyKernel, inputs: Readonly<Record<string, Data>>, dims: Dims, options: MeasureOptions = {}): Promise<Timing> {
    const { variant, scalars, budget = 0.3, signal } = options;
    const scope = this.newScope();
    try {
      const start = performance.now();
      const tensors = this.uploadAll(scope, kernel, inputs, dims);
      await this.faults.guard(this.gpuDevice.queue.onSubmittedWorkDone());
      const upload = (performance.now() - start) / 1000;
      const prepared = await scope.prepare(kernel, tensors, { dims, scalars, variant });
      const timing = await this.timer.time(prepared.encode, { budget, minimumSamples: 10, signal });
      return { ...timing, variant: prepared.variant, compile: prepared.compile, upload };
    } finally {
      scope.dispose();
    }
  }

  async runOnce(kernel: AnyKernel, inputs: Readonly<Record<string, Data>>, dims: Dims, options: RunOptions & { readonly wgsl?: string } = {}): Promise<Record<string, Data>> {
    const scope = this.newScope();
    try {
      const outputs = scope.launch(kernel, this.uploadAll(scope, kernel, inputs, dims), { ...options, dims }, { wgsl: options.wgsl });
      const names = Object.keys(outputs);
      const data = await scope.readAll(names.map((name) => outputs[name]));
      return Object.fromEntries(names.map((name, i) => [name, data[i]]));
    } finally {
      scope.dispose();
    }
  }

  variantsFor(kernel: AnyKernel, dims: Dims): readonly string[] {
    return this.chooser.available(kernel, dims).map(({ id }) => id);
  }

  async prewarm(kernels: readonly AnyKernel[]): Promise<void> {
    await Promise.all(kernels.map(async (kernel) => {
      const able = this.chooser.ordered(kernel.variants).filter((variant) => !variant.lossy && this.chooser.hasFeatures(variant));
      const chosen = this.chooser.choices.variantsOf(kernel);
      const likely = able.filter(({ id }) => chosen.has(id));
      await Promise.all((likely.length ? likely : able.slice(0, 1)).map((variant) => this.pipelines.get(kernel, variant)));
    }));
  }

  choices(): readonly VariantChoice[] {
    return this.chooser.choices.all;
  }

  remeasure(kernel: AnyKernel, dims: Dims, signal?: AbortSignal): Promise<VariantChoice> {
    return this.chooser.measure(kernel, dims, signal);
  }

  forget(): void {
    this.chooser.choices.forget();
  }

  settle(signal: AbortSignal): Promise<void> {
    return this.chooser.settle(signal);
  }

  compileMessages(wgsl: string): Promise<readonly CompileMessage[]> {
    return this.pipelines.messages(wgsl);
  }

  /** Measured once: a plain copy for bytes per second, chains of multiply-adds for FLOP per second. */
  ceilings(): Promise<Ceilings> {
    this.ceilingsKnown ??= this.measureCeilings();
    this.ceilingsKnown.catch(() => { this.ceilingsKnown = undefined; });
    return this.ceilingsKnown;
  }

  private async measureCeilings(): Promise<Ceilings> {
    const { software } = this.device;
    const copied = { N: software ? 1 << 20 : 1 << 24 };
    const chained = software ? { N: 1 << 12, S: 64 } : { N: 1 << 20, S: 1024 };
    const best = async (kernel: AnyKernel, dims: Dims): Promise<Timing> => {
      const data = { x: new Float32Array(dims.N).fill(1) };
      let fastest: Timing | undefined;
      for (const variant of this.variantsFor(kernel, dims)) {
        const timing = await this.measure(kernel, data, dims, { variant, budget: 0.15 });
        if (!fastest || timing.median < fastest.median) fastest = timing;
      }
      return fastest!;
    };
    const [moved, computed] = [await best(copy, copied), await best(fma, chained)];
    return {
      copy: { bytesPerSecond: copy.cost(copied).bytes / moved.median, timing: moved },
      fma: { flopsPerSecond: fma.cost(chained).flops / computed.median, timing: computed },
    };
  }

  /** Gives the device back; `lost` does not resolve for that. */
  dispose(): void {
    this.faults.close();
    this.gpuDevice.destroy();
  }
}
