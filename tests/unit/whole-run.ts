/** A lab run as the page runs it, with everything counted that it asks of the engine. */

import type { AnyKernel } from '../../kernels/define';
import { countersSince, type Counters } from '../../src/engine/counters';
import type { Engine, Scope, Timing } from '../../src/engine/engine';
import type { Paper, Phase } from '../../src/papers/contract';
import { Memo } from '../../src/run/memo';
import type { ParamValue, Params } from '../../src/run/run';
import { defaultsOf } from '../../src/run/schema';

const TIMING: Timing = { median: 1e-6, low: 1e-6, high: 1e-6, samples: 3, repeats: 1, method: 'wall', resolution: 1e-9, variant: 'reference' };

export const ALL: readonly Phase[] = ['methods', 'refine', 'sweeps', 'landscape', 'timing'];

/** What one run did. */
export interface Done {
  readonly counters: Counters;
  /** Names of the kernels that were launched. */
  readonly kernels: ReadonlySet<string>;
  /** Stages that were computed, not recalled. */
  readonly stages: ReadonlySet<string>;
  /** Launches that were timed. */
  readonly timed: number;
}

class TellingMemo extends Memo {
  readonly computed = new Set<string>();

  override get<T>(stage: string, deps: readonly unknown[], compute: () => Promise<T> | T): Promise<T> {
    return super.get(stage, deps, () => {
      this.computed.add(stage);
      return compute();
    });
  }
}

/** One lab on one engine, with its memory, from run to run. */
export class Watched {
  readonly memo = new TellingMemo();
  private readonly launched = new Set<string>();
  private timed = 0;

  constructor(private readonly engine: Engine, private readonly paper: Paper, private readonly base: Readonly<Record<string, ParamValue>>) {
    const scopeOf = engine.scope.bind(engine);
    engine.scope = (): Scope => {
      const scope = scopeOf();
      const run = scope.run.bind(scope) as (kernel: AnyKernel, ...rest: readonly unknown[]) => never;
      scope.run = (kernel, ...rest) => {
        this.launched.add(kernel.name);
        return run(kernel as unknown as AnyKernel, ...rest);
      };
      return scope;
    };
    // How long a kernel takes is not what these tests ask.
    engine.measure = () => {
      this.timed++;
      return Promise.resolve(TIMING);
    };
  }

  /** @param want phases after the core; 'strip': the first patch alone */
  async run(change: Readonly<Record<string, ParamValue>> = {}, want: readonly Phase[] | 'strip' = []): Promise<Done> {
    const { engine, paper, memo } = this;
    this.launched.clear();
    memo.computed.clear();
    this.timed = 0;
    const before = engine.counters;
    const params: Params = { ...defaultsOf(paper.schema), ...this.base, ...change };
    const context = { engine, memo, params, files: {}, signal: new AbortController().signal, pause: () => Promise.resolve(), want: new Set(want === 'strip' ? [] : want) };
    for await (const patch of paper.experiment(context)) if (patch.stages && want === 'strip') break;
    return { counters: countersSince(before, engine.counters), kernels: new Set(this.launched), stages: new Set(memo.computed), timed: this.timed };
  }
}
