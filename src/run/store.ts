/**
 * A Run in a file: what the page draws before any engine is ready. Little endian: 'PKRUN1', header length u32, header
 * JSON (UTF-8), then the arrays in the order of the header. Pictures take 16-bit floats, each array scaled by a power
 * of two that brings its largest value near the top of their range; the scales of codes stay in 32 bits.
 */

import { decodeHalf, encodeHalf } from './half';
import type { Run } from './run';

const MAGIC = [...'PKRUN1'].map((c) => c.charCodeAt(0));
const PREFIX = MAGIC.length + 4;

/** Stands in the JSON where an array was. */
type Slot = { readonly $floats: number; readonly scale: number } | { readonly $bytes: number } | { readonly $exact: number };
/** Stands for a number that JSON has no word for. */
interface Special { readonly $number: 'Infinity' | '-Infinity' | 'NaN' }

const has = <K extends string>(value: unknown, key: K): value is Record<K, unknown> => typeof value === 'object' && value !== null && key in value;

/** A stored run that cannot be read, with what is wrong. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Divided by this power of two, the largest of `values` lies in (2¹⁴, 2¹⁵]. */
function scaleOf(values: Float32Array): number {
  let largest = 0;
  for (const v of values) largest = Math.max(largest, Math.abs(v));
  return largest > 0 && Number.isFinite(largest) ? 2 ** (Math.ceil(Math.log2(largest)) - 15) : 1;
}

/** An array on its way into the file: bytes per entry, and what 16-bit floats were divided by. */
interface Part {
  readonly values: Float32Array | Int8Array;
  readonly scale: number;
  readonly width: 1 | 2 | 4;
}

export function encodeRun(run: Run): ArrayBuffer {
  const parts: Part[] = [];
  const scales = new Set<unknown>(Object.values(run.stages).map((stage) => stage.scales?.values));
  const text = JSON.stringify(run, (_key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
    if (value instanceof Int8Array) {
      parts.push({ values: value, scale: 1, width: 1 });
      return { $bytes: value.length } satisfies Slot;
    }
    if (!(value instanceof Float32Array)) return value;
    if (scales.has(value)) {
      // Codes are worth no more than their scales: these keep all digits.
      parts.push({ values: value, scale: 1, width: 4 });
      return { $exact: value.length } satisfies Slot;
    }
    const scale = scaleOf(value);
    parts.push({ values: value, scale, width: 2 });
    return { $floats: value.length, scale } satisfies Slot;
  });
  const header = new TextEncoder().encode(text);
  const size = ({ values, width }: Part): number => values.length * width;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + size(part), PREFIX + header.length));
  const view = new DataView(out.buffer);
  out.set(MAGIC);
  view.setUint32(MAGIC.length, header.length, true);
  out.set(header, PREFIX);
  let at = PREFIX + header.length;
  for (const part of parts) {
    const { values, scale } = part;
    if (part.width === 4) values.forEach((v, i) => view.setFloat32(at + 4 * i, v, true));
    else if (values instanceof Int8Array) values.forEach((v, i) => view.setInt8(at + i, v));
    else values.forEach((v, i) => view.setUint16(at + 2 * i, encodeHalf(v / scale), true));
    at += size(part);
  }
  return out.buffer;
}

/** @throws StoreError when the bytes are no stored run, or are cut short */
export function decodeRun(bytes: ArrayBuffer): Run {
  const all = new Uint8Array(bytes);
  const view = new DataView(bytes);
  if (all.length < PREFIX || MAGIC.some((c, i) => all[i] !== c)) throw new StoreError('These bytes are not a stored run.');
  const headerLength = view.getUint32(MAGIC.length, true);
  if (headerLength > all.length - PREFIX) throw new StoreError(`The stored run says that its header has ${headerLength} bytes, but ${all.length - PREFIX} follow.`);
  let at = PREFIX + headerLength;
  const take = (count: unknown, width: number): number => {
    if (!Number.isSafeInteger(count) || Number(count) < 0 || Number(count) * width > all.length - at) throw new StoreError(`The stored run ends before an array of ${String(count)} numbers.`);
    const start = at;
    at += Number(count) * width;
    return start;
  };
  // The reviver meets the slots in the order in which they were written.
  const revive = (_key: string, value: unknown): unknown => {
    if (has(value, '$number')) return Number(value.$number as Special['$number']);
    if (has(value, '$bytes')) {
      const start = take(value.$bytes, 1);
      return new Int8Array(bytes.slice(start, at));
    }
    if (has(value, '$exact')) {
      const start = take(value.$exact, 4);
      return Float32Array.from({ length: Number(value.$exact) }, (_, i) => view.getFloat32(start + 4 * i, true));
    }
    if (!has(value, '$floats')) return value;
    const start = take(value.$floats, 2);
    const scale = has(value, 'scale') ? Number(value.scale) : 1;
    return Float32Array.from({ length: Number(value.$floats) }, (_, i) => scale * decodeHalf(view.getUint16(start + 2 * i, true)));
  };
  return JSON.parse(new TextDecoder().decode(all.subarray(PREFIX, PREFIX + headerLength)), revive) as Run;
}
