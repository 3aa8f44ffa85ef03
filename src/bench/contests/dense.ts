/** Products, attention and k-means in 32-bit floats. */

import { attention } from '../../../kernels/attention/attention';
import { attentionReference } from '../../../kernels/attention/attention.reference';
import type { AnyKernel } from '../../../kernels/define';
import { kmeansAssign } from '../../../kernels/kmeans_assign/kmeans_assign';
import { kmeansAssignReference } from '../../../kernels/kmeans_assign/kmeans_assign.reference';
import { matmul } from '../../../kernels/matmul/matmul';
import { matmulReference } from '../../../kernels/matmul/matmul.reference';
import type { Contest } from '../contest';
import { ownKernel } from '../own';
import type { Question } from '../targets';
import { BOUNDS } from '../tasks';
import { checkedRows, gather, judgeRows, deviates } from './data';

export interface Asked {
  readonly contest: Contest;
  readonly questions: readonly Question[];
}

/** What the libraries have to be ahead of: bounds of the time ratio. */
export type Bounds = Readonly<Partial<Record<'tfjs' | 'ort' | 'jax', number>>>;

export const NAMES = { tfjs: 'TensorFlow.js', ort: 'ONNX Runtime Web', jax: 'jax-js' } as const;

const against = (ours: string, bounds: Bounds): Question[] =>
  (['tfjs', 'ort', 'jax'] as const).map((rival) => ({ kind: 'rival', ours, rival, name: NAMES[rival], bound: bounds[rival] }));

/** @param ceiling least share of the measured multiply-add ceiling */
export function matmulContest(M: number, N: number, K: number, bounds: Bounds, ceiling?: number): Asked {
  const [a, b] = [deviates(1, M * K), deviates(2, K * N)];
  const rows = checkedRows(M, N * K);
  const verdict = judgeRows(rows, M, N, () => matmulReference({ a: gather(a, K, rows), b }, { M: rows.length, N, K }).c);
  const id = M === N && N === K ? `matmul-${M}` : `matmul-${M}x${N}x${K}`;
  return {
    contest: {
      id, work: 'f32 matmul', shape: `${M} × ${N} × ${K}`,
      own: [ownKernel('matmul', { kernel: matmul as unknown as AnyKernel, dims: { M, N, K } }, { a: { data: a, shape: [M, K] }, b: { data: b, shape: [K, N] } }, (out) => verdict(out, BOUNDS.float32))],
      task: { kind: 'matmul', M, N, K, a, b },
      judge: verdict,
    },
    questions: [...against('matmul', bounds), ...(ceiling === undefined ? [] : [{ kind: 'ceiling' as const, ours: 'matmul', bound: ceiling }])],
  };
}

export function attentionContest(H: number, N: number, D: number, bounds: Bounds): Asked {
  const [q, k, v] = [1, 2, 3].map((seed) => deviates(seed, H * N * D));
  const scale = 1 / Math.sqrt(D);
  const all = Array.from({ length: H * N }, (_, i) => i);
  const verdict = judgeRows(all, H * N, D, () => attentionReference({ q, k, v }, { H, N, M: N, D }, { scale, causal: 0 }).o);
  const shape = [H, N, D];
  return {
    contest: {
      id: `attention-${N}`, work: 'dense attention', shape: H === 1 ? `${N} × ${D}` : `${H} heads, ${N} × ${D}`,
      own: [ownKernel(
        'attention', { kernel: attention as unknown as AnyKernel, dims: { H, N, M: N, D }, scalars: { scale, causal: 0 } },
        { q: { data: q, shape }, k: { data: k, shape }, v: { data: v, shape } }, (out) => verdict(out, BOUNDS.float32),
      )],
      task: { kind: 'attention', H, N, M: N, D, scale, q, k, v },
      judge: verdict,
    },
    questions: [
      ...against('attention', bounds).filter((question) => question.kind === 'rival' && question.rival !== 'ort'),
      { kind: 'rival', ours: 'attention', rival: 'ort', name: 'MatMul, Softmax, MatMul', way: /^MatMul/, bound: bounds.ort },
      { kind: 'rival', ours: 'attention', rival: 'ort', name: 'MultiHeadAttention', way: /^MultiHead/ },
    ],
  };
}

export function kmeansContest(H: number, N: number, C: number, D: number, bounds: Bounds): Asked {
  const [x, c] = [deviates(1, H * N * D), deviates(2, H * C * D)];
  const all = Array.from({ length: H * N }, (_, i) => i);
  const verdict = judgeRows(all, H * N, 1, () => kmeansAssignReference({ x, c }, { H, N, C, D }).labels);
  return {
    contest: {
      id: `kmeans-${N}`, work: 'k-means assignment', shape: `${N} × ${D}, ${C} centroids`,
      own: [ownKernel('kmeans', { kernel: kmeansAssign as unknown as AnyKernel, dims: { H, N, C, D } }, { x: { data: x, shape: [H, N, D] }, c: { data: c, shape: [H, C, D] } }, (out) => verdict(out, 0))],
      task: { kind: 'kmeans', H, N, C, D, x, c },
      judge: verdict,
    },
    questions: against('kmeans', bounds).filter((question) => question.kind === 'rival' && question.rival !== 'ort'),
  };
}
