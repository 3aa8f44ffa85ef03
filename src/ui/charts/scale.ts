/** Geometry that charts share: ticks, sampled axes, rooflines, labels that keep apart. */

import { number } from '../format';

/** Ticks from 0 to just above `max`: at most five, at 1, 2, 2.5 or 5 times a power of ten. */
export function ticksFromZero(max: number, most = 5): number[] {
  if (!(max > 0) || !Number.isFinite(max)) return [0, 1];
  const power = 10 ** Math.floor(Math.log10(max) - 1);
  for (const size of [1, 2, 2.5, 5, 10, 20, 25, 50, 100]) {
    const step = size * power;
    const count = Math.ceil(max / step - 1e-9);
    if (count < most) return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  }
  return [0, max];
}

/** Whole powers of ten strictly inside, or at, the ends. */
export function decades(low: number, high: number, most = 5): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const stride = Math.max(1, Math.ceil((last - first + 1) / most));
  const out: number[] = [];
  for (let power = first; power <= last; power += stride) out.push(10 ** power);
  return out;
}

/** Where a value stands among sampled ones, as a fractional index; the ends hold what lies beyond. `xs` ascends. */
export function placeAmong(xs: readonly number[], value: number): number {
  if (xs.length === 0 || value <= xs[0]) return 0;
  for (let i = 1; i < xs.length; i++) {
    if (value <= xs[i]) return i - 1 + (value - xs[i - 1]) / (xs[i] - xs[i - 1]);
  }
  return xs.length - 1;
}

export const evenlySpaced = (xs: readonly number[]): boolean =>
  xs.length < 3 || xs.every((x, i) => i < 2 || Math.abs(x - xs[i - 1] - (xs[1] - xs[0])) < 1e-9 * Math.abs(x || 1));

/** A few readable values of a log axis: powers of ten where three fit, else 1, 2, 5 times one, else round steps. */
export function logTicks(low: number, high: number, most = 5): number[] {
  const tens = decades(low, high, most);
  if (tens.length >= 3) return tens;
  const steps = (mantissas: readonly number[]): number[] => {
    const out: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const m of mantissas) {
        const value = Number((m * 10 ** power).toPrecision(12));
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) out.push(value);
      }
    }
    return out;
  };
  const candidates = [steps([1, 3]), steps([1, 2, 5]), steps([1, 1.5, 2, 3, 4, 5, 7]), linearTicks(low, high, most)];
  return candidates.find((ticks) => ticks.length >= 3 && ticks.length <= most) ?? candidates.findLast((ticks) => ticks.length > 0 && ticks.length <= most) ?? [low, high];
}

/** 1, 2, 4, … within the ends, thinned to at most `most`. */
export function powersOfTwo(low: number, high: number, most = 9): number[] {
  const [first, last] = [Math.ceil(Math.log2(low) - 1e-9), Math.floor(Math.log2(high) + 1e-9)];
  const stride = Math.max(1, Math.ceil((last - first + 1) / most));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / stride) + 1) }, (_, i) => 2 ** (first + i * stride));
}

/** Round values within the ends: at most `most`, at 1, 2, 2.5 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, most = 5): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const power = 10 ** Math.floor(Math.log10(span) - 1);
  for (const size of [1, 2, 2.5, 5, 10, 20, 25, 50]) {
    const step = size * power;
    const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
    if (last - first < most) return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)) + 0);
  }
  return [low, high];
}

/** A range of values along a line: `along` is 0 at `low` and 1 at `high`. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly along: (value: number) => number;
}

/** From 0 to the tick above the largest value. */
export function axisFromZero(values: readonly number[], most = 5): Axis {
  const ticks = ticksFromZero(Math.max(0, ...values.filter(Number.isFinite)), most);
  const high = ticks.at(-1)!;
  return { low: 0, high, ticks, along: (v) => v / high };
}

