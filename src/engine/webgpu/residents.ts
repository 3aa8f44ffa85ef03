/**
 * Numbers that never change and are asked for again and again (weights, activations, heads): they are brought to the
 * device once and stay there, as long as the host holds the array and there is room. What was used longest ago goes
 * first; nothing goes that a scope is using. What one scope alone has used is kept only among the last few of its kind:
 * most of it is never asked for again.
 */

import type { Data } from '../../../kernels/define';
import type { Ledger } from '../counters';
import type { BufferPool, Slot } from './pool';

export interface Resident {
  readonly slot: Slot;
  /** How often it is in use now, and how often it came into use. */
  users: number;
  uses: number;
  /** Takes it out of the index. */
  readonly forget: () => void;
}

/** Bytes kept on the device beyond what scopes are using. */
const ROOM = 2 ** 27;
/** Arrays kept that one scope has used so far. */
const NEW = 24;

/** A view by its place in its buffer: two views of the same numbers are the same tensor. */
const placeOf = (data: Data): string => `${data.byteOffset}:${data.length}`;

export class Residents {
  private readonly known = new WeakMap<ArrayBufferLike, Map<string, Resident>>();
  /** Least recently used first. */
  private readonly order = new Set<Resident>();
  private bytes = 0;
  private readonly gone = new FinalizationRegistry<Map<string, Resident>>((views) => {
    for (const resident of views.values()) this.drop(resident);
  });

  /** @param acquire a buffer for an array, which the queue may write at once */
  constructor(
    private readonly device: GPUDevice,
    private readonly pool: BufferPool,
    private readonly ledger: Ledger,
    private readonly acquire: (data: Data) => Slot,
    private readonly room = ROOM,
  ) {}

  /** The numbers of `data` on the device; give it back with `release`. */
  take(data: Data): Resident {
    const known = this.known.get(data.buffer)?.get(placeOf(data));
    if (known && !this.pool.usable(known.slot)) this.drop(known);
    const resident = known && this.order.has(known) ? known : this.bring(data);
    if (resident.users++ === 0) resident.uses++;
    this.order.delete(resident);
    this.order.add(resident);
    this.trim(this.room);
    this.trimNew();
    return resident;
  }

  private bring(data: Data): Resident {
    const slot = this.acquire(data);
    this.ledger.uploads++;
    this.ledger.uploadedBytes += data.byteLength;
    this.device.queue.writeBuffer(slot.buffer, 0, data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    let views = this.known.get(data.buffer);
    if (!views) {
      this.known.set(data.buffer, (views = new Map()));
      this.gone.register(data.buffer, views);
    }
    const [place, index] = [placeOf(data), views];
    const resident: Resident = { slot, users: 0, uses: 0, forget: () => { index.delete(place); } };
    index.set(place, resident);
    this.order.add(resident);
    this.bytes += slot.capacity;
    return resident;
  }

  release(resident: Resident): void {
    resident.users--;
    // Dropped while it was used: now it may go.
    if (resident.users === 0 && !this.order.has(resident)) this.pool.release(resident.slot);
  }

  private drop(resident: Resident): void {
    if (!this.order.delete(resident)) return;
    resident.forget();
    this.bytes -= resident.slot.capacity;
    if (resident.users === 0) this.pool.release(resident.slot);
  }

  private trimNew(): void {
    let kept = 0;
    for (const resident of [...this.order].reverse()) {
      if (resident.uses > 1 || resident.users > 0) continue;
      if (++kept > NEW) this.drop(resident);
    }
  }

  /** Gives back what no scope uses, oldest first, until at most `keep` bytes are left. */
  trim(keep = 0): void {
    for (const resident of this.order) {
      if (this.bytes <= keep) return;
      if (resident.users === 0) this.drop(resident);
    }
  }
}
