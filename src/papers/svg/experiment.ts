/** One run of the lab: the chosen head in one patch, then the layer, the charts and the timings as they come. */

import { version } from '../../../package.json';
import type { Notice, RunPatch } from '../../run/run';
import { toQuery } from '../../run/schema';
import type { ExperimentContext } from '../contract';
import { teller } from '../phases';
import { claimsOf } from './claims';
import { makeCore, type Core } from './core';
import { makeProblem, type Problem } from './inputs';
import { layerOf } from './layer';
import { schema, typed, type SvgParams } from './params';
import { sweeps } from './sweeps';
import { timeline } from './timeline';
import { timings } from './timings';

export async function* experiment(ctx: ExperimentContext): AsyncGenerator<RunPatch, void, void> {
  const { tell, phases } = teller(ctx, claimsOf);
  const params = typed(ctx.params);
  const frame = { engine: ctx.engine, memo: ctx.memo, pause: ctx.pause };
  const problem = await makeProblem(frame, params, ctx.files);
  const core = await makeCore(problem, params);
  yield* tell({
    kernels: [], spectra: {}, sweeps: {}, landscapes: {}, scatters: {}, ...core.patch,
    lab: 'svg', params: ctx.params, engine: ctx.engine.kind, device: ctx.engine.device,
    notices: [...problem.notices, ...noticesOf(problem, core, params)],
    provenance: { version, seed: params.seed, inputs: problem.sources, link: `#/svg?${toQuery(schema, ctx.params)}` },
  });
  yield* phases([
    ['methods', () => layerOf(problem, core)],
    ['landscape', () => timeline(problem, params, (step) => makeProblem(frame, { ...params, denoise: step }, ctx.files))],
    ['sweeps', () => sweeps(problem, core, params)],
    ['timing', () => timings(problem, core, ctx.signal)],
  ]);
}

function noticesOf(problem: Problem, { gated, settings, masked }: Core, p: SvgParams): Notice[] {
  const notices: Notice[] = [];
  if (p.head > problem.kinds.length) {
    notices.push({ level: 'information', happened: `There are ${problem.kinds.length} heads, so head ${problem.kinds.length} is shown.`, mend: `Choose a head from 1 to ${problem.kinds.length}.` });
  }
  if (p.denoise > p.steps) notices.push({ level: 'information', happened: `There are ${p.steps} steps, so the last is shown.`, mend: 'Choose an earlier step or more of them.' });
  if (gated) {
    notices.push({ level: 'information', happened: 'This step or layer stays dense, so nothing is skipped.', mend: 'Choose a later step, or lower the dense share. The methods are compared as if it did not.' });
  }
  const empty = masked.lse.filter((v) => v <= -1e29).length;
  if (empty > 0) {
    notices.push({ level: 'degraded', happened: `${empty} of ${problem.tokens} queries keep no key under this mask, and their output is 0.`, mend: `Keep more than ${settings.keptFraction}, or use fewer text tokens.` });
  }
  return notices;
}
