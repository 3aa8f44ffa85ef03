/** Times the candidates of a kernel against each other, on numbers like those of its own case table. */

import type { AnyKernel, Data, Dims, Scalars, Variant } from '../../../kernels/define';
import { sampleInputs } from '../cases';
import type { Candidate } from '../choices';
import { EngineError, type Tensor } from '../engine';
import type { PipelineCache } from './pipelines';
import type { Encode, GpuTimer } from './timer';

/** Interleaved, so that a clock that changes its pace changes it for all. */
const ROUNDS = 5;

/** What a contest needs of a scope, which itself knows the chooser and with it the contest. */
interface Ground {
  upload(data: Data, shape: readonly number[]): Tensor;
  prepare(kernel: AnyKernel, named: Readonly<Record<string, Tensor>>, options: { readonly dims: Dims; readonly scalars: Scalars; readonly variant: string }): Promise<{ readonly encode: Encode }>;
  dispose(): void;
}

export class Contest {
  constructor(private readonly newScope: () => Ground, private readonly pipelines: PipelineCache, private readonly timer: GpuTimer) {}

  /**
   * @param able the variants to time; one that does not compile here is left out
   * @returns their times, in the same order
   * @throws EngineError where none compiles, or the kernel has no case that could be made this large
   */
  async run(kernel: AnyKernel, dims: Dims, able: readonly Variant[], signal?: AbortSignal): Promise<Candidate[]> {
    await Promise.allSettled(able.map((variant) => this.pipelines.get(kernel, variant))); // all compile at once
    const { inputs, scalars } = sampleInputs(kernel, dims);
    const scope = this.newScope();
    try {
      const tensors: Record<string, Tensor> = {};
      for (const [name, { data, shape }] of Object.entries(inputs)) tensors[name] = scope.upload(data, shape);
      const entrants: { id: string; encode: Encode }[] = [];
      let refused: EngineError | undefined;
      for (const { id } of able) {
        try {
          entrants.push({ id, encode: (await scope.prepare(kernel, tensors, { dims, scalars, variant: id })).encode });
        } catch (error) {
          if (!(error instanceof EngineError) || error.code === 'device-lost') throw error;
          refused ??= error;
        }
      }
      if (!entrants.length) throw refused ?? new EngineError('internal', `${kernel.name} has nothing to time.`, 'Use another size.');
      const times = await this.timer.race(entrants.map(({ encode }) => encode), { rounds: ROUNDS, budget: 0.05, signal });
      return entrants.map(({ id }, i) => ({ id, median: times[i].median, min: times[i].min ?? times[i].median }));
    } finally {
      scope.dispose();
    }
  }
}
