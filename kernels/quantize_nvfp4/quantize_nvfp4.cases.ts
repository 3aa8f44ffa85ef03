import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Eighths of the group's scale, so that every midpoint of the grid is hit exactly, in both signs; scale 1 (absmax 6). */
export function tieInputs(_: Rng, { M, K }: Dims): { x: Float32Array } {
  const x = new Float32Array(M * K);
  for (let i = 0; i < x.length; i++) {
    const row = Math.floor(i / K);
    x[i] = (i % K) % 16 === 0 ? 6 * 2 ** (row % 5) : ((((i * 7) % 97) - 48) / 8) * 2 ** (row % 5);
  }
  return { x };
}

/** Scales over the whole of E4M3, its subnormals, zero, and beyond 448, with ties of the scale itself. */
export function scaleInputs(rng: Rng, { M, K }: Dims): { x: Float32Array } {
  const x = new Float32Array(M * K);
  const groups = Math.ceil(K / 16);
  for (let row = 0; row < M; row++) {
    for (let k = 0; k < K; k++) {
      const g = row * groups + Math.floor(k / 16);
      const mantissa = 16 + (g % 17); // odd ones are ties of the E4M3 grid
      const largest = g % 13 === 0 ? 0 : 6 * mantissa * 2 ** ((g % 23) - 16);
      x[row * K + k] = k % 16 === 0 ? largest : largest * (2 * rng.uniform() - 1);
    }
  }
  return { x };
}

const larger = { tensorScale: 1, tieToEven: 0, divideByUnrounded: 0 };

/** Rows shorter than a group, than a word, and a last group that is short. */
export const quantizeNvfp4Cases = [
  { name: '1x1', dims: { M: 1, K: 1 }, scalars: larger },
  { name: '3x16', dims: { M: 3, K: 16 }, scalars: larger },
  { name: '5x37', dims: { M: 5, K: 37 }, scalars: larger },
  { name: 'two levels 24x96', dims: { M: 24, K: 96 }, scalars: { ...larger, tensorScale: Math.fround(3.1 / 6 / 448) } },
  { name: 'ties to the larger 20x64', dims: { M: 20, K: 64 }, scalars: larger, inputs: tieInputs },
  { name: 'ties to even 20x64', dims: { M: 20, K: 64 }, scalars: { ...larger, tieToEven: 1 }, inputs: tieInputs },
  { name: 'scales 40x48', dims: { M: 40, K: 48 }, scalars: larger, inputs: scaleInputs },
  { name: 'scales, ties to even 40x48', dims: { M: 40, K: 48 }, scalars: { ...larger, tieToEven: 1 }, inputs: scaleInputs },
  { name: 'unrounded scale 9x50', dims: { M: 9, K: 50 }, scalars: { ...larger, divideByUnrounded: 1 } },
];