/** Over all positive values, with a little room (`pad`, a share of the span) at both ends. */
export function logAxis(values: readonly number[], most = 5, pad = 0.06): Axis {
  const positive = values.filter((v) => v > 0 && Number.isFinite(v));
  const [least, largest] = positive.length ? [Math.min(...positive), Math.max(...positive)] : [1, 10];
  const room = largest > least ? (largest / least) ** pad : 1.5;
  const [low, high] = [least / room, largest * room];
  const span = Math.log(high / low);
  // Zero has no place on a log axis: it stands at the lower end.
  return { low, high, ticks: logTicks(low, high, most), along: (v) => (v > 0 ? Math.log(v / low) / span : 0) };
}

/**
 * Moves labels apart as little as can be (least squares): neighbours at least `gap` apart (or, with one height each,
 * half of both), all within [low, high] where they fit. Order is kept. This is isotonic regression by pooling
 * adjacent violators.
 */
export function spread(wanted: readonly number[], gap: number | readonly number[], low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const height = (index: number): number => (typeof gap === 'number' ? gap : gap[index]);
  // Offsets of the labels when they stand shoulder to shoulder.
  const offsets: number[] = [];
  order.forEach((index, rank) => offsets.push(rank ? offsets[rank - 1] + (height(order[rank - 1]) + height(index)) / 2 : 0));
  const pools: { sum: number; count: number }[] = [];
  order.forEach((index, rank) => {
    pools.push({ sum: wanted[index] - offsets[rank], count: 1 });
    for (let last = pools.length - 1; last > 0; last--) {
      const [a, b] = [pools[last - 1], pools[last]];
      if (a.sum / a.count <= b.sum / b.count) break;
      pools.splice(last - 1, 2, { sum: a.sum + b.sum, count: a.count + b.count });
    }
  });
  const ceiling = Math.max(low, high - (offsets.at(-1) ?? 0));
  const placed = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => Math.min(ceiling, Math.max(low, sum / count))));
  const result = Array.from<number>({ length: wanted.length });
  order.forEach((index, rank) => { result[index] = placed[rank] + offsets[rank]; });
  return result;
}

/** The two measured ceilings. */
export interface Roof {
  readonly bytesPerSecond: number;
  readonly flopsPerSecond: number;
}

/** FLOP/s that the ceilings allow at an intensity in FLOP per byte. */
export const roofAt = ({ bytesPerSecond, flopsPerSecond }: Roof, intensity: number): number => Math.min(flopsPerSecond, bytesPerSecond * intensity);

/** Where the drawing leaves off, pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface RooflineScale {
  /** Ends of the axis of intensities, and of the axis of rates. */
  readonly intensities: readonly [low: number, high: number];
  readonly rates: readonly [low: number, high: number];
  /** The intensity at which the two ceilings meet. */
  readonly ridge: number;
  readonly px: (intensity: number) => number;
  readonly py: (rate: number) => number;
  /** The roof as a path. */
  readonly path: string;
}

/** Axes with room for every point and for the roof on both sides of its ridge. */
export function rooflineScale(points: readonly { readonly intensity: number; readonly rate: number }[], roof: Roof, frame: Frame): RooflineScale {
  const ridge = roof.flopsPerSecond / roof.bytesPerSecond;
  const low = Math.min(ridge / 8, ...points.map((p) => p.intensity / 2));
  const high = Math.max(ridge * 8, ...points.map((p) => p.intensity * 2));
  const top = Math.max(roof.flopsPerSecond, ...points.map((p) => p.rate)) * 2.5;
  const least = Math.min(roofAt(roof, low), ...points.map((p) => p.rate)) / 2;
  const along = (value: number, a: number, b: number): number => Math.log(value / a) / Math.log(b / a);
  const px = (intensity: number): number => frame.left + along(intensity, low, high) * (frame.right - frame.left);
  const py = (rate: number): number => frame.top + (1 - along(rate, least, top)) * (frame.bottom - frame.top);
  return { intensities: [low, high], rates: [least, top], ridge, px, py, path: `M${px(low)} ${py(roofAt(roof, low))}L${px(ridge)} ${py(roof.flopsPerSecond)}H${frame.right}` };
}

/** '0.01' to '1000' in full, then '10⁴'. */
export const powerOfTen = (value: number): string => (value >= 0.0099 && value < 1e4 ? String(Number(value.toPrecision(3))) : number(value).replace('1·', ''));
