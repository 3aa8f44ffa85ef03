import type { Dims } from '../define';
import type { Rng } from '../rng';

/** Every midpoint in both signs, and rows from 2^-20 to 2^19; the group's largest value is 4 to 7.875 scales. */
function tieInputs(_: Rng, { M, K }: Dims): { x: Float32Array } {
  const x = new Float32Array(M * K);
  for (let i = 0; i < x.length; i++) {
    const row = Math.floor(i / K);
    const largest = 4 + (row % 32) / 8;
    x[i] = ((i % K) % 32 === 0 ? largest : (((i * 7) % 65) - 32) / 8) * 2 ** (row - 20);
  }
  return { x };
}

/** Zero groups and powers of two, where floor(log2) steps. */
function powerInputs(_: Rng, { M, K }: Dims): { x: Float32Array } {
  return { x: Float32Array.from({ length: M * K }, (_, i) => (Math.floor(i / 32) % 3 === 0 ? 0 : 2 ** ((i % 32) - 16))) };
}

export const quantizeMxfp4Cases = [
  { name: '1x1', dims: { M: 1, K: 1 }, scalars: { tieToEven: 0 } },
  { name: '3x32', dims: { M: 3, K: 32 }, scalars: { tieToEven: 0 } },
  { name: '7x75', dims: { M: 7, K: 75 }, scalars: { tieToEven: 0 } },
  { name: 'ties to the larger 40x64', dims: { M: 40, K: 64 }, scalars: { tieToEven: 0 }, inputs: tieInputs },
  { name: 'ties to even 40x64', dims: { M: 40, K: 64 }, scalars: { tieToEven: 1 }, inputs: tieInputs },
  { name: 'zeros and powers 6x96', dims: { M: 6, K: 96 }, scalars: { tieToEven: 0 }, inputs: powerInputs },
];
