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

/** Of a picture's three values to a pixel, the columns are pixels. */
export function summarize({ data, rows, cols, family }: StageTensor): Summary {
  const width = family === 'rgb' ? 3 : 1;
  const rowMaxima = new Float32Array(rows);
  const colMaxima = new Float32Array(cols / width);
  let squares = 0;
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < cols; j += 1) {
      const v = data[i * cols + j]!;
      const a = Math.abs(v);
      squares += v * v;
      if (a > rowMaxima[i]!) rowMaxima[i] = a;
      const place = width === 1 ? j : Math.floor(j / width);
      if (a > colMaxima[place]!) colMaxima[place] = a;
    }
  }
  const max = rowMaxima.reduce((m, v) => Math.max(m, v), 0);
  return { max, rms: Math.sqrt(squares / Math.max(1, data.length)), frobenius: Math.sqrt(squares), rowMaxima, colMaxima };
}

export const BINS = 61;

/** Counts of 61 equal bins from −max to +max, the middle one holding zero; with `above`, from 0 to max. */
export function histogram(data: Float32Array, max: number, above = false): Uint32Array {
  const counts = new Uint32Array(BINS);
  const low = above ? 0 : -max;
  const gain = max > 0 ? BINS / (max - low) : 0;
  for (let i = 0; i < data.length; i += 1) counts[Math.min(BINS - 1, Math.floor((data[i]! - low) * gain))]! += 1;
  if (max === 0) {
    counts.fill(0);
    counts[(BINS - 1) / 2] = data.length;
  }
  return counts;
}
