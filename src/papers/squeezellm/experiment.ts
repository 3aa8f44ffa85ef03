/** One run of the lab: the core in one patch, then every baseline, the charts and the timings as they come. */

import { version } from '../../../package.json';
import type { MethodResult, Notice, RunPatch } from '../../run/run';
import { toQuery } from '../../run/schema';
import type { ExperimentContext } from '../contract';
import { teller } from '../phases';
import { claimsOf } from './claims';
import { makeCore, type Core } from './core';
import { batchSweep, PAPER_GPU, roofsOf, sparseShareOfTraffic, trafficRows, PAPER_SIDE, type LayerSize } from './cost';
import type { Settings } from './methods';
import { METHOD_ORDER, type MethodId } from './names';
import { methodOptions, schema, typed, type SqueezellmParams } from './params';
import { pareto } from './pareto';
import { makeProblem, type Problem } from './problem';
import { compareProducts } from './products';
import { methodResult, remembered, scoreDeps } from './score';
import { sweeps } from './sweeps';
import { timings } from './timings';

/** What the later phases stand on. */
interface Base {
  readonly params: SqueezellmParams;
  readonly problem: Problem;
  readonly settings: Settings;
  readonly size: LayerSize;
  readonly core: Core;
}

export async function* experiment(ctx: ExperimentContext): AsyncGenerator<RunPatch, void, void> {
  const { run, tell, phases } = teller(ctx, claimsOf);
  const { base, patch } = await begin(ctx);
  yield* tell(patch);
  const { problem, settings, params, core } = base;
  yield* phases([
    ['methods', () => baselines(base, run().methods ?? [])],
    ['landscape', () => pareto(problem, settings)],
    ['sweeps', () => charts(base, ctx)],
    ['timing', () => timings(problem, core.form, params.batch, ctx.signal)],
  ]);
}

async function begin(ctx: ExperimentContext): Promise<{ base: Base; patch: RunPatch }> {
  const params = typed(ctx.params);
  const settings: Settings = { ...methodOptions(params), group: Number(params.group) };
  const problem = await makeProblem({ engine: ctx.engine, memo: ctx.memo, pause: ctx.pause }, params, ctx.files);
  const core = await makeCore(problem, settings, params.batch);
  const { rows, cols, weights } = problem.parts[problem.chosen];
  const size: LayerSize = { inFeatures: cols, outFeatures: rows, bits: params.bits, share: core.form.csr.values.length / Math.max(1, weights.length) };
  return {
    base: { params, problem, settings, size, core },
    patch: {
      kernels: [], spectra: {}, sweeps: {}, landscapes: {}, scatters: {}, ...core.patch,
      lab: 'squeezellm', params: ctx.params, engine: ctx.engine.kind, device: ctx.engine.device,
      notices: [...problem.notices, ...noticesOf(problem, core, settings)],
      provenance: { version, seed: problem.seeded ? params.seed : null, inputs: problem.sources, link: `#/squeezellm?${toQuery(schema, ctx.params)}` },
    },
  };
}

function noticesOf({ parts, chosen }: Problem, { form: { split } }: Core, { bits }: Settings): Notice[] {
  const { weights, cols } = parts[chosen];
  const notices: Notice[] = [];
  if (split.sensitive + split.outliers === weights.length && weights.length > 0) {
    notices.push({ level: 'degraded', happened: 'Every weight is kept sparse, so nothing is left to cluster.', mend: 'Lower the shares.' });
  }
  const book = (16 * 2 ** bits) / cols;
  if (book > bits) {
    notices.push({ level: 'information', happened: `With ${cols} inputs a row its codebook takes ${book.toFixed(1)} bits per weight, more than the codes.`, mend: 'Choose fewer bits or a wider matrix.' });
  }
  return notices;
}

/** Methods in the order of the table, with one more or one replaced. */
function withMethod(methods: readonly MethodResult[], next: MethodResult): MethodResult[] {
  return [...methods.filter((m) => m.id !== next.id), next].sort((a, b) => METHOD_ORDER.indexOf(a.id as MethodId) - METHOD_ORDER.indexOf(b.id as MethodId));
}

async function* baselines({ problem, settings, core, size }: Base, known: readonly MethodResult[]): AsyncGenerator<RunPatch> {
  let methods = known;
  for (const id of METHOD_ORDER) {
    if (methods.some((m) => m.id === id)) continue;
    const scored = await remembered(id, problem, settings);
    if (!scored) continue;
    methods = withMethod(methods, methodResult(id, scored));
    yield { methods };
  }
  const paper = { ...size, inFeatures: PAPER_SIDE, outFeatures: PAPER_SIDE };
  yield { scalars: { ...await problem.memo.get('products', scoreDeps(problem, settings), () => compareProducts(problem, core.form)), sparseTrafficShare: sparseShareOfTraffic(trafficRows(paper, 1)) } };
}

async function* charts({ problem, settings, params, size }: Base, ctx: ExperimentContext): AsyncGenerator<RunPatch> {
  yield { sweeps: { batch: batchSweep(size, params.batch, PAPER_GPU) } };
  yield* sweeps({ problem, settings, params, files: ctx.files });
  const { device } = ctx.engine;
  if (ctx.engine.kind !== 'webgpu' || device.software) return;
  const ceilings = await ctx.engine.ceilings();
  yield { ceilings, sweeps: { batch: batchSweep(size, params.batch, roofsOf(ceilings, device.label)) } };
}
