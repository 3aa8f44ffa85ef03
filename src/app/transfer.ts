/**
 * Numbers cross between worker and page by being handed over, not by being copied on both sides. What a worker hands
 * over is gone from it, and a lab's memory still needs what it computed: each array is copied once, in the worker,
 * where nothing is being drawn.
 */

import * as Comlink from 'comlink';

/** Smaller arrays cost less to copy than to hand over, bytes. */
const SMALL = 1024;

type Numbers = ArrayBufferView<ArrayBuffer> & { slice(): ArrayBufferView<ArrayBuffer> };

const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value) && !(value instanceof DataView);
const isPlain = (value: object): value is Record<string, unknown> => {
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
};

/**
 * A copy of plain data whose large arrays of numbers are fresh, and their buffers. What holds no such array is shared
 * with the original.
 */
export function packed<T>(value: T): { readonly value: T; readonly buffers: readonly ArrayBuffer[] } {
  const copies = new Map<object, object>();
  const buffers: ArrayBuffer[] = [];
  const pack = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const known = copies.get(part);
    if (known) return known;
    let copy: object = part;
    if (isNumbers(part)) {
      if (part.byteLength > SMALL) {
        const fresh = part.slice();
        buffers.push(fresh.buffer);
        copy = fresh;
      }
    } else if (Array.isArray(part)) {
      // A list of plain numbers has nothing to hand over, however long it is.
      if (typeof part[0] === 'object') {
        const made = part.map(pack);
        if (made.some((one, i) => one !== part[i])) copy = made;
      }
    } else if (isPlain(part)) {
      const made = Object.entries(part).map(([name, one]) => [name, pack(one)] as const);
      if (made.some(([name, one]) => one !== part[name])) copy = Object.fromEntries(made);
    }
    copies.set(part, copy);
    return copy;
  };
  return { value: pack(value) as T, buffers };
}

/** For an argument or a result of a Comlink call. */
export function handOver<T>(data: T): T {
  const { value, buffers } = packed(data);
  return buffers.length ? Comlink.transfer(value, [...buffers]) : value;
}
