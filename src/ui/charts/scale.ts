/** Geometry that charts share: ticks, sampled axes, labels that keep apart. */

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

/**
 * Moves labels apart as little as can be (least squares): neighbours at least `gap` apart, all within [low, high]
 * where they fit. Order is kept. This is isotonic regression by pooling adjacent violators.
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const pools: { sum: number; count: number }[] = [];
  order.forEach((index, rank) => {
    pools.push({ sum: wanted[index] - rank * gap, count: 1 });
    for (let last = pools.length - 1; last > 0; last--) {
      const [a, b] = [pools[last - 1], pools[last]];
      if (a.sum / a.count <= b.sum / b.count) break;
      pools.splice(last - 1, 2, { sum: a.sum + b.sum, count: a.count + b.count });
    }
  });
  const ceiling = Math.max(low, high - (wanted.length - 1) * gap);
  const placed = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => Math.min(ceiling, Math.max(low, sum / count))));
  const result = Array.from<number>({ length: wanted.length });
  order.forEach((index, rank) => { result[index] = placed[rank] + rank * gap; });
  return result;
}
