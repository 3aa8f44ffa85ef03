/** Our side of a contest: one kernel, or several launched one after the other. */

import type { AnyKernel, Data, Dims, Kernel, Scalars } from '../../kernels/define';
import type { Engine, KernelRecord, Scope, Tensor } from '../engine/engine';
import type { Verdict } from './tasks';

export interface Own {
  /** 'plain', 'fused', …: what targets call it. */
  readonly id: string;
  /** 'quantize_int4 + w4a4_matmul' */
  readonly kernels: string;
  readonly dims: Dims;
  /** FLOPs that the work needs, whoever does it. */
  readonly flops: number;
  /** Brings the inputs to the device. @returns what records one operation */
  readonly prepare: (scope: Scope) => () => Launched;
  /** @param output what the operation gave */
  readonly judge: (output: Data) => Verdict;
}

export interface Launched {
  readonly output: Tensor;
  readonly others: readonly Tensor[];
}

/** What one operation of ours asks of the machine. */
export interface Traffic {
  /** By the engine's counters. */
  readonly dispatches: number;
  /** By the kernels' cost model: each tensor once each way. */
  readonly bytes: number;
  readonly flops: number;
  /** 'register', or those of a sequence: 'thread + unpack'. */
  readonly variant: string;
}

export interface OpenedOwn {
  readonly compute: () => Promise<Data>;
  readonly batch: (inner: number) => Promise<void>;
  /** Known after the first `compute`. */
  readonly traffic: () => Traffic;
  readonly dispose: () => void;
}

export function openOwn(engine: Engine, own: Own): OpenedOwn {
  const scope = engine.scope();
  const launch = own.prepare(scope);
  const mark = scope.upload(new Float32Array(1), [1]);
  let records: readonly KernelRecord[] = [];
  let dispatches = 0;
  const release = ({ output, others }: Launched): void => { for (const tensor of [output, ...others]) scope.free(tensor); };
  return {
    async compute() {
      const [before, counted] = [scope.records.length, engine.counters.launches];
      const launched = launch();
      const data = await scope.read(launched.output);
      records = scope.records.slice(before);
      dispatches = engine.counters.launches - counted;
      release(launched);
      return data;
    },
    async batch(inner) {
      for (let i = 0; i < inner; i++) release(launch());
      await scope.read(mark); // four bytes, behind everything recorded
    },
    traffic: () => ({
      dispatches,
      bytes: records.reduce((sum, record) => sum + record.bytes, 0),
      flops: records.reduce((sum, record) => sum + record.flops, 0),
      variant: records.map(({ variant }) => variant).join(' + '),
    }),
    dispose: () => scope.dispose(),
  };
}

/** One kernel, by its main output. */
export function ownKernel(id: string, given: { kernel: AnyKernel; dims: Dims; scalars?: Scalars; variant?: string; flops?: number }, inputs: Readonly<Record<string, { data: Data; shape: readonly number[] }>>, judge: Own['judge']): Own {
  const { kernel, dims, scalars, variant } = given;
  const precise = kernel as unknown as Kernel; // the same object, under the contract's other type
  return {
    id, kernels: kernel.name, dims, judge, flops: given.flops ?? kernel.cost(dims).flops,
    prepare(scope) {
      const uploaded = Object.fromEntries(Object.entries(inputs).map(([name, { data, shape }]) => [name, scope.upload(data, shape)]));
      return () => {
        const [output, ...others] = Object.values(scope.run(precise, uploaded, { dims, scalars, variant }));
        return { output, others };
      };
    },
  };
}
