/** ONNX Runtime Web on its WebGPU execution provider: inputs and outputs stay in buffers of the GPU. */

import type * as OnnxRuntime from 'onnxruntime-web/webgpu';
import type { InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { BOUNDS, OUTPUT, type Task } from '../tasks';
import { encodeModel } from './onnx';
import { modelsOf, type Model } from './ort-models';
import { FIRST_PRODUCT, Stopwatch, firstTask, type Rival, type RivalOperation } from './rival';

type Ort = typeof OnnxRuntime;

/** STORAGE | COPY_SRC | COPY_DST */
const USAGE = 0x80 | 0x4 | 0x8;

export async function open(): Promise<Rival> {
  const watch = new Stopwatch();
  const ort = await watch.step('import', () => import('onnxruntime-web/webgpu'));
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const label = `ONNX Runtime Web ${ort.env.versions.web ?? ort.env.versions.common}`;
  const prepare = async (task: Task): Promise<readonly RivalOperation[]> => {
    const operations: RivalOperation[] = [];
    for (const model of modelsOf(task)) operations.push(await operationOf(ort, label, task, model));
    return operations;
  };
  // The library makes its device with its first session.
  const [model] = modelsOf(firstTask());
  const first = await watch.step('session', () => operationOf(ort, label, firstTask(), model));
  await watch.step('first product', () => first.compute());
  first.dispose();
  return {
    id: 'ort', label, prepare, cold: watch.row(label, 'rival', FIRST_PRODUCT),
    assertions: ['execution provider WebGPU with fallback to the CPU disabled, inputs and outputs in buffers of the GPU'],
    dispose: () => {},
  };
}

async function operationOf(ort: Ort, label: string, task: Task, { way, graph, feeds, int8 }: Model): Promise<RivalOperation> {
  const session = await ort.InferenceSession.create(encodeModel(graph), {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
    // Creating the session fails where a node would run on the CPU.
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  const device = await ort.env.webgpu.device;
  const buffers: GPUBuffer[] = [];
  const place = (dims: readonly number[], data?: Float32Array<ArrayBuffer>): Tensor => {
    const size = 16 * Math.ceil(dims.reduce((product, n) => product * n, 1) / 4);
    const buffer = device.createBuffer({ size, usage: USAGE });
    buffers.push(buffer);
    if (data) device.queue.writeBuffer(buffer, 0, data);
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims });
  };
  const inputs: InferenceSession.FeedsType = Object.fromEntries(Object.entries(graph.inputs).map(([name, dims]) => [name, place(dims, feeds[name])]));
  const [name] = Object.keys(graph.outputs);
  const outputs = { [name]: place(graph.outputs[name]) };
  return {
    label: way ? `${label} ${way}` : label,
    way,
    ...(int8 && { bound: BOUNDS.int8 }),
    async compute() {
      await session.run(inputs, outputs);
      const length = graph.outputs[name].reduce((product, n) => product * n, 1);
      return readBack(device, outputs[name].gpuBuffer as GPUBuffer, length, OUTPUT[task.kind]);
    },
    async batch(inner) {
      for (let i = 0; i < inner; i++) await session.run(inputs, outputs);
      await device.queue.onSubmittedWorkDone();
    },
    dispose() {
      for (const buffer of buffers) buffer.destroy();
      void session.release();
    },
  };
}

async function readBack(device: GPUDevice, from: GPUBuffer, length: number, what: string): Promise<Float32Array> {
  const staging = device.createBuffer({ label: what, size: 4 * length, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(from, 0, staging, 0, 4 * length);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const data = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return data;
}
