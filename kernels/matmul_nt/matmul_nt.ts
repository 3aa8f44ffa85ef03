import { defineKernel, type Dims } from '../define';
import { matmulNtCases } from './matmul_nt.cases';
import { matmulNtReference } from './matmul_nt.reference';
import block from './matmul_nt.block.wgsl?raw';
import quad8 from './matmul_nt.quad-8.wgsl?raw';
import quadAny from './matmul_nt.quad-any.wgsl?raw';
import quad from './matmul_nt.quad.wgsl?raw';
import register from './matmul_nt.register.wgsl?raw';
import row from './matmul_nt.row.wgsl?raw';
import tile from './matmul_nt.tile.wgsl?raw';

/** Vectors of four along K. */
const fours = ({ K }: Dims): boolean => K % 4 === 0;
/** Batch 1 and its like: most of a 16-row block would be wasted. */
const fewRows = ({ M }: Dims): boolean => M <= 8;
const square = (rows: number, columns: number) => ({ M, N }: Dims): readonly [number, number, number] => [Math.ceil(N / columns), Math.ceil(M / rows), 1];

/**
 * A layer's product Y = X Wᵀ, as PyTorch stores weights: one row per output channel. The order is the default's:
 * by shape class the first that fits was the fastest, or within a tenth of it, on a software adapter.
 */
export const matmulNt = defineKernel({
  name: 'matmul_nt',
  summary: 'C = A Bᵀ in 32-bit floats.',
  source: 'C[i,j] = sum over k of A[i,k] B[j,k]',
  inputs: { a: 'f32[M,K]', b: 'f32[N,K]' },
  outputs: { c: 'f32[M,N]' },
  uniforms: ['M', 'N', 'K'],
  variants: [
    {
      id: 'quad',
      note: '16x8 outputs per invocation, A shared by the four invocations of a quad: the fewest loads per product',
      wgsl: quad,
      file: 'kernels/matmul_nt/matmul_nt.quad.wgsl',
      requires: ['subgroups'],
      launch: square(64, 64),
      fits: (d) => fours(d) && !fewRows(d),
    },
    {
      id: 'quad-8',
      note: '8x8 outputs per invocation, A shared by a quad: for few rows, and half the registers of 16x8',
      wgsl: quad8,
      file: 'kernels/matmul_nt/matmul_nt.quad-8.wgsl',
      requires: ['subgroups'],
      launch: square(64, 64),
      fits: fours,
    },
    {
      id: 'quad-any',
      note: '16x8 outputs per invocation, A shared by a quad, K no multiple of 4',
      wgsl: quadAny,
      file: 'kernels/matmul_nt/matmul_nt.quad-any.wgsl',
      requires: ['subgroups'],
      launch: square(64, 64),
      fits: (d) => !fours(d) && !fewRows(d),
    },
    {
      id: 'register',
      note: '8x8 outputs per invocation without subgroups, four steps of K at a time',
      wgsl: register,
      file: 'kernels/matmul_nt/matmul_nt.register.wgsl',
      launch: square(64, 64),
      fits: fours,
    },
    {
      id: 'block',
      note: '4x4 outputs per invocation, any K: more invocations, less work in each',
      wgsl: block,
      file: 'kernels/matmul_nt/matmul_nt.block.wgsl',
      launch: square(32, 32),
    },
    {
      id: 'tile',
      note: '64x64 tiles shared through workgroup memory, 8x8 outputs per invocation: each number is fetched once per tile',
      wgsl: tile,
      file: 'kernels/matmul_nt/matmul_nt.tile.wgsl',
      launch: square(64, 64),
      fits: (d) => fours(d) && !fewRows(d),
    },
    {
      id: 'row',
      note: 'few rows: K dealt to 32 invocations of a workgroup, so that a GPU has work for all its cores',
      wgsl: row,
      file: 'kernels/matmul_nt/matmul_nt.row.wgsl',
      launch: ({ M, N }) => [Math.ceil(N / 8), M, 1],
      fits: (d) => fours(d) && fewRows(d),
    },
  ],
  cost: ({ M, N, K }) => ({ flops: 2 * M * N * K, bytes: 4 * (M * K + N * K + M * N) }),
  reference: matmulNtReference,
  // float32 sums of K terms: a relative error near 2^-24 sqrt(K), squared.
  compare: { c: { kind: 'nmse', bound: 1e-12 } },
  cases: matmulNtCases,
});
