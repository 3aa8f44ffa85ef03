/** TensorFlow.js on its WebGPU backend. */

import type { Tensor } from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { loadTfjs } from '../../crosscheck/tfjs';
import type { Data } from '../../../kernels/define';
import type { Task } from '../tasks';
import { FIRST_PRODUCT, Stopwatch, firstTask, type Rival, type RivalOperation } from './rival';

type Tf = Awaited<ReturnType<typeof loadTfjs>>;

export async function open(): Promise<Rival> {
  const watch = new Stopwatch();
  const { WebGPUBackend: Backend } = await watch.step('import', async () => {
    const [, webgpu] = await Promise.all([import('@tensorflow/tfjs'), import('@tensorflow/tfjs-backend-webgpu')]);
    return webgpu;
  });
  const tf = await watch.step('backend', loadTfjs);
  const backend = tf.backend();
  if (!(backend instanceof Backend)) throw new Error(`TensorFlow.js has no WebGPU backend here, only ${tf.getBackend()}.`);
  if (tf.env().getBool('WEBGPU_CPU_FORWARD')) throw new Error('TensorFlow.js forwards small operations to the CPU.');
  const label = `TensorFlow.js ${tf.version.tfjs}`;
  const prepare = async (task: Task): Promise<readonly RivalOperation[]> => {
    const run = runnerOf(tf, task);
    return run ? [operationOf(tf, backend, label, task, run)] : [];
  };
  await watch.step('first product', async () => {
    const [first] = await prepare(firstTask());
    await first.compute();
    first.dispose();
  });
  return {
    id: 'tfjs', label, prepare,
    cold: watch.row(label, 'rival', FIRST_PRODUCT),
    assertions: [`backend ${tf.getBackend()}, WEBGPU_CPU_FORWARD off, every checked result in a buffer of the GPU, no CPU backend opened`],
    dispose: () => tf.disposeVariables(),
  };
}

interface Runner {
  readonly run: () => Tensor;
  readonly operands: readonly Tensor[];
}

function runnerOf(tf: Tf, task: Task): Runner | undefined {
  if (task.kind === 'matmul') {
    const [a, b] = [tf.tensor2d(task.a, [task.M, task.K]), tf.tensor2d(task.b, [task.K, task.N])];
    return { operands: [a, b], run: () => tf.matMul(a, b) };
  }
  if (task.kind === 'attention') {
    const { H, N, M, D, scale } = task;
    const [q, k, v] = [tf.tensor3d(task.q, [H, N, D]), tf.tensor3d(task.k, [H, M, D]), tf.tensor3d(task.v, [H, M, D])];
    return { operands: [q, k, v], run: () => tf.tidy(() => tf.matMul(tf.softmax(tf.mul(tf.matMul(q, k, false, true), scale)), v)) };
  }
  if (task.kind === 'kmeans') {
    const { H, N, C, D } = task;
    const [x, c] = [tf.tensor3d(task.x, [H, N, D]), tf.tensor3d(task.c, [H, C, D])];
    // |x|² is the same for every centroid.
    const squares = (): Tensor => tf.expandDims(tf.sum(tf.square(c), -1), 1);
    return { operands: [x, c], run: () => tf.tidy(() => tf.argMin(tf.sub(squares(), tf.mul(tf.matMul(x, c, false, true), 2)), -1)) };
  }
  return undefined;
}

function operationOf(tf: Tf, backend: WebGPUBackend, label: string, task: Task, { run, operands }: Runner): RivalOperation {
  return {
    label, way: '',
    async compute(): Promise<Data> {
      const result = run();
      // What was computed on the CPU has values, and no buffer.
      const onDevice = backend.tensorMap.get(result.dataId)?.resource !== undefined;
      const data = await result.data();
      result.dispose();
      if (!onDevice || cpuOpened(tf)) throw new Error('TensorFlow.js computed it on the CPU.');
      return task.kind === 'kmeans' ? Uint32Array.from(data) : Float32Array.from(data);
    },
    async batch(inner) {
      for (let i = 0; i < inner; i++) run().dispose();
      // A submission with the pass still open is an invalid one, and would time nothing.
      backend.endComputePassEncoder();
      backend.submitQueue();
      await backend.queue.onSubmittedWorkDone();
    },
    dispose: () => tf.dispose([...operands]),
  };
}

/** An operation that is forwarded opens the CPU backend first. */
const cpuOpened = (tf: Tf): boolean => 'cpu' in tf.engine().registry;
