import { defineKernel, linear } from '../define';
import { listKeptCases } from './list_kept.cases';
import { listKeptReference } from './list_kept.reference';
import row from './list_kept.row.wgsl?raw';

/** From a map of clusters to what attention_blocks reads. Lists have room for all Ck, so nothing is read back between. */
export const listKept = defineKernel({
  name: 'list_kept',
  summary: 'The kept key clusters of each query cluster as a list, and how many there are.',
  source: 'list[i] = {j: kept[i,j]} ascending, then Ck',
  inputs: { kept: 'u32[H,Cq,Ck]' },
  outputs: { list: 'u32[H,Cq,Ck]', count: 'u32[H,Cq]' },
  uniforms: ['H', 'Cq', 'Ck'],
  variants: [
    {
      id: 'row',
      note: 'one query cluster per invocation',
      wgsl: row,
      file: 'kernels/list_kept/list_kept.row.wgsl',
      launch: ({ H, Cq }) => linear(H * Cq, 16),
    },
  ],
  cost: ({ H, Cq, Ck }) => ({ flops: 0, bytes: 4 * H * Cq * (2 * Ck + 1) }),
  reference: listKeptReference,
  compare: { list: { kind: 'exact' }, count: { kind: 'exact' } },
  cases: listKeptCases,
});
