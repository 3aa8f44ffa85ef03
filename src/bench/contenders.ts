/** Who takes part in the race for one kernel. */

import type { AnyKernel, Data, Dims, Kernel, Scalars } from '../../kernels/define';
import { evalShape } from '../../kernels/shape';
import type { Engine, Timing } from '../engine/engine';
import { wallSampler, type Racer } from './race';
import type { BenchRow, Clock } from './report';

export interface Operands {
  readonly kernel: AnyKernel;
  readonly dims: Dims;
  readonly scalars: Scalars;
  readonly inputs: Readonly<Record<string, Data>>;
}

/** A library that computes the same, on its own device. */
export interface Rival {
  readonly label: string;
  /** Undefined when it has no counterpart of this kernel. */
  readonly prepare: (operands: Operands) => Promise<RivalOperation | undefined>;
}

export interface RivalOperation {
  /** The outputs, for the check. */
  readonly compute: () => Promise<Record<string, Data>>;
  /** Enqueues `inner` operations and resolves when the device has done them. */
  readonly batch: (inner: number) => Promise<void>;
  readonly dispose: () => void;
}

export interface Contender extends Racer {
  readonly label: string;
  readonly kind: BenchRow['kind'];
  readonly clock: () => Clock;
  readonly compute: () => Promise<Record<string, Data>>;
  readonly dispose?: () => void;
}

/** Seconds that a batch of the queue clock lasts at least. */
const BATCH = 0.1;

/** Ours on the engine's clock, the rivals and ours on the queue's clock, and the oracle. */
export async function contendersOf(engine: Engine, operands: Operands, rivals: readonly Rival[]): Promise<Contender[]> {
  const variants = engine.variantsFor(operands.kernel, operands.dims);
  const others: Contender[] = [];
  for (const { label, prepare } of rivals) {
    const operation = await prepare(operands).catch(failing);
    if (!operation) continue;
    others.push({ label, kind: 'rival', clock: () => 'queue', compute: operation.compute, sample: wallSampler(operation.batch, BATCH), dispose: operation.dispose });
  }
  return [
    ...variants.map((variant) => variantContender(engine, operands, variant)),
    ...others,
    ...(others.length > 0 ? variants.map((variant) => queueContender(engine, operands, variant)) : []),
    referenceContender(operands),
  ];
}

function variantContender(engine: Engine, { kernel, inputs, dims, scalars }: Operands, variant: string): Contender {
  let method: Timing['method'] = 'wall';
  return {
    label: variant,
    kind: 'variant',
    clock: () => method,
    compute: () => engine.runOnce(kernel, inputs, dims, { variant, scalars }),
    async sample() {
      const timing = await engine.measure(kernel, inputs, dims, { variant, scalars, budget: 0.05 });
      ({ method } = timing);
      return timing.median;
    },
  };
}

/** The same variant on the rivals' clock: launches recorded one after another, then one wait for the device. */
function queueContender(engine: Engine, { kernel, inputs, dims, scalars }: Operands, variant: string): Contender {
  const scope = engine.scope();
  const uploaded = Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, scope.upload(data, shapeOf(kernel, name, dims))]));
  const precise = kernel as unknown as Kernel; // the same object, under the contract's other type
  const mark = scope.upload(new Float32Array(1), [1]);
  return {
    label: `${variant} (queue)`,
    kind: 'variant',
    clock: () => 'queue',
    compute: () => engine.runOnce(kernel, inputs, dims, { variant, scalars }),
    sample: wallSampler(async (inner) => {
      for (let i = 0; i < inner; i++) {
        const outputs = scope.run(precise, uploaded, { dims, scalars, variant });
        for (const output of Object.values(outputs)) scope.free(output);
      }
      await scope.read(mark); // four bytes, behind everything recorded
    }, BATCH),
    dispose: () => scope.dispose(),
  };
}

const shapeOf = (kernel: AnyKernel, input: string, dims: Dims): number[] => evalShape(kernel.inputSpecs[input], dims);

function referenceContender({ kernel, inputs, dims, scalars }: Operands): Contender {
  const run = (): Record<string, Data> => kernel.reference({ ...inputs }, dims, scalars);
  return {
    label: 'reference, TypeScript',
    kind: 'reference',
    clock: () => 'cpu',
    compute: () => Promise.resolve(run()),
    sample: wallSampler(async (inner) => {
      for (let i = 0; i < inner; i++) run();
    }, 0.02),
  };
}

/** Stands in for a rival that could not be set up, so that its row says why. */
function failing(error: unknown): RivalOperation {
  const fail = async (): Promise<never> => {
    throw error instanceof Error ? error : new Error(String(error));
  };
  return { compute: fail, batch: fail, dispose: () => {} };
}
