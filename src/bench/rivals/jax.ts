/** jax-js, jitted, on its WebGPU backend. */

import type * as JaxJs from '@jax-js/jax';
import { version } from '../../../node_modules/@jax-js/jax/package.json';
import type { Data } from '../../../kernels/define';
import type { Task } from '../tasks';
import { FIRST_PRODUCT, Stopwatch, firstTask, type Rival, type RivalOperation } from './rival';

type Jax = typeof JaxJs;
type Tensor = ReturnType<Jax['numpy']['array']>;

export async function open(): Promise<Rival> {
  const watch = new Stopwatch();
  const jax = await watch.step('import', () => import('@jax-js/jax'));
  await watch.step('backend', async () => {
    if (!(await jax.init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU device.');
    jax.defaultDevice('webgpu');
  });
  const label = `jax-js ${version}`;
  const prepare = async (task: Task): Promise<readonly RivalOperation[]> => {
    const runner = runnerOf(jax, task);
    return runner ? [operationOf(jax, label, task, runner)] : [];
  };
  await watch.step('first product', async () => {
    const [first] = await prepare(firstTask());
    await first.compute();
    first.dispose();
  });
  return {
    id: 'jax', label, prepare, cold: watch.row(label, 'rival', FIRST_PRODUCT), assertions: ['every checked result on the device webgpu'], dispose: () => {},
  };
}

interface Runner {
  readonly operands: readonly Tensor[];
  readonly run: () => Tensor;
}

function runnerOf({ jit, nn, numpy }: Jax, task: Task): Runner | undefined {
  // `.ref` keeps an operand alive: an operation consumes its arguments.
  const runner = (operands: readonly Tensor[], jitted: (...operands: Tensor[]) => Tensor): Runner =>
    ({ operands, run: () => jitted(...operands.map((operand) => operand.ref)) });
  if (task.kind === 'matmul') {
    const { M, N, K } = task;
    const operands = [numpy.array(task.a, { shape: [M, K] }), numpy.array(task.b, { shape: [K, N] })];
    return runner(operands, jit((a: Tensor, b: Tensor) => numpy.matmul(a, b)));
  }
  if (task.kind === 'attention') {
    const { H, N, M, D, scale } = task;
    // It wants [batch, tokens, heads, channels]: our heads are its batch.
    const operands = [numpy.array(task.q, { shape: [H, N, 1, D] }), numpy.array(task.k, { shape: [H, M, 1, D] }), numpy.array(task.v, { shape: [H, M, 1, D] })];
    return runner(operands, jit((q: Tensor, k: Tensor, v: Tensor) => nn.dotProductAttention(q, k, v, { scale })));
  }
  if (task.kind === 'kmeans') {
    const { H, N, C, D } = task;
    const operands = [numpy.array(task.x, { shape: [H, N, D] }), numpy.array(task.c, { shape: [H, C, D] })];
    return runner(operands, jit((x: Tensor, c: Tensor) => {
      const squares = numpy.expandDims(numpy.sum(numpy.square(c.ref), -1), 1);
      return numpy.argmin(squares.sub(numpy.matmul(x, numpy.matrixTranspose(c)).mul(2)), -1);
    }));
  }
  return undefined;
}

function operationOf({ blockUntilReady, getWebGPUDevice }: Jax, label: string, task: Task, { run, operands }: Runner): RivalOperation {
  return {
    label, way: '',
    async compute(): Promise<Data> {
      const result = run();
      if (result.device !== 'webgpu') throw new Error(`jax-js computed it on ${result.device}.`);
      const data = (await result.data()) as ArrayLike<number>;
      return task.kind === 'kmeans' ? Uint32Array.from(data) : Float32Array.from(data);
    },
    async batch(inner) {
      const outputs = Array.from({ length: inner }, run);
      await blockUntilReady(outputs);
      await getWebGPUDevice().queue.onSubmittedWorkDone();
      for (const output of outputs) output.dispose();
    },
    dispose: () => { for (const operand of operands) operand.dispose(); },
  };
}
