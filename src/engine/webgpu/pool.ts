/** GPU buffers used again: by rounded size and usage, under a cap of idle bytes. */

import { newLedger, type Ledger } from '../counters';
import { EngineError } from '../engine';
import type { Faults } from './faults';

export interface Slot {
  readonly buffer: GPUBuffer;
  readonly usage: number;
  /** Allocated bytes. */
  readonly capacity: number;
}

interface FreeSlot extends Slot {
  /** Commands recorded when it was freed: it is idle once these are submitted. */
  readonly freedAt: number;
}

/** Four sizes per octave: at most a quarter is wasted, and nearby sizes share buffers. */
export function roundCapacity(bytes: number): number {
  if (bytes <= 1024) return Math.max(256, Math.ceil(bytes / 256) * 256);
  const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 2);
  return Math.ceil(bytes / step) * step;
}

const size = (bytes: number): string => (bytes >= 1 << 20 ? `${(bytes / (1 << 20)).toFixed(1)} MiB` : `${bytes} bytes`);

export class BufferPool {
  private readonly free = new Map<string, FreeSlot[]>();
  private freeBytes = 0;
  /** Buffers that the device turned out not to have: never used again. */
  private readonly refused = new WeakSet<GPUBuffer>();

  /**
   * @param clock how many commands were recorded, and how many of them submitted
   * @param ledger where buffers made and bytes held are counted
   * @param cap bytes of free buffers kept
   */
  constructor(
    private readonly device: GPUDevice,
    private readonly faults: Faults,
    private readonly clock: { readonly recorded: number; readonly submitted: number },
    private readonly ledger: Ledger = newLedger(),
    private readonly cap = 256 << 20,
  ) {}

  /**
   * A buffer of at least `bytes`, its contents whatever was there.
   * @param idle true where the queue will write it before the commands now pending run: a buffer that those still use will not do
   * @throws EngineError limit-too-small
   */
  acquire(bytes: number, usage: number, idle: boolean): Slot {
    const { limits } = this.device;
    const limit = usage & GPUBufferUsage.STORAGE ? Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) : limits.maxBufferSize;
    if (bytes > limit) {
      throw new EngineError('limit-too-small', `A tensor of ${size(bytes)} is needed, but this device binds at most ${size(limit)}.`, 'Use a smaller tensor, or the reference engine.');
    }
    const capacity = Math.min(roundCapacity(bytes), limits.maxBufferSize - (limits.maxBufferSize % 16));
    const slots = this.free.get(`${usage}:${capacity}`);
    // Latest first: it is the likeliest to be in the caches.
    const at = slots?.findLastIndex((slot) => !this.refused.has(slot.buffer) && (!idle || slot.freedAt <= this.clock.submitted)) ?? -1;
    if (slots && at >= 0) {
      this.freeBytes -= capacity;
      return slots.splice(at, 1)[0];
    }
    const slot: Slot = this.faults.watch(
      `when ${size(bytes)} were asked for`,
      () => ({ buffer: this.device.createBuffer({ size: capacity, usage }), usage, capacity }),
      () => {
        this.refused.add(slot.buffer);
        this.ledger.heldBytes -= capacity;
      },
    );
    this.ledger.buffers++;
    this.ledger.heldBytes += capacity;
    return slot;
  }

  /** False for a buffer that the device turned out not to have. */
  usable({ buffer }: Slot): boolean {
    return !this.refused.has(buffer);
  }

  /** @param submitted true where every command that uses the buffer is already submitted */
  release({ buffer, usage, capacity }: Slot, submitted = false): void {
    const key = `${usage}:${capacity}`;
    const slots = this.free.get(key) ?? [];
    this.free.set(key, slots);
    slots.push({ buffer, usage, capacity, freedAt: submitted ? 0 : this.clock.recorded });
    this.freeBytes += capacity;
    if (this.freeBytes > this.cap) this.trim(this.cap / 2);
  }

  /** Destroys idle buffers, those longest unused first, until at most `keep` bytes are free. */
  trim(keep = 0): void {
    for (const [key, slots] of this.free) {
      const stay = slots.filter((slot) => {
        if (this.freeBytes <= keep || slot.freedAt > this.clock.submitted) return true;
        this.discard(slot);
        this.freeBytes -= slot.capacity;
        return false;
      });
      if (stay.length) this.free.set(key, stay);
      else this.free.delete(key);
    }
  }

  /** Destroys a buffer that must not be used again. */
  discard({ buffer, capacity }: Slot): void {
    buffer.destroy();
    if (!this.refused.has(buffer)) this.ledger.heldBytes -= capacity;
  }

  /** Free bytes held, for tests and the device panel. */
  get idleBytes(): number {
    return this.freeBytes;
  }
}
