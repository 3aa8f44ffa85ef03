import { defineKernel, linear } from '../define';
import { bitWords } from '../formats/bits';
import { codebookMatvecCases } from './codebook_matvec.cases';
import { codebookMatvecReference } from './codebook_matvec.reference';
import rows from './codebook_matvec.rows.wgsl?raw';
import workgroup from './codebook_matvec.workgroup.wgsl?raw';

/**
 * One token through a layer held as packed codes and a book per row: what a language model does for each word it writes.
 * Codes are looked up as they are read; the dense matrix never exists in memory. Pass B (bits, 2 to 8) as a dim.
 */
export const codebookMatvec = defineKernel({
  name: 'codebook_matvec',
  summary: 'y = W x, with W looked up from packed codes and a book per row.',
  source: 'y[n] = sum over k of book[n, code[n,k]] x[k]; SqueezeLLM, section 4.3, and its quant_cuda_kernel.cu',
  inputs: { x: 'f32[K]', codes: 'u32[N,ceil(K/32)*B]', book: 'f32[N,2^B]' },
  outputs: { y: 'f32[N]' },
  uniforms: ['N', 'K', 'B'],
  variants: [
    {
      id: 'rows',
      note: 'four rows per invocation, which share each load of x; books straight from storage',
      wgsl: rows,
      file: 'kernels/codebook_matvec/codebook_matvec.rows.wgsl',
      launch: ({ N }) => linear(Math.ceil(N / 4), 64),
    },
    {
      id: 'workgroup',
      note: 'four rows per workgroup with their books in workgroup memory; 64 invocations walk along K together',
      wgsl: workgroup,
      file: 'kernels/codebook_matvec/codebook_matvec.workgroup.wgsl',
      launch: ({ N }) => linear(N, 4),
    },
  ],
  cost: ({ N, K, B }) => ({ flops: 2 * N * K, bytes: 4 * (K + N * (bitWords(K, B) + 2 ** B + 1)) }),
  reference: codebookMatvecReference,
  compare: { y: { kind: 'nmse', bound: 1e-12 } },
  cases: codebookMatvecCases,
});
