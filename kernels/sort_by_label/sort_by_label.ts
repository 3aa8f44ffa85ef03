import { defineKernel, linear } from '../define';
import { sortByLabelCases } from './sort_by_label.cases';
import { sortByLabelReference } from './sort_by_label.reference';
import label from './sort_by_label.label.wgsl?raw';
import runs from './sort_by_label.runs.wgsl?raw';

/** Every label is below C (C is given in dims). Sizes of clusters are the differences of neighbouring offsets. */
export const sortByLabel = defineKernel({
  name: 'sort_by_label',
  summary: 'The stable order that brings tokens of one label together, and where each label begins.',
  source: 'order[h] = argsort(labels[h], stable), offsets[h,j] = |{i: labels[h,i] < j}| (Sparse-VideoGen, svg/kernels/triton/permute.py)',
  inputs: { labels: 'u32[H,N]' },
  outputs: { order: 'u32[H,N]', offsets: 'u32[H,C+1]' },
  uniforms: ['H', 'N', 'C'],
  variants: [
    {
      id: 'runs',
      note: 'a head per workgroup, whose invocations count and place runs of tokens: work grows with N + C',
      wgsl: runs,
      file: 'kernels/sort_by_label/sort_by_label.runs.wgsl',
      launch: ({ H }) => linear(H, 1),
      fits: ({ C }) => C <= 512,
    },
    {
      id: 'label',
      note: 'one label of one head per invocation, any C: work grows with N C',
      wgsl: label,
      file: 'kernels/sort_by_label/sort_by_label.label.wgsl',
      launch: ({ H, C }) => linear(H * C, 16),
    },
  ],
  cost: ({ H, N, C }) => ({ flops: 0, bytes: 4 * H * (2 * N + C + 1) }),
  reference: sortByLabelReference,
  compare: { order: { kind: 'exact' }, offsets: { kind: 'exact' } },
  cases: sortByLabelCases,
});
