/** Which variant of a matrix product a shape gets by default, with subgroups and without. */

import { describe, expect, test } from 'vitest';
import type { AnyKernel, Dims } from '../../kernels/define';
import { matmul } from '../../kernels/matmul/matmul';
import { matmulNt } from '../../kernels/matmul_nt/matmul_nt';

const first = (kernel: AnyKernel, dims: Dims, subgroups: boolean): string | undefined =>
  kernel.variants.find(({ requires, fits, lossy }) => !lossy && (requires ?? []).every((feature) => subgroups && feature === 'subgroups') && (fits?.(dims) ?? true))?.id;

const shapes: readonly (readonly [string, Dims, string, string, string])[] = [
  // shape, sizes, A B with subgroups, A Bᵀ with subgroups, A B without
  ['256 cubed', { M: 256, N: 256, K: 256 }, 'quad', 'quad', 'register'],
  ['383 x 381 x 385', { M: 383, N: 381, K: 385 }, 'quad-any', 'quad-any', 'block'],
  ['batch 1', { M: 1, N: 1024, K: 1024 }, 'quad-8', 'quad-8', 'register'],
  ['batch 8', { M: 8, N: 512, K: 512 }, 'quad-8', 'quad-8', 'register'],
  ['batch 1, odd', { M: 1, N: 1023, K: 1023 }, 'block', 'block', 'block'],
  ['eight columns', { M: 512, N: 8, K: 512 }, 'tall', 'quad', 'register'],
  ['a test block of a randomized SVD', { M: 512, N: 42, K: 512 }, 'tall', 'quad', 'block'],
  ['few outputs, long K', { M: 16, N: 16, K: 4096 }, 'quad', 'quad', 'register'],
  ['short K', { M: 1024, N: 1024, K: 8 }, 'quad', 'quad', 'register'],
  ['one number', { M: 1, N: 1, K: 1 }, 'block', 'block', 'block'],
];

describe('default variants by shape', () => {
  test.each(shapes)('%s', (_, dims, nn, nt, plain) => {
    expect([first(matmul as unknown as AnyKernel, dims, true), first(matmulNt as unknown as AnyKernel, dims, true), first(matmul as unknown as AnyKernel, dims, false)]).toEqual([nn, nt, plain]);
    expect(first(matmulNt as unknown as AnyKernel, dims, false)).toBeDefined();
  });

  test.each([matmul, matmulNt])('$name: at most six candidates are timed for any shape', (kernel) => {
    for (const [, dims] of shapes) expect(kernel.variants.filter(({ fits, lossy }) => !lossy && (fits?.(dims) ?? true)).length).toBeLessThanOrEqual(6);
  });
});
