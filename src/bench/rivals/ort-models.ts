/** The graphs that ONNX Runtime Web gets for a task. */

import { toNBits } from '../../../kernels/nibbles';
import type { AttentionTask, MatmulTask, Task, WeightsTask } from '../tasks';
import type { Graph } from './onnx';

export interface Model {
  /** The operator and its settings, where there is more than one way. */
  readonly way: string;
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  /** The operator rounds activations to 8 bits on the way. */
  readonly int8?: boolean;
}

export function modelsOf(task: Task): Model[] {
  if (task.kind === 'matmul') return [matmul(task)];
  if (task.kind === 'weights4') return [32, 64].flatMap((block) => [0, 4].map((level) => matmulNBits(task, block, level)));
  if (task.kind === 'attention') return [attention(task), multiHead(task)];
  return [];
}

const matmul = ({ M, N, K, a, b }: MatmulTask): Model => ({
  way: '',
  graph: { nodes: [{ type: 'MatMul', inputs: ['a', 'b'], outputs: ['c'] }], inputs: { a: [M, K], b: [K, N] }, outputs: { c: [M, N] } },
  feeds: { a, b },
});

/**
 * com.microsoft MatMulNBits: one scale per block along K. A block smaller than our group repeats its scale, so that every
 * way multiplies by the same numbers.
 */
function matmulNBits({ T, N, K, G, x, codes, scales }: WeightsTask, block: number, level: number): Model {
  const [blocks, groups] = [Math.ceil(K / block), Math.ceil(K / G)];
  const spread = Float32Array.from({ length: N * blocks }, (_, i) => scales[Math.floor(i / blocks) * groups + Math.floor(((i % blocks) * block) / G)]);
  return {
    way: `MatMulNBits, block ${block}, level ${level}`,
    int8: level === 4,
    feeds: { x },
    graph: {
      nodes: [{
        type: 'MatMulNBits', domain: 'com.microsoft', inputs: ['x', 'codes', 'scales'], outputs: ['y'],
        attributes: { K, N, bits: 4, block_size: block, accuracy_level: level },
      }],
      inputs: { x: [T, K] },
      outputs: { y: [T, N] },
      constants: { codes: { shape: [N, blocks, block / 2], data: toNBits(codes, N, K, block) }, scales: { shape: [N * blocks], data: spread } },
    },
  };
}

const attention = ({ H, N, M, D, scale, q, k, v }: AttentionTask): Model => ({
  way: 'MatMul, Softmax, MatMul',
  feeds: { q, k, v },
  graph: {
    nodes: [
      { type: 'Transpose', inputs: ['k'], outputs: ['kt'], attributes: { perm: [0, 2, 1] } },
      { type: 'MatMul', inputs: ['q', 'kt'], outputs: ['s'] },
      { type: 'Mul', inputs: ['s', 'scale'], outputs: ['t'] },
      { type: 'Softmax', inputs: ['t'], outputs: ['p'], attributes: { axis: 2 } },
      { type: 'MatMul', inputs: ['p', 'v'], outputs: ['o'] },
    ],
    inputs: { q: [H, N, D], k: [H, M, D], v: [H, M, D] },
    outputs: { o: [H, N, D] },
    constants: { scale: { shape: [1], data: Float32Array.of(scale) } },
  },
});

/** The fused operator, with our heads as its batch. */
const multiHead = ({ H, N, M, D, scale, q, k, v }: AttentionTask): Model => ({
  way: 'MultiHeadAttention',
  feeds: { q, k, v },
  graph: {
    nodes: [{ type: 'MultiHeadAttention', domain: 'com.microsoft', inputs: ['q', 'k', 'v'], outputs: ['o'], attributes: { num_heads: 1, scale: { float: scale } } }],
    inputs: { q: [H, N, D], k: [H, M, D], v: [H, M, D] },
    outputs: { o: [H, N, D] },
  },
});
