import { defineKernel, type Dims } from '../define';
import { matmulCases } from './matmul.cases';
import { matmulReference } from './matmul.reference';
import block from './matmul.block.wgsl?raw';
import half from './matmul.half.wgsl?raw';
import quad8 from './matmul.quad-8.wgsl?raw';
import quadAny from './matmul.quad-any.wgsl?raw';
import quad from './matmul.quad.wgsl?raw';
import register from './matmul.register.wgsl?raw';
import row from './matmul.row.wgsl?raw';
import tall from './matmul.tall.wgsl?raw';
import tile from './matmul.tile.wgsl?raw';

/** Vectors of four along the rows of both operands. */
const fours = ({ N, K }: Dims): boolean => N % 4 === 0 && K % 4 === 0;
/** Batch 1 and its like: most of a 16-row block would be wasted. */
const fewRows = ({ M }: Dims): boolean => M <= 8;
/** Thin factors: invocations side by side would stand beyond the last column. */
const fewColumns = ({ M, N }: Dims): boolean => N <= 48 && M >= 32;
const square = (rows: number, columns: number) => ({ M, N }: Dims): readonly [number, number, number] => [Math.ceil(N / columns), Math.ceil(M / rows), 1];

/**
 * The dense product of two row-major matrices. The order is the default's: by shape class the first that fits was
 * the fastest, or within a tenth of it, on a software adapter; a GPU measures those that fit.
 */
export const matmul = defineKernel({
  name: 'matmul',
  summary: 'C = A B in 32-bit floats.',
  source: 'C[i,j] = sum over k of A[i,k] B[k,j]',
  inputs: { a: 'f32[M,K]', b: 'f32[K,N]' },
  outputs: { c: 'f32[M,N]' },
  uniforms: ['M', 'N', 'K'],
  variants: [
    {
      id: 'quad',
      note: '16x8 outputs per invocation, A shared by the four invocations of a quad: the fewest loads per product',
      wgsl: quad,
      file: 'kernels/matmul/matmul.quad.wgsl',
      requires: ['subgroups'],
      launch: square(64, 64),
      fits: (d) => fours(d) && !fewRows(d) && !fewColumns(d),
    },
    {
      id: 'quad-8',
      note: '8x8 outputs per invocation, A shared by a quad: for few rows, and half the registers of 16x8',
      wgsl: quad8,
      file: 'kernels/matmul/matmul.quad-8.wgsl',
      requires: ['subgroups'],
      launch: square(64, 64),
      fits: (d) => fours(d) && !fewColumns(d),
    },
    {
      id: 'quad-any',
      note: '16x8 outputs per invocation, A shared by a quad, sizes that are no multiples of 4',
      wgsl: quadAny,
      file: 'kernels/matmul/matmul.quad-any.wgsl',
      requires: ['subgroups'],
      launch: square(64, 64),
      fits: (d) => !fours(d) && !fewRows(d) && !fewColumns(d),
    },
    {
      id: 'tall',
      note: 'few columns: 8x16 outputs per invocation, B shared by the four invocations of a quad',
      wgsl: tall,
      file: 'kernels/matmul/matmul.tall.wgsl',
      requires: ['subgroups'],
      launch: ({ M, N }) => [Math.ceil(M / 256), Math.ceil(N / 16), 1],
      fits: fewColumns,
    },
    {
      id: 'register',
      note: '8x8 outputs per invocation without subgroups, loaded four at a time and multiplied as 4x4 matrices',
      wgsl: register,
      file: 'kernels/matmul/matmul.register.wgsl',
      launch: square(64, 64),
      fits: fours,
    },
    {
      id: 'block',
      note: '4x4 outputs per invocation, any sizes: more invocations, less work in each',
      wgsl: block,
      file: 'kernels/matmul/matmul.block.wgsl',
      launch: square(32, 32),
    },
    {
      id: 'tile',
      note: '64x64 tiles shared through workgroup memory, 8x8 outputs per invocation: each number is fetched once per tile',
      wgsl: tile,
      file: 'kernels/matmul/matmul.tile.wgsl',
      launch: square(64, 64),
      fits: (d) => fours(d) && !fewRows(d),
    },
    {
      id: 'row',
      note: 'few rows: K dealt to the invocations of a workgroup, so that a GPU has work for all its cores',
      wgsl: row,
      file: 'kernels/matmul/matmul.row.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 64), M, 1],
      fits: (d) => fours(d) && fewRows(d),
    },
    {
      id: 'half',
      note: 'as tile, but operands and sums of 16 products in 16-bit floats, those sums added in 32 bits',
      wgsl: half,
      file: 'kernels/matmul/matmul.half.wgsl',
      requires: ['shader-f16'],
      launch: square(64, 64),
      fits: fours,
      // Two roundings of operands and up to 16 of sums, 2^-11 each, against products of the same size.
      lossy: { c: { kind: 'nmse', bound: 1e-5 } },
    },
  ],
  cost: ({ M, N, K }) => ({ flops: 2 * M * N * K, bytes: 4 * (M * K + K * N + M * N) }),
  reference: matmulReference,
  // float32 sums of K terms: a relative error near 2^-24 sqrt(K), squared.
  compare: { c: { kind: 'nmse', bound: 1e-12 } },
  cases: matmulCases,
});
