/** Libraries that multiply matrices on WebGPU, each as its own documentation says to use it. Page only. */

import { loadTfjs } from '../crosscheck/tfjs';
import type { Rival } from './contenders';

const isFloat = (data: unknown): data is Float32Array<ArrayBuffer> => data instanceof Float32Array;

/** TensorFlow.js, matMul on the WebGPU backend. */
export async function tfjsRival(): Promise<Rival> {
  const tf = await loadTfjs();
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error(`TensorFlow.js has no WebGPU backend here, only ${tf.getBackend()}.`);
  return {
    label: `TensorFlow.js ${tf.version.tfjs}`,
    prepare({ kernel, dims: { M, N, K }, inputs }) {
      if (kernel.name !== 'matmul' || !isFloat(inputs.a) || !isFloat(inputs.b)) return Promise.resolve(undefined);
      const [a, b] = [tf.tensor2d(inputs.a, [M, K]), tf.tensor2d(inputs.b, [K, N])];
      return Promise.resolve({
        async compute() {
          const product = tf.matMul(a, b);
          const c = Float32Array.from(await product.data());
          product.dispose();
          return { c };
        },
        async batch(inner) {
          for (let i = 0; i < inner; i++) tf.matMul(a, b).dispose();
          // A submission with the pass still open is an invalid one, and would time nothing.
          backend.endComputePassEncoder();
          backend.submitQueue();
          await backend.queue.onSubmittedWorkDone();
        },
        dispose: () => tf.dispose([a, b]),
      });
    },
  };
}

/**
 * jax-js, a jitted numpy.matmul on its WebGPU backend.
 * @param version of the package, which it does not tell itself
 */
export async function jaxRival(version: string): Promise<Rival> {
  const { blockUntilReady, defaultDevice, getWebGPUDevice, init, jit, numpy } = await import('@jax-js/jax');
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU device.');
  defaultDevice('webgpu');
  const product = jit(numpy.matmul);
  return {
    label: `jax-js ${version}`,
    prepare({ kernel, dims: { M, N, K }, inputs }) {
      if (kernel.name !== 'matmul' || !isFloat(inputs.a) || !isFloat(inputs.b)) return Promise.resolve(undefined);
      const a = numpy.array(inputs.a, { shape: [M, K] });
      const b = numpy.array(inputs.b, { shape: [K, N] });
      return Promise.resolve({
        // `.ref` keeps an operand alive: an operation consumes its arguments.
        compute: async () => ({ c: Float32Array.from((await product(a.ref, b.ref).data()) as ArrayLike<number>) }),
        async batch(inner) {
          const outputs = Array.from({ length: inner }, () => product(a.ref, b.ref));
          await blockUntilReady(outputs);
          await getWebGPUDevice().queue.onSubmittedWorkDone();
          for (const output of outputs) output.dispose();
        },
        dispose() {
          a.dispose();
          b.dispose();
        },
      });
    },
  };
}
