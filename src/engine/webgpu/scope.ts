import { checkShape, dtypeOf } from '../tensors';
import { sizeOf, bindDims, evalShape } from '../../../kernels/shape';
import type { AnyKernel, Data, DType, Kernel, Signature } from '../../../kernels/define';
import { EngineError, type Engine, type KernelRecord, type RunOptions, type Scope, type Tensor, type TensorsOf } from '../engine';
import { STORAGE, bind, boundBytes, type GpuTensor, type WorkQueue } from './queue';
import type { Resident } from './residents';
import type { Encode } from './timer';
import { packUniforms } from './uniforms';
import type { VariantChooser } from './variants';

let nextId = 1;

/** Tensors of one piece of work on the device. */
export class WebGpuScope implements Scope {
  readonly records: KernelRecord[] = [];
  private readonly owned = new Set<GpuTensor>();
  private readonly held = new Map<GpuTensor, Resident>();

  constructor(readonly engine: Engine, private readonly queue: WorkQueue, private readonly chooser: VariantChooser) {}

  private own(dtype: DType, shape: readonly number[], idle: boolean): GpuTensor {
    const size = sizeOf(shape);
    const slot = this.queue.pool.acquire(boundBytes(size), STORAGE, idle);
    const tensor: GpuTensor = { id: nextId++, dtype, shape: [...shape], size, owner: this.queue, slot };
    this.owned.add(tensor);
    return tensor;
  }

  upload(data: Data, shape: readonly number[]): Tensor {
    checkShape(data, shape);
    const tensor = this.own(dtypeOf(data), shape, true);
    this.queue.ledger.uploads++;
    this.queue.ledger.uploadedBytes += data.byteLength;
    this.queue.device.queue.writeBuffer(tensor.slot!.buffer, 0, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    return tensor;
  }

  hold(data: Data, shape: readonly number[]): Tensor {
    checkShape(data, shape);
    const resident = this.queue.residents.take(data);
    const tensor: GpuTensor = { id: nextId++, dtype: dtypeOf(data), shape: [...shape], size: data.length, owner: this.queue, slot: resident.slot };
    this.held.set(tensor, resident);
    return tensor;
  }

  run<I extends Signature, O extends Signature>(kernel: Kernel<I, O>, inputs: TensorsOf<I>, options: RunOptions = {}): TensorsOf<O> {
    return this.launch(kernel as unknown as AnyKernel, inputs as Record<string, Tensor>, options) as unknown as TensorsOf<O>;
  }

  /**
   * @param check for verdicts: a text to run in place of the variant's own, on outputs filled with NaN,
   *   so that what a kernel leaves unwritten shows
   */
  launch(kernel: AnyKernel, named: Readonly<Record<string, Tensor>>, options: RunOptions, check?: { readonly wgsl?: string }): Record<string, Tensor> {
    const { scalars = {} } = options;
    const dims = bindDims(kernel.name, kernel.inputSpecs, named, options.dims);
    const inputs = Object.keys(kernel.inputSpecs).map((name) => named[name] as GpuTensor);
    const inputSlots = inputs.map((tensor) => this.queue.slotOf(tensor));
    const uniforms = packUniforms(kernel, dims, scalars);
    const choice = this.chooser.choose(kernel, dims, { id: options.variant, wgsl: check?.wgsl });
    const specs = Object.entries(kernel.outputSpecs);
    const outputs = specs.map(([, spec]) => this.own(spec.dtype, evalShape(spec, dims), check !== undefined));
    for (const { slot, size } of check ? outputs : []) {
      this.queue.device.queue.writeBuffer(slot!.buffer, 0, new Uint32Array(size).fill(0xffffffff));
    }
    const record = { kernel: kernel.name, variant: choice.variant.id, dims, ...kernel.cost(dims) };
    this.records.push(record);
    if (outputs.some(({ size }) => size > 0)) {
      const slots = [...inputSlots, ...outputs.map(({ slot }) => slot!)];
      this.queue.record({ kernel, uniforms, inputs, outputs, slots, record, ready: choice.ready });
    }
    return Object.fromEntries(specs.map(([name], i) => [name, outputs[i]]));
  }

  /** The launch by itself, for the timer: nothing is recorded. */
  async prepare(kernel: AnyKernel, named: Readonly<Record<string, Tensor>>, options: RunOptions): Promise<{ encode: Encode; compile: number; variant: string }> {
    const { device } = this.queue;
    const dims = bindDims(kernel.name, kernel.inputSpecs, named, options.dims);
    const inputs = Object.keys(kernel.inputSpecs).map((name) => named[name] as GpuTensor);
    const uniforms = packUniforms(kernel, dims, options.scalars ?? {});
    const { compiled, groups, variant } = await this.chooser.choose(kernel, dims, { id: options.variant, now: true }).ready();
    const outputs = Object.values(kernel.outputSpecs).map((spec) => this.own(spec.dtype, evalShape(spec, dims), true));
    const params = this.own('u32', [uniforms.byteLength / 4], true);
    device.queue.writeBuffer(params.slot!.buffer, 0, uniforms);
    const slots = [...inputs, ...outputs].map((tensor) => this.queue.slotOf(tensor));
    const group = bind(device, compiled.layout, { buffer: params.slot!.buffer, size: uniforms.byteLength }, { inputs, outputs, slots });
    const encode: Encode = (pass) => {
      pass.setPipeline(compiled.pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...groups);
    };
    return { encode, compile: compiled.seconds, variant: variant.id };
  }

  read = async (tensor: Tensor): Promise<Data> => (await this.readAll([tensor]))[0];

  async readF32(tensor: Tensor): Promise<Float32Array> {
    const data = await this.read(tensor);
    if (!(data instanceof Float32Array)) throw new EngineError('internal', `The tensor holds ${tensor.dtype}, not f32.`, 'Use read.');
    return data;
  }

  readAll = async (tensors: readonly Tensor[]): Promise<Data[]> => this.queue.read(tensors as readonly GpuTensor[]);

  free(tensor: Tensor): void {
    const gpu = tensor as GpuTensor;
    const resident = this.held.get(gpu);
    if (resident) this.queue.residents.release(resident);
    else if (gpu.slot) this.queue.pool.release(gpu.slot);
    this.held.delete(gpu);
    this.owned.delete(gpu);
    gpu.slot = undefined;
  }

  dispose(): void {
    for (const tensor of [...this.owned, ...this.held.keys()]) this.free(tensor);
  }
}
