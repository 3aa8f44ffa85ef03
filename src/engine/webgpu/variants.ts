/**
 * Which variant of a kernel runs. Presence of a feature says nothing of its speed, so on a GPU the candidates are
 * timed once per size class; a software adapter takes the first that fits, for its times would mislead.
 */

import type { AnyKernel, Dims, Feature, Variant } from '../../../kernels/define';
import { evalShape, sizeOf } from '../../../kernels/shape';
import { EngineError } from '../engine';
import type { PipelineCache } from './pipelines';
import { STORAGE, bind, boundBytes, type Ready, type WorkQueue } from './queue';
import type { GpuTimer } from './timer';

export interface Choice {
  /** What is known when the launch is recorded; `ready` settles it. */
  readonly variant: Variant;
  readonly ready: () => Promise<Ready>;
}

/** Below this many FLOPs and bytes a launch costs more than it computes, and any variant will do. */
const WORTH_MEASURING = 1 << 20;

const sizeClass = (kernel: AnyKernel, dims: Dims): string =>
  [kernel.name, ...Object.entries(dims).sort().map(([name, value]) => `${name}${Math.round(Math.log2(value + 1))}`)].join(' ');

export class VariantChooser {
  private readonly decided = new Map<string, Variant>();
  private readonly deciding = new Map<string, Promise<Variant>>();

  constructor(
    private readonly queue: WorkQueue,
    private readonly pipelines: PipelineCache,
    private readonly timer: GpuTimer,
    private readonly features: ReadonlySet<Feature>,
    private readonly software: boolean,
  ) {}

  /** Those this device can run at these sizes, the default first. */
  available(kernel: AnyKernel, dims: Dims): readonly Variant[] {
    const able = kernel.variants.filter((variant) => this.hasFeatures(variant) && (variant.fits?.(dims) ?? true) && this.launches(variant, dims));
    const best = this.decided.get(sizeClass(kernel, dims));
    return best && able.includes(best) ? [best, ...able.filter((variant) => variant !== best)] : able;
  }

  hasFeatures = (variant: Variant): boolean => (variant.requires ?? []).every((feature) => this.features.has(feature));

  private launches = (variant: Variant, dims: Dims): boolean =>
    variant.launch(dims).every((count) => count <= this.queue.device.limits.maxComputeWorkgroupsPerDimension);

  /** @throws EngineError missing-feature, limit-too-small or internal */
  choose(kernel: AnyKernel, dims: Dims, uniforms: ArrayBuffer, id?: string, wgsl?: string): Choice {
    const able = this.available(kernel, dims);
    const variant = id === undefined ? able[0] : able.find((v) => v.id === id);
    if (!variant) throw this.refusal(kernel, dims, id);
    const settled = async (chosen: Variant): Promise<Ready> => ({ variant: chosen, compiled: await this.pipelines.get(kernel, chosen, wgsl), groups: chosen.launch(dims) });
    const key = sizeClass(kernel, dims);
    const open = id === undefined && able.length > 1 && !this.software && !this.decided.has(key) && this.worthMeasuring(kernel, dims);
    const first = settled(variant); // starts to compile now
    first.catch(() => undefined);
    if (!open) return { variant, ready: () => first };
    return { variant, ready: async () => settled(await this.decide(key, kernel, dims, uniforms, able)) };
  }

  private worthMeasuring(kernel: AnyKernel, dims: Dims): boolean {
    const { flops, bytes } = kernel.cost(dims);
    return flops >= WORTH_MEASURING || bytes >= WORTH_MEASURING;
  }

  private decide(key: string, kernel: AnyKernel, dims: Dims, uniforms: ArrayBuffer, able: readonly Variant[]): Promise<Variant> {
    const known = this.deciding.get(key);
    if (known) return known;
    const decision = this.fastest(kernel, dims, uniforms, able);
    this.deciding.set(key, decision);
    void decision.then((best) => this.decided.set(key, best), () => undefined).finally(() => this.deciding.delete(key));
    return decision;
  }

  private async fastest(kernel: AnyKernel, dims: Dims, uniforms: ArrayBuffer, able: readonly Variant[]): Promise<Variant> {
    const { device, pool, faults, ledger } = this.queue;
    ledger.choices++;
    const tensor = (shape: readonly number[]): { size: number } => ({ size: sizeOf(shape) });
    const inputs = Object.values(kernel.inputSpecs).map((spec) => tensor(evalShape(spec, dims)));
    const outputs = Object.values(kernel.outputSpecs).map((spec) => tensor(evalShape(spec, dims)));
    const slots = [...inputs, ...outputs].map(({ size }) => pool.acquire(boundBytes(size), STORAGE, true));
    const params = device.createBuffer({ size: uniforms.byteLength, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(params, 0, uniforms);
    let best = { variant: able[0], median: Infinity };
    try {
      for (const variant of able) {
        const { pipeline, layout } = await this.pipelines.get(kernel, variant);
        const group = bind(device, layout, { buffer: params }, { inputs, outputs, slots });
        const groups = variant.launch(dims);
        const { median } = await this.timer.time((pass) => {
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, group);
          pass.dispatchWorkgroups(...groups);
        }, { budget: 0.02, minimumSamples: 3 });
        if (median < best.median) best = { variant, median };
      }
    } catch (error) {
      // A variant that will not compile here must not stop the others; a lost device stops everything.
      if (!(error instanceof EngineError) || error.code === 'device-lost') throw error;
      await faults.check().catch(() => undefined);
    } finally {
      for (const slot of slots) pool.release(slot, true);
      params.destroy();
    }
    return best.variant;
  }

  private refusal(kernel: AnyKernel, dims: Dims, id: string | undefined): EngineError {
    const named = id === undefined ? kernel.variants : kernel.variants.filter((variant) => variant.id === id);
    const sizes = Object.entries(dims).map(([name, value]) => `${name} = ${value}`).join(', ');
    if (!named.length) return new EngineError('internal', `${kernel.name} has no variant ${id}.`, `It has ${kernel.variants.map((variant) => variant.id).join(', ')}.`);
    const lacking = named.filter((variant) => !this.hasFeatures(variant));
    if (lacking.length === named.length) {
      return new EngineError('missing-feature', `${kernel.name} (${lacking[0].id}) needs ${lacking[0].requires?.join(', ')}, which this device does not have.`, 'Use another variant, or the reference engine.');
    }
    const most = this.queue.device.limits.maxComputeWorkgroupsPerDimension;
    const over = named.find((variant) => this.hasFeatures(variant) && (variant.fits?.(dims) ?? true));
    if (over) {
      return new EngineError('limit-too-small', `${kernel.name} (${over.id}) would launch ${over.launch(dims).join(' × ')} workgroups, but this device takes at most ${most} along a side.`, 'Use a smaller tensor.');
    }
    return new EngineError('internal', `${kernel.name} has no variant for ${sizes}.`, 'Use another variant, or the reference engine.');
  }
}
