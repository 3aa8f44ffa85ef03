/** Libraries that compute the same on WebGPU, each as its own documentation says to use it. Page only. */

import type { Data } from '../../kernels/define';
import { loadTfjs } from '../crosscheck/tfjs';
import type { Operands, Rival } from './contenders';

/** The kernels that the rivals below have a counterpart of. */
export const RIVALLED: readonly string[] = ['matmul', 'attention', 'kmeans_assign'];

interface Operand {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: number[];
}

/** What a rival computes of a kernel: from these operands, that output. */
interface Task {
  readonly operands: readonly Operand[];
  readonly output: 'c' | 'o' | 'labels';
}

const isFloat = (data: unknown): data is Float32Array<ArrayBuffer> => data instanceof Float32Array;

function taskOf({ kernel, dims: { H, M, N, K, C, D }, scalars, inputs }: Operands): Task | undefined {
  const operands = (shapes: Readonly<Record<string, number[]>>): Operand[] =>
    Object.entries(shapes).flatMap(([name, shape]) => { const data = inputs[name]; return isFloat(data) ? [{ data, shape }] : []; });
  if (kernel.name === 'matmul') return { operands: operands({ a: [M, K], b: [K, N] }), output: 'c' };
  if (kernel.name === 'attention' && !scalars.causal) return { operands: operands({ q: [H, N, D], k: [H, M, D], v: [H, M, D] }), output: 'o' };
  if (kernel.name === 'kmeans_assign') return { operands: operands({ x: [H, N, D], c: [H, C, D] }), output: 'labels' };
  return undefined;
}

const typed = (output: Task['output'], data: ArrayLike<number>): Record<string, Data> => ({ [output]: output === 'labels' ? Uint32Array.from(data) : Float32Array.from(data) });

/** TensorFlow.js on the WebGPU backend. */
export async function tfjsRival(): Promise<Rival> {
  const tf = await loadTfjs();
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error(`TensorFlow.js has no WebGPU backend here, only ${tf.getBackend()}.`);
  return {
    label: `TensorFlow.js ${tf.version.tfjs}`,
    prepare(given) {
      const task = taskOf(given);
      if (!task) return Promise.resolve(undefined);
      const { scale } = given.scalars;
      const tensors = task.operands.map(({ data, shape }) => tf.tensor(data, shape));
      const operations = {
        c: () => tf.matMul(tensors[0], tensors[1]),
        o: () => tf.matMul(tf.softmax(tf.mul(tf.matMul(tensors[0], tensors[1], false, true), scale)), tensors[2]),
        // |x|² is the same for every centroid.
        labels: () => tf.argMin(tf.sub(tf.expandDims(tf.sum(tf.square(tensors[1]), -1), 1), tf.mul(tf.matMul(tensors[0], tensors[1], false, true), 2)), -1),
      };
      const run = () => tf.tidy(operations[task.output]);
      return Promise.resolve({
        async compute() {
          const result = run();
          const data = await result.data();
          result.dispose();
          return typed(task.output, data);
        },
        async batch(inner) {
          for (let i = 0; i < inner; i++) run().dispose();
          // A submission with the pass still open is an invalid one, and would time nothing.
          backend.endComputePassEncoder();
          backend.submitQueue();
          await backend.queue.onSubmittedWorkDone();
        },
        dispose: () => tf.dispose(tensors),
      });
    },
  };
}

/**
 * jax-js, jitted, on its WebGPU backend.
 * @param version of the package, which it does not tell itself
 */
export async function jaxRival(version: string): Promise<Rival> {
  const { blockUntilReady, defaultDevice, getWebGPUDevice, init, jit, nn, numpy } = await import('@jax-js/jax');
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU device.');
  defaultDevice('webgpu');
  type Tensor = ReturnType<typeof numpy.array>;
  return {
    label: `jax-js ${version}`,
    prepare(given) {
      const task = taskOf(given);
      if (!task) return Promise.resolve(undefined);
      const { scale } = given.scalars;
      // Its attention wants [batch, tokens, heads, channels]: our heads are its batch.
      const shaped = (shape: readonly number[]): number[] => (task.output === 'o' ? [shape[0], shape[1], 1, shape[2]] : [...shape]);
      const tensors = task.operands.map(({ data, shape }) => numpy.array(data, { shape: shaped(shape) }));
      // `.ref` keeps an operand alive: an operation consumes its arguments.
      const functions = {
        c: jit((a: Tensor, b: Tensor) => numpy.matmul(a, b)),
        o: jit((q: Tensor, k: Tensor, v: Tensor) => nn.dotProductAttention(q, k, v, { scale })),
        labels: jit((x: Tensor, c: Tensor) => {
          const squares = numpy.expandDims(numpy.sum(numpy.square(c.ref), -1), 1);
          return numpy.argmin(squares.sub(numpy.matmul(x, numpy.matrixTranspose(c)).mul(2)), -1);
        }),
      };
      const jitted = functions[task.output] as (...operands: Tensor[]) => Tensor;
      const run = (): Tensor => jitted(...tensors.map((tensor) => tensor.ref));
      return Promise.resolve({
        compute: async () => typed(task.output, (await run().data()) as ArrayLike<number>),
        async batch(inner) {
          const outputs = Array.from({ length: inner }, run);
          await blockUntilReady(outputs);
          await getWebGPUDevice().queue.onSubmittedWorkDone();
          for (const output of outputs) output.dispose();
        },
        dispose: () => { for (const tensor of tensors) tensor.dispose(); },
      });
    },
  };
}
