import { bitWords } from '../formats/bits';
import { defineKernel, linear } from '../define';
import { codebookCsrMatvecCases } from './codebook_csr_matvec.cases';
import { codebookCsrMatvecReference } from './codebook_csr_matvec.reference';
import rows from './codebook_csr_matvec.rows.wgsl?raw';
import workgroup from './codebook_csr_matvec.workgroup.wgsl?raw';

/**
 * One token through a dense-and-sparse layer in one launch: packed codes with a book per row, and the row's nonzeros
 * beside them. Pass B (bits, 2 to 8) as a dim.
 */
export const codebookCsrMatvec = defineKernel({
  name: 'codebook_csr_matvec',
  summary: 'y = D x + S x in one launch: D looked up from packed codes and a book per row, S sparse in compressed rows.',
  source: 'y[n] = sum over k of book[n, code[n,k]] x[k] + sum of values[i] x[cols[i]] for rowptr[n] <= i < rowptr[n+1]; SqueezeLLM, section 4.3',
  inputs: { x: 'f32[K]', codes: 'u32[N,ceil(K/32)*B]', book: 'f32[N,2^B]', rowptr: 'u32[N+1]', cols: 'u32[Z]', values: 'f32[Z]' },
  outputs: { y: 'f32[N]' },
  uniforms: ['N', 'K', 'B'],
  variants: [
    {
      id: 'rows',
      note: 'four rows per invocation: their codes together, then their nonzeros',
      wgsl: rows,
      file: 'kernels/codebook_csr_matvec/codebook_csr_matvec.rows.wgsl',
      launch: ({ N }) => linear(Math.ceil(N / 4), 64),
    },
    {
      id: 'workgroup',
      note: 'eight rows per workgroup, their books in workgroup memory, and their nonzeros shared equally among its 128 invocations',
      wgsl: workgroup,
      file: 'kernels/codebook_csr_matvec/codebook_csr_matvec.workgroup.wgsl',
      launch: ({ N }) => linear(N, 8),
    },
  ],
  cost: ({ N, K, B, Z }) => ({ flops: 2 * (N * K + Z), bytes: 4 * (K + N * (bitWords(K, B) + 2 ** B + 1) + N + 1) + 8 * Z }),
  reference: codebookCsrMatvecReference,
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: codebookCsrMatvecCases,
});
