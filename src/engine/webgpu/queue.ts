/**
 * Records launches, and submits them in the order of their recording: one encoder, one submission and one wait per
 * read. Recording costs no device call but a buffer now and then, so a method may launch without a thought.
 */

import type { AnyKernel, Data, Variant } from '../../../kernels/define';
import { newLedger } from '../counters';
import { EngineError, type KernelRecord, type Tensor } from '../engine';
import type { Faults } from './faults';
import type { Compiled } from './pipelines';
import { BufferPool, type Slot } from './pool';
import { Residents } from './residents';

export const STORAGE = 0x80 | 0x40 | 0x4 | 0x8; // GPUBufferUsage STORAGE | UNIFORM | COPY_SRC | COPY_DST
const UNIFORM = 0x40 | 0x8; // UNIFORM | COPY_DST
const READBACK = 0x1 | 0x8; // MAP_READ | COPY_DST
const ALIGN = 256; // minUniformBufferOffsetAlignment

/** What the engine knows of a tensor; `slot` is undefined once it is freed. */
export interface GpuTensor extends Tensor {
  readonly owner: WorkQueue;
  slot: Slot | undefined;
  /** Why its numbers were never computed. */
  failed?: EngineError;
}

export interface Launch {
  readonly kernel: AnyKernel;
  readonly uniforms: ArrayBuffer;
  readonly inputs: readonly GpuTensor[];
  readonly outputs: readonly GpuTensor[];
  /** Bound slots, inputs then outputs: kept here because a tensor may be freed before its command is submitted. */
  readonly slots: readonly Slot[];
  readonly record: { -readonly [K in keyof KernelRecord]: KernelRecord[K] };
  /** The variant and its pipeline; settled before the batch is encoded. */
  readonly ready: () => Promise<Ready>;
}

export interface Ready {
  readonly variant: Variant;
  readonly compiled: Compiled;
  readonly groups: readonly [number, number, number];
}

/** Bytes bound for a tensor: whole 16-byte words, so that a kernel may read vec4s, and never nothing. */
export const boundBytes = (size: number): number => Math.max(16, Math.ceil(size / 4) * 16);

/** Atomics add to what is there, so the outputs of such a kernel start at zero. */
const accumulates = (variant: Variant): boolean => variant.wgsl.includes('atomic<');

export class WorkQueue {
  readonly clock = { recorded: 0, submitted: 0 };
  readonly ledger = newLedger();
  readonly pool: BufferPool;
  readonly residents: Residents;
  private pending: Launch[] = [];
  private tail: Promise<unknown> = Promise.resolve();

  constructor(readonly device: GPUDevice, readonly faults: Faults) {
    this.pool = new BufferPool(device, faults, this.clock, this.ledger);
    this.residents = new Residents(device, this.pool, this.ledger, (data) => this.pool.acquire(boundBytes(data.length), STORAGE, true));
  }

  record(launch: Launch): void {
    this.pending.push(launch);
    this.ledger.launches++;
    this.clock.recorded++;
  }

  /** Submits everything recorded so far and brings the tensors' numbers to the host. */
  read(tensors: readonly GpuTensor[]): Promise<Data[]> {
    // A read is a command too: what is freed after it is not idle before its copy is submitted.
    const [batch, upTo] = [this.pending, ++this.clock.recorded];
    this.pending = [];
    const copies = tensors.map((tensor) => ({ tensor, slot: this.slotOf(tensor) }));
    const job = this.tail.then(() => this.submit(batch, upTo, copies));
    this.tail = job.catch(() => undefined);
    return job.then((finish) => finish());
  }

  slotOf(tensor: GpuTensor): Slot {
    if (tensor.owner !== this) throw new EngineError('internal', `Tensor ${tensor.id} belongs to another device, or to one that is gone.`, 'Upload it again.');
    if (!tensor.slot) throw new EngineError('internal', `Tensor ${tensor.id} was used after its scope was disposed.`, 'Read it before the scope ends.');
    return tensor.slot;
  }

  /** Waits for pipelines, encodes and submits; the function it resolves with waits for the numbers. */
  private async submit(batch: readonly Launch[], upTo: number, copies: readonly { tensor: GpuTensor; slot: Slot }[]): Promise<() => Promise<Data[]>> {
    const { device, faults, pool } = this;
    const good: (Ready & { launch: Launch })[] = [];
    for (const launch of batch) void launch.ready().catch(() => undefined); // all compile at once
    for (const launch of batch) {
      const failed = launch.inputs.find((tensor) => tensor.failed)?.failed ?? (await this.settle(launch, good));
      if (failed) for (const output of launch.outputs) output.failed = failed;
    }
    const bytes = copies.reduce((sum, { tensor }) => sum + 4 * tensor.size, 0);
    let broken = copies.find(({ tensor }) => tensor.failed)?.tensor.failed;
    let staging: Slot | undefined;
    try {
      if (bytes > 0 && !broken) staging = pool.acquire(bytes, READBACK, true);
    } catch (error) {
      broken = asEngineError(error, 'The numbers could not be read back'); // the kernels run all the same
    }
    try {
      faults.watch('in a batch of kernels', () => {
        const encoder = device.createCommandEncoder();
        this.encode(encoder, good);
        if (staging) copyOut(encoder, copies, staging);
        device.queue.submit([encoder.finish()]);
        this.ledger.submissions++;
      });
    } catch (error) {
      broken = asEngineError(error, 'The batch could not be encoded');
      for (const { launch } of good) for (const output of launch.outputs) output.failed = broken;
    }
    this.clock.submitted = Math.max(this.clock.submitted, upTo);
    return () => this.collect(copies, staging, bytes, broken);
  }

