/** Sizes at which the variants of three kernels differ most: square, tall, wide, a single row, no multiple of any tile. */

import type { Dims } from '../../../kernels/define';

export interface ShapeClass {
  readonly kernel: string;
  readonly name: string;
  readonly dims: Dims;
}

/** @param s side of the square case: small on a software adapter, where a product of 1024 takes seconds */
const shapes = (s: number): readonly ShapeClass[] => [
  ...Object.entries({
    square: { M: s, N: s, K: s }, tall: { M: 4 * s, N: s / 8, K: s }, wide: { M: s / 8, N: 4 * s, K: s }, 'one row': { M: 1, N: 4 * s, K: s }, odd: { M: s - 1, N: s + 1, K: s - 1 },
  }).map(([name, dims]) => ({ kernel: 'matmul', name, dims })),
  ...Object.entries({
    square: { H: 1, N: 2 * s, M: 2 * s, D: 64 }, tall: { H: 1, N: 8 * s, M: s / 2, D: 64 }, wide: { H: 1, N: s / 2, M: 8 * s, D: 64 }, 'one row': { H: 1, N: 1, M: 8 * s, D: 64 }, odd: { H: 1, N: s - 1, M: s + 1, D: 36 },
  }).map(([name, dims]) => ({ kernel: 'attention', name, dims })),
  ...Object.entries({
    square: { T: s, N: s, K: s }, tall: { T: 4 * s, N: s / 8, K: s }, wide: { T: s / 8, N: 4 * s, K: s }, 'one row': { T: 1, N: 4 * s, K: s }, odd: { T: s - 1, N: s + 1, K: s },
  }).map(([name, dims]) => ({ kernel: 'w4a4_matmul', name, dims: { ...dims, G: 64 } })),
];

export const shapeClasses = (software: boolean): readonly ShapeClass[] => shapes(software ? 128 : 1024);
