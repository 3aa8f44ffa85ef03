/** What the inspector says of a tensor: maxima, norm, histogram. All from the picture's own data. */

import type { StageTensor } from '../../run/run';

export interface Summary {
  readonly max: number;
  readonly rms: number;
  readonly frobenius: number;
  /** max |·| of each row and of each column. */
  readonly rowMaxima: Float32Array;
  readonly colMaxima: Float32Array;
}

export function summarize({ data, rows, cols }: StageTensor): Summary {
  const rowMaxima = new Float32Array(rows);
  const colMaxima = new Float32Array(cols);
  let squares = 0;
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < cols; j += 1) {
      const v = data[i * cols + j]!;
      const a = Math.abs(v);
      squares += v * v;
      if (a > rowMaxima[i]!) rowMaxima[i] = a;
      if (a > colMaxima[j]!) colMaxima[j] = a;
    }
  }
  const max = rowMaxima.reduce((m, v) => Math.max(m, v), 0);
  return { max, rms: Math.sqrt(squares / Math.max(1, data.length)), frobenius: Math.sqrt(squares), rowMaxima, colMaxima };
}

export const BINS = 61;

/** Counts of 61 equal bins from −max to +max; the middle one holds zero. */
export function histogram(data: Float32Array, max: number): Uint32Array {
  const counts = new Uint32Array(BINS);
  const gain = max > 0 ? BINS / (2 * max) : 0;
  for (let i = 0; i < data.length; i += 1) counts[Math.min(BINS - 1, Math.floor((data[i]! + max) * gain))]! += 1;
  if (max === 0) {
    counts.fill(0);
    counts[(BINS - 1) / 2] = data.length;
  }
  return counts;
}
