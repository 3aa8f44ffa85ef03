/** The frame of every experiment: patches handed on with the claims that hold so far, then the phases that are wanted. */

import { mergeRun, type Claim, type Run, type RunPatch } from '../run/run';
import type { ExperimentContext, Phase } from './contract';

type Patches = AsyncGenerator<RunPatch, void, void>;

export interface Teller {
  /** All that was told so far. */
  run(): Partial<Run>;
  /** Hands a patch on, with the claims of the whole run; then lets waiting messages in. */
  tell(patch: RunPatch): Patches;
  /** Each wanted phase in this order, patch by patch. */
  phases(list: readonly (readonly [Phase, () => AsyncIterable<RunPatch>])[]): Patches;
}

export function teller(ctx: ExperimentContext, claimsOf: (run: Partial<Run>) => readonly Claim[]): Teller {
  let run: Partial<Run> = {};
  async function* tell(patch: RunPatch): Patches {
    run = mergeRun(run, patch);
    const claims = claimsOf(run);
    run = { ...run, claims };
    yield { ...patch, claims, stageTimes: ctx.memo.takeTimes() };
    await ctx.pause();
  }
  async function* phases(list: readonly (readonly [Phase, () => AsyncIterable<RunPatch>])[]): Patches {
    for (const [phase, patches] of list) {
      if (!ctx.want.has(phase)) continue;
      for await (const patch of patches()) yield* tell(patch);
    }
  }
  return { run: () => run, tell, phases };
}
