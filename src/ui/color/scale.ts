/**
 * From a value to a place in a colour map. Tensors that are compared share one scale:
 * asinh(v/knee) / asinh(max/knee), so that outliers read as stripes on a pale ground; errors are linear.
 */

import type { MapKind } from './maps';

export type Transfer = 'asinh' | 'linear';

export interface ColorScale {
  /** A colour map; or no scale at all: 'rgb' shows pixels as they are, 'label' paints each whole number its own colour. */
  readonly map: MapKind | 'rgb' | 'label';
  readonly transfer: Transfer;
  /** |v| at the end of the map; greater values are clipped. */
  readonly max: number;
  /** Where asinh turns from linear to logarithmic. */
  readonly knee: number;
  /** With 'label': these keep their colour, the others are drawn pale. */
  readonly lit?: ReadonlySet<number>;
  /** With 'label': name l takes the colour of name paint[l], where several belong together. */
  readonly paint?: ArrayLike<number>;
}

/** For stages of the family 'rgb'. */
export const rgbScale: ColorScale = { map: 'rgb', transfer: 'linear', max: 1, knee: 1 };

/** For stages of the family 'label'. */
export const labelScale = (count: number, lit?: ReadonlySet<number>, paint?: ArrayLike<number>): ColorScale =>
  ({ map: 'label', transfer: 'linear', max: Math.max(1, count - 1), knee: 1, lit, paint });

/** At most this many values are sorted for a quantile; they are taken at a fixed stride. */
const SORTED = 16384;

/** Quantile q of |v|: exact up to 16 384 values, of an even sample beyond. */
export function quantileAbs(data: Float32Array, q: number): number {
  const stride = Math.max(1, Math.ceil(data.length / SORTED));
  // An odd stride that shares no factor with common row lengths walks over every column.
  const step = stride % 2 === 0 && data.length > SORTED ? stride + 1 : stride;
  const sorted = new Float32Array(Math.ceil(data.length / step));
  for (let i = 0, j = 0; j < data.length; i += 1, j += step) sorted[i] = Math.abs(data[j]!);
  sorted.sort();
  return sorted.length ? sorted[Math.floor(q * (sorted.length - 1))]! : 0;
}

export function maxAbs(data: Float32Array): number {
  let max = 0;
  for (let i = 0; i < data.length; i += 1) {
    const a = Math.abs(data[i]!);
    if (a > max) max = a;
  }
  return max;
}

/** A usable scale even for an all-zero tensor. */
export function makeScale(map: MapKind, max: number, knee: number, transfer: Transfer = map === 'error' ? 'linear' : 'asinh'): ColorScale {
  const top = max > 0 ? max : 1;
  return { map, transfer, max: top, knee: knee > 0 ? Math.min(knee, top) : top };
}

/** Index into the 256 entries of the scale's map. `factor` scales the value for display only. */
export function entryOf(scale: ColorScale, factor = 1): (value: number) => number {
  const { map, max, knee } = scale;
  const gain = factor / knee;
  const norm = scale.transfer === 'asinh' ? 1 / Math.asinh(max / knee) : knee / max;
  const asinh = scale.transfer === 'asinh';
  const half = map === 'signed' ? 127 : 255;
  return (value) => {
    const x = asinh ? Math.asinh(value * gain) * norm : value * gain * norm;
    const y = map === 'signed' ? x : Math.abs(x);
    const clipped = y > 1 ? 1 : y < -1 ? -1 : y;
    return map === 'signed' ? 128 + Math.round(half * clipped) : Math.round(half * clipped);
  };
}

/** Mantissa bits of a float32 that a table keeps: bins are under 1.6 % wide, a quarter of a map entry at most. */
const KEPT_BITS = 6;
export const TABLE_SHIFT = 23 - KEPT_BITS;
const tables = new WeakMap<ColorScale, Uint8Array>();

/**
 * Distance from zero in map entries, by the leading bits of the float32 |v|: `table[bits >>> TABLE_SHIFT]`.
 * Painting reads this instead of calling asinh for every cell.
 */
export function magnitudeTable(scale: ColorScale): Uint8Array {
  const known = tables.get(scale);
  if (known) return known;
  const entry = entryOf(scale);
  const zero = entry(0);
  const table = new Uint8Array(1 << (8 + KEPT_BITS));
  const float = new Float32Array(1);
  const word = new Uint32Array(float.buffer);
  for (let i = 0; i < table.length; i += 1) {
    word[0] = (i << TABLE_SHIFT) + (1 << (TABLE_SHIFT - 1)); // the middle of the bin
    const top = i >= 255 << KEPT_BITS; // infinities and not-a-numbers: the end of the map
    table[i] = entry(top ? scale.max : float[0]!) - zero;
  }
  tables.set(scale, table);
  return table;
}
