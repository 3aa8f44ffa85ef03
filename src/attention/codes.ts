/** Random Fourier codes of where a token lies, and projections of what it shows: tokens in rows, frame-major. */

import type { Rng } from '../../kernels/rng';
import type { Patches } from './patches';

type Size = Pick<Patches, 'frames' | 'grid'>;

/** Standard deviation of the codes' frequencies, radians per frame or place. */
const SPREAD = 2;
/** Of the circle: turned by it again and again, directions spread evenly. */
const GOLDEN = (3 - Math.sqrt(5)) / 2;

/** A code of each token's frame, [N, width], rows of unit length. */
export function frameCodes({ frames, grid }: Size, rng: Rng, width: number): Float64Array {
  const omega = Array.from({ length: width / 2 }, (_, j): readonly [number, number] => {
    const share = (j + rng.uniform()) / (width / 2);
    // The logistic curve of that deviation: near the normal one, and its quantiles have a closed form.
    return [SPREAD * (Math.sqrt(3) / Math.PI) * Math.log((1 + share) / (1 - share)), 0];
  });
  return codes(omega, frames * grid * grid, (i) => [Math.floor(i / (grid * grid)), 0]);
}

/** A code of each token's place, [N, width], rows of unit length: near places are alike, in whatever direction. */
export function placeCodes({ frames, grid }: Size, rng: Rng, width: number): Float64Array {
  const turn = rng.uniform();
  const omega = Array.from({ length: width / 2 }, (_, j): readonly [number, number] => {
    const radius = SPREAD * Math.sqrt(-2 * Math.log(1 - (j + rng.uniform()) / (width / 2))); // of a normal distribution in the plane
    const angle = 2 * Math.PI * (turn + j * GOLDEN);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return codes(omega, frames * grid * grid, (i) => [i % grid, Math.floor(i / grid) % grid]);
}

/** [cos(t · ω), sin(t · ω)] / √n of each token, for n frequencies, one from each n-th part of their distribution. */
function codes(omega: readonly (readonly [number, number])[], tokens: number, at: (i: number) => readonly [number, number]): Float64Array {
  const n = omega.length;
  const out = new Float64Array(tokens * 2 * n);
  for (let i = 0; i < tokens; i++) {
    const [x, y] = at(i);
    for (const [j, [u, v]] of omega.entries()) {
      out[i * 2 * n + j] = Math.cos(x * u + y * v) / Math.sqrt(n);
      out[i * 2 * n + n + j] = Math.sin(x * u + y * v) / Math.sqrt(n);
    }
  }
  return out;
}

/** [rows, columns], normal with variance 1 / `parts`. */
export const projection = (rng: Rng, rows: number, parts: number, columns = parts): Float64Array =>
  Float64Array.from({ length: rows * columns }, () => rng.normal() / Math.sqrt(parts));

/** x [N, columns] through w [rows, columns]: [N, rows] */
export function through(x: ArrayLike<number>, columns: number, w: Float64Array): Float64Array {
  const rows = w.length / columns;
  return Float64Array.from({ length: (x.length / columns) * rows }, (_, at) => {
    const [i, d] = [Math.floor(at / rows) * columns, (at % rows) * columns];
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += w[d + c] * x[i + c];
    return sum;
  });
}

/** Each row at length 1; a row of zeros stays. */
export function unitRows(x: Float64Array, width: number): Float64Array {
  for (let first = 0; first < x.length; first += width) {
    let squares = 0;
    for (let d = first; d < first + width; d++) squares += x[d] ** 2;
    if (squares > 0) for (let d = first; d < first + width; d++) x[d] /= Math.sqrt(squares);
  }
  return x;
}