  private async settle(launch: Launch, good: (Ready & { launch: Launch })[]): Promise<EngineError | undefined> {
    try {
      const ready = await launch.ready();
      launch.record.variant = ready.variant.id;
      good.push({ launch, ...ready });
      return undefined;
    } catch (error) {
      return asEngineError(error, launch.kernel.name);
    }
  }

  private encode(encoder: GPUCommandEncoder, launches: readonly (Ready & { launch: Launch })[]): void {
    if (!launches.length) return;
    const { device, pool } = this;
    const uniforms = pool.acquire(ALIGN * launches.length, UNIFORM, true);
    const packed = new Uint8Array(ALIGN * launches.length);
    let pass: GPUComputePassEncoder | undefined;
    launches.forEach(({ launch, variant, compiled, groups }, i) => {
      packed.set(new Uint8Array(launch.uniforms), ALIGN * i);
      if (accumulates(variant)) {
        pass?.end();
        pass = undefined;
        launch.outputs.forEach(({ size }, j) => encoder.clearBuffer(launch.slots[launch.inputs.length + j].buffer, 0, boundBytes(size)));
      }
      pass ??= encoder.beginComputePass();
      pass.setPipeline(compiled.pipeline);
      this.ledger.bindGroups++;
      pass.setBindGroup(0, bind(device, compiled.layout, { buffer: uniforms.buffer, offset: ALIGN * i, size: launch.uniforms.byteLength }, launch));
      pass.dispatchWorkgroups(...groups);
    });
    pass?.end();
    device.queue.writeBuffer(uniforms.buffer, 0, packed);
    pool.release(uniforms, true);
  }

  private async collect(copies: readonly { tensor: GpuTensor }[], staging: Slot | undefined, bytes: number, failed: EngineError | undefined): Promise<Data[]> {
    if (failed) {
      if (staging) this.pool.release(staging, true);
      throw failed;
    }
    const mapped = staging?.buffer.mapAsync(GPUMapMode.READ, 0, bytes);
    mapped?.catch(() => undefined);
    try {
      await this.faults.check();
      if (mapped) await this.faults.guard(mapped);
    } catch (error) {
      if (staging) this.pool.discard(staging); // it may still be mapping, so it cannot be used again
      throw error;
    }
    if (!staging) return copies.map(({ tensor }) => viewOf(tensor, new ArrayBuffer(0), 0, 0));
    const all = staging.buffer.getMappedRange(0, bytes).slice(0);
    staging.buffer.unmap();
    this.pool.release(staging, true);
    this.ledger.readbacks += copies.length;
    this.ledger.readBytes += bytes;
    let offset = 0;
    return copies.map(({ tensor }) => {
      const data = viewOf(tensor, all, offset, tensor.size);
      offset += 4 * tensor.size;
      return copies.length > 1 ? data.slice() : data;
    });
  }
}

const asEngineError = (error: unknown, what: string): EngineError =>
  error instanceof EngineError ? error : new EngineError('internal', `${what}: ${String(error)}.`, 'Please report this with the link of the page.', { cause: error });

/** The tensors one after the other. */
function copyOut(encoder: GPUCommandEncoder, copies: readonly { tensor: GpuTensor; slot: Slot }[], staging: Slot): void {
  let offset = 0;
  for (const { tensor, slot } of copies) {
    if (tensor.size) encoder.copyBufferToBuffer(slot.buffer, 0, staging.buffer, offset, 4 * tensor.size);
    offset += 4 * tensor.size;
  }
}

function viewOf({ dtype }: Tensor, buffer: ArrayBuffer, offset: number, size: number): Data {
  if (dtype === 'f32') return new Float32Array(buffer, offset, size);
  return dtype === 'u32' ? new Uint32Array(buffer, offset, size) : new Int32Array(buffer, offset, size);
}

interface Bound {
  readonly inputs: readonly { readonly size: number }[];
  readonly outputs: readonly { readonly size: number }[];
  readonly slots: readonly Slot[];
}

export function bind(device: GPUDevice, layout: GPUBindGroupLayout, uniforms: GPUBufferBinding, { inputs, outputs, slots }: Bound): GPUBindGroup {
  const tensors = [...inputs, ...outputs];
  return device.createBindGroup({
    layout,
    entries: [
      { binding: 0, resource: uniforms },
      ...slots.map(({ buffer }, i) => ({ binding: i + 1, resource: { buffer, offset: 0, size: boundBytes(tensors[i].size) } })),
    ],
  });
}
