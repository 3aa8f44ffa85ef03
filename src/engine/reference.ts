/** The reference engine: every kernel is its own TypeScript oracle (float32 storage, float64 sums). */

import { type AnyKernel, type Data, type Kernel, type Signature } from '../../kernels/define';
import { bindDims, evalShape } from '../../kernels/shape';
import { newLedger, type Counters, type Ledger } from './counters';
import { EngineError, type Ceilings, type DeviceInfo, type Engine, type KernelRecord, type MeasureOptions, type RunOptions, type Scope, type Tensor, type TensorsOf, type Timing } from './engine';
import { checkShape, dtypeOf } from './tensors';
import { timeWall } from './timing';

interface HostTensor extends Tensor {
  data: Data | undefined;
}

let nextId = 1;

class ReferenceScope implements Scope {
  readonly records: KernelRecord[] = [];
  private readonly owned = new Set<HostTensor>();
  private readonly held = new Set<HostTensor>();

  constructor(readonly engine: Engine, private readonly ledger: Ledger) {}

  private own(data: Data, shape: readonly number[]): HostTensor {
    const tensor = { id: nextId++, dtype: dtypeOf(data), shape: [...shape], size: data.length, data };
    this.owned.add(tensor);
    this.ledger.buffers++;
    this.ledger.heldBytes += data.byteLength;
    return tensor;
  }

  upload(data: Data, shape: readonly number[]): Tensor {
    checkShape(data, shape);
    this.ledger.uploads++;
    this.ledger.uploadedBytes += data.byteLength;
    return this.own(data.slice(), shape);
  }

  /** The array itself: nothing is copied. */
  hold(data: Data, shape: readonly number[]): Tensor {
    checkShape(data, shape);
    const tensor: HostTensor = { id: nextId++, dtype: dtypeOf(data), shape: [...shape], size: data.length, data };
    this.held.add(tensor);
    return tensor;
  }

  run<I extends Signature, O extends Signature>(kernel: Kernel<I, O>, inputs: TensorsOf<I>, options: RunOptions = {}): TensorsOf<O> {
    const dims = bindDims(kernel.name, kernel.inputSpecs, inputs, options.dims);
    const data = Object.fromEntries(Object.entries<Tensor>(inputs).map(([name, t]) => [name, hostData(t)]));
    const outputs = (kernel as unknown as AnyKernel).reference(data, dims, options.scalars ?? {});
    this.ledger.launches++;
    this.records.push({ kernel: kernel.name, variant: 'reference', dims, ...kernel.cost(dims) });
    return Object.fromEntries(
      Object.entries(kernel.outputSpecs).map(([name, spec]) => [name, this.own(outputs[name], evalShape(spec, dims))]),
    ) as unknown as TensorsOf<O>;
  }

  read = async (tensor: Tensor): Promise<Data> => (await this.readAll([tensor]))[0];

  async readF32(tensor: Tensor): Promise<Float32Array> {
    if (tensor.dtype !== 'f32') throw new EngineError('internal', `The tensor holds ${tensor.dtype}, not f32.`, 'Use read.');
    return (await this.read(tensor)) as Float32Array;
  }

  readAll = async (tensors: readonly Tensor[]): Promise<Data[]> => {
    const copies = tensors.map((tensor) => hostData(tensor).slice());
    this.ledger.submissions++;
    this.ledger.readbacks += copies.length;
    this.ledger.readBytes += copies.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return copies;
  };

  free(tensor: Tensor): void {
    const host = tensor as HostTensor;
    if (this.owned.delete(host)) this.ledger.heldBytes -= host.data?.byteLength ?? 0;
    this.held.delete(host);
    host.data = undefined;
  }

  dispose(): void {
    for (const tensor of [...this.owned, ...this.held]) this.free(tensor);
  }
}

function hostData(tensor: Tensor): Data {
  const { data } = tensor as HostTensor;
  if (!data) throw new EngineError('internal', `Tensor ${tensor.id} was used after its scope was disposed.`, 'Read it before the scope ends.');
  return data;
}

export class ReferenceEngine implements Engine {
  readonly kind = 'reference';
  readonly device: DeviceInfo = {
    engine: 'reference', label: 'float64, CPU', vendor: '', architecture: 'cpu', software: false, features: [], limits: {},
  };
  readonly lost = new Promise<EngineError>(() => {});
  private readonly ledger = newLedger();

  get counters(): Counters {
    return { ...this.ledger };
  }

  scope(): Scope {
    return new ReferenceScope(this, this.ledger);
  }

  async measure(kernel: AnyKernel, inputs: Readonly<Record<string, Data>>, dims: MeasureDims, options: MeasureOptions = {}): Promise<Timing> {
    const timing = await timeWall(() => { kernel.reference({ ...inputs }, dims, options.scalars ?? {}); }, options);
    return { ...timing, variant: 'reference' };
  }

  runOnce(kernel: AnyKernel, inputs: Readonly<Record<string, Data>>, dims: MeasureDims, options: RunOptions = {}): Promise<Record<string, Data>> {
    return Promise.resolve(kernel.reference({ ...inputs }, dims, options.scalars ?? {}));
  }

  variantsFor = (): readonly string[] => ['reference'];

  /** Of this engine: a plain copy and a plain multiply-add loop in JavaScript. */
  async ceilings(): Promise<Ceilings> {
    const count = 1 << 20;
    const [from, to] = [new Float32Array(count).fill(1), new Float32Array(count)];
    const copy = await timeWall(() => { to.set(from); });
    const steps = 1 << 18;
    let sink = 0;
    const fma = await timeWall(() => {
      let [a, b, c, d] = [1, 1, 1, 1];
      for (let i = 0; i < steps; i++) {
        a = a * 0.5 + 0.25; b = b * 0.5 + 0.25; c = c * 0.5 + 0.25; d = d * 0.5 + 0.25;
      }
      sink += a + b + c + d;
    });
    if (Number.isNaN(sink)) throw new Error('unreachable');
    return {
      copy: { bytesPerSecond: (8 * count) / copy.median, timing: copy },
      fma: { flopsPerSecond: (8 * steps) / fma.median, timing: fma },
    };
  }

  dispose(): void {}
}

type MeasureDims = Parameters<Engine['measure']>[2];
