/** What a paper folder exports. `paper.ts` runs in the worker and on the command line; `lab.tsx` is the page's. */

import type { AnyKernel } from '../../kernels/define';
import type { Engine } from '../engine/engine';
import type { Matrix } from '../inputs/matrix';
import type { Memo } from '../run/memo';
import type { Params, RunPatch } from '../run/run';
import type { Schema } from '../run/schema';

export type { Matrix } from '../inputs/matrix';

export interface ExperimentContext {
  readonly engine: Engine;
  readonly memo: Memo;
  readonly params: Params;
  /** Files given by the user in place of the toy ('weights', 'activations'). */
  readonly files: Readonly<Record<string, Matrix>>;
  /** Aborted when a newer run waits: check it between stages (`await ctx.pause()` throws then). */
  readonly signal: AbortSignal;
  /** Lets waiting messages in, then throws AbortError if the run is stale. */
  pause(): Promise<void>;
  /** Which of the later phases are wanted; the core comes always. */
  readonly want: ReadonlySet<Phase>;
}

/** core: the strip and the headline. methods: every baseline. refine: iterated and GPTQ. sweeps, landscape, timing: the charts below. */
export type Phase = 'methods' | 'refine' | 'sweeps' | 'landscape' | 'timing';

export interface Paper {
  readonly id: string;
  readonly schema: Schema;
  /** Names of the file inputs it can take. */
  readonly fileInputs: readonly string[];
  /** Compiled ahead of their first use, in parallel, when the lab opens. */
  readonly kernels?: readonly AnyKernel[];
  readonly experiment: (ctx: ExperimentContext) => AsyncGenerator<RunPatch, void, void>;
}
