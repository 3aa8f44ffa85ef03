import { defineKernel, linear } from '../define';
import { bitWords } from '../formats/bits';
import { decodeCodebookCases } from './decode_codebook.cases';
import { decodeCodebookReference } from './decode_codebook.reference';
import scalar from './decode_codebook.scalar.wgsl?raw';
import vector from './decode_codebook.vector.wgsl?raw';

/** The dense matrix that packed codes and their rows' books stand for. Pass K and B (bits, 2 to 8) as dims. */
export const decodeCodebook = defineKernel({
  name: 'decode_codebook',
  summary: 'Looks packed codes of B bits up in the table of their row.',
  source: 'w[n,k] = book[n, code[n,k]]; the lookup table of SqueezeLLM, section 4.3',
  inputs: { codes: 'u32[N,ceil(K/32)*B]', book: 'f32[N,2^B]' },
  outputs: { w: 'f32[N,K]' },
  uniforms: ['N', 'K', 'B'],
  variants: [
    {
      id: 'vector',
      note: 'eight values per invocation, stored four at a time',
      wgsl: vector,
      file: 'kernels/decode_codebook/decode_codebook.vector.wgsl',
      launch: ({ N, K }) => linear(N * Math.ceil(K / 8), 64),
      fits: ({ K }) => K % 4 === 0,
    },
    {
      id: 'scalar',
      note: 'eight values per invocation, any K',
      wgsl: scalar,
      file: 'kernels/decode_codebook/decode_codebook.scalar.wgsl',
      launch: ({ N, K }) => linear(N * Math.ceil(K / 8), 64),
    },
  ],
  cost: ({ N, K, B }) => ({ flops: 0, bytes: 4 * N * (K + bitWords(K, B) + 2 ** B) }),
  reference: decodeCodebookReference,
  compare: { w: { kind: 'exact' } },
  cases: decodeCodebookCases,
});
