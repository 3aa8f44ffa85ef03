/** Heads judged anew at every denoising step, and what skipping costs there: early steps are noisy, so they stay dense. */

import { createRng } from '../../../kernels/rng';
import { executionMask } from '../../attention/masks';
import { profileHeads, sampleRows } from '../../attention/profile';
import type { RunPatch, StageTensor } from '../../run/run';
import { streamSweep } from '../../run/stream-sweep';
import type { Problem } from './inputs';
import { METHODS } from './names';
import { judgingMask, rowsOf } from './outcomes';
import { settingsOf, warmupOf, type Settings, type SvgParams } from './params';

/** Rows whose error stands for the head's: all of them at every step would take as long as the whole denoising. */
const ERROR_ROWS = 64;
const ERROR_STREAM = 0x0e44;

interface Step {
  readonly verdict: number;
  readonly error: number;
}

/** One head at one step: judged by R rows, its error on others. */
async function stepOf({ engine, head, video, tokens }: Problem, h: number, s: Settings, judging: Parameters<typeof profileHeads>[3]): Promise<Step> {
  const data = await head(h);
  const { verdict } = await profileHeads(engine, data, rowsOf(s), judging);
  // Under the executed masks, re-indexed to frame-major order: what these rows get.
  const { relative } = await profileHeads(engine, data, sampleRows(createRng((s.seed ^ ERROR_STREAM) >>> 0), ERROR_ROWS, tokens), executionMask(video, s));
  return { verdict: verdict[0], error: relative[verdict[0]] };
}

/** @param at the same heads at another step, from 1 */
export async function* timeline(problem: Problem, p: SvgParams, at: (step: number) => Promise<Problem>): AsyncGenerator<RunPatch> {
  const { kinds, memo, pause } = problem;
  const s = settingsOf(p);
  const warmup = warmupOf(p);
  const x = Array.from({ length: p.steps }, (_, i) => i + 1);
  // Neither the side of the tiles nor the order of the tokens changes a verdict or an error.
  const deps = [(await at(1)).key, (await at(p.steps)).key, p.steps, { ...s, tile: null, transform: null }];
  const known = await memo.get('steps known', deps, () => new Map<number, readonly Step[]>());
  const sweep = streamSweep(memo, pause, {
    base: {
      id: 'steps', title: 'Error over denoising steps', param: 'denoise', xLabel: 'denoising step, from noise', x, current: Math.min(p.denoise, p.steps),
      yLabel: 'relative error, mean of the heads', note: `on ${ERROR_ROWS} rows of each head`,
      ...(warmup.denseSteps > 0 && warmup.denseSteps < p.steps && { marks: [{ x: warmup.denseSteps, label: `dense to step ${warmup.denseSteps}` }] }),
    },
    series: [
      { method: 'sparse', label: 'Sparse from the first step', slot: METHODS.spatial.slot },
      { method: 'svg', label: 'First steps dense', slot: METHODS.svg.slot },
    ],
    deps: [...deps, p.denseSteps, p.denseLayers, p.layer, p.layers],
    point: async (step) => {
      let found = known.get(step);
      if (!found) {
        const there = await at(step);
        const judging = judgingMask(there, s);
        const list: Step[] = [];
        for (const h of kinds.keys()) {
          list.push(await stepOf(there, h, s, judging));
          await pause();
        }
        known.set(step, found = list);
      }
      const mean = found.reduce((sum, { error }) => sum + error, 0) / found.length;
      return { sparse: mean, svg: warmup.dense(step) ? 0 : mean };
    },
  });
  for await (const patch of sweep) yield { ...patch, stages: stagesOf(kinds.length, x, known, warmup.dense) };
}

/** [H, steps]; −1 where a step was not computed yet. */
function stagesOf(heads: number, x: readonly number[], known: ReadonlyMap<number, readonly Step[]>, dense: (step: number) => boolean): Record<string, StageTensor> {
  const stage = (id: string, name: string, family: string, rows: number, of: (step: number, h: number) => number): StageTensor => ({
    id, symbol: '', name, rows, cols: x.length, axes: ['h', 'step'], family, format: `${heads} heads, ${x.length} steps`,
    data: Float32Array.from({ length: rows * x.length }, (_, i) => of(x[i % x.length], Math.floor(i / x.length))),
  });
  return {
    timeline_dense: stage('timeline_dense', 'Stays dense', 'gate', 1, (step) => (dense(step) ? 1 : 0)),
    timeline_verdict: stage('timeline_verdict', 'Verdict at each step', 'verdict', heads, (step, h) => known.get(step)?.[h]?.verdict ?? -1),
    timeline_error: stage('timeline_error', 'Error under the mask at each step', 'timeline', heads, (step, h) => known.get(step)?.[h]?.error ?? -1),
  };
}
