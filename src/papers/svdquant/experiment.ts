/** One run of the lab: the core in one patch, then every baseline, refinement, sweeps, landscape and timings as they come. */

import { version } from '../../../package.json';
import type { Memo } from '../../run/memo';
import type { MethodResult, Notice, Run, RunPatch } from '../../run/run';
import { toQuery } from '../../run/schema';
import { branchBits, formatBits } from '../../quant/bits';
import { formatLabel, type Format } from '../../quant/format';
import type { ExperimentContext } from '../contract';
import { teller } from '../phases';
import { activationAware, errorCorrection, lowRankOnly, mixedInt8, nf4WeightOnly, roundOnly, type Measured } from './baselines';
import { claimsOf } from './claims';
import { errorShares, makeCore, methodResult, weightSpectrum, type Core } from './core';
import { makeInputs, type Inputs } from './inputs';
import { landscape } from './landscape';
import { smoothed, type Layer, type Smoothed } from './layer';
import { oneShot, searchSmoothing } from './method';
import { METHOD_ORDER, type MethodId } from './names';
import { int4From, methodOptions, schema, typed, type MethodOptions, type SvdquantParams } from './params';
import { refine } from './refine';
import { sweeps } from './sweeps';
import { makeTarget, relative, type Target } from './target';
import { timings } from './timings';

/** What the later phases stand on. */
interface Base {
  readonly params: SvdquantParams;
  readonly layer: Layer;
  readonly smoothed: Smoothed;
  readonly exponents: { readonly alpha: number; readonly beta: number };
  readonly options: MethodOptions;
  readonly target: Target;
  readonly core: Core;
}

export async function* experiment(ctx: ExperimentContext): AsyncGenerator<RunPatch, void, void> {
  const { run, tell, phases } = teller(ctx, claimsOf);
  const { base, patch } = await begin(ctx);
  yield* tell(patch);
  yield* tell(await errorShares(base));
  yield* tell(await weightSpectrum(base.layer, base.options));
  yield* phases([
    ['methods', () => baselines(base, run())],
    ['refine', () => refinements(base, run)],
    ['sweeps', () => sweeps({ ...base, files: ctx.files, outliers: run().scalars?.outlierChannels ?? 0 })],
    ['landscape', () => landscape(base.layer, base.options, base.target, base.exponents)],
    ['timing', () => timings(base.layer, base.smoothed, base.options, base.core.outcome, ctx.signal)],
  ]);
}

const inputKeys = (ctx: ExperimentContext, p: SvdquantParams): unknown[] => [
  ctx.files.weights?.key ?? null, ctx.files.activations?.key ?? null, p.tokens, p.in, p.out, p.outliers, p.size, p.spread, p.tails, p.planted, p.seed, p.gelu,
  p.unsigned, p.format === 'int4',
];

async function begin(ctx: ExperimentContext): Promise<{ base: Base; patch: RunPatch }> {
  const params = typed(ctx.params);
  const inputs: Inputs = await ctx.memo.get('inputs', inputKeys(ctx, params), () => makeInputs(params, ctx.files));
  const layer: Layer = { ...inputs.layer, engine: ctx.engine, memo: ctx.memo, pause: ctx.pause };
  const most = Math.min(layer.inFeatures, layer.outFeatures);
  const options = methodOptions(params, Math.min(params.rank, most));
  const notices = [...inputs.notices, ...noticesOf(params, options, most)];
  const target = await makeTarget(layer, params.lora, params.seed);
  const found = params.smoothing === 'search' ? await searchSmoothing(layer, options) : undefined;
  const { alpha, beta } = found ?? (params.smoothing === 'none' ? { alpha: 0, beta: 0 } : params);
  const exponents = { alpha, beta };
  const s = await smoothed(layer, alpha, beta);
  const core = await makeCore(layer, s, options, target, inputs.outlierChannels);
  const searched = found && { bestAlpha: alpha, bestBeta: beta, errorSearched: relative(found.squares, target), errorPair: relative(found.squares, target) };
  return {
    base: { params, layer, smoothed: s, exponents, options, target, core },
    patch: {
      ...core.patch,
      lab: 'svdquant', params: ctx.params, engine: ctx.engine.kind, device: ctx.engine.device, notices,
      scalars: { ...core.patch.scalars, ...exponents, ...searched },
      provenance: {
        version, seed: ctx.files.weights && ctx.files.activations ? null : params.seed,
        inputs: inputs.sources, link: `#/svdquant?${toQuery(schema, ctx.params)}`,
      },
    },
  };
}

function noticesOf(p: SvdquantParams, o: MethodOptions, most: number): Notice[] {
  const notices: Notice[] = [];
  if (p.rank > most) {
    notices.push({ level: 'information', happened: `Rank lowered to ${most}, the smaller side of W.`, mend: 'Choose a rank up to that.' });
  }
  if (o.format.kind !== 'int4') {
    notices.push({
      level: 'information', happened: `${formatLabel(o.format)} is simulated: values are rounded to its levels and multiplied in 32-bit floats.`,
      mend: 'Choose INT4 to run the packed 4-bit kernels.',
    });
  }
  return notices;
}

/** Methods in the order of the table, with one more or one replaced. */
function withMethod(methods: readonly MethodResult[], next: MethodResult): MethodResult[] {
  return [...methods.filter((m) => m.id !== next.id), next].sort((a, b) => METHOD_ORDER.indexOf(a.id as MethodId) - METHOD_ORDER.indexOf(b.id as MethodId));
}

async function* baselines(b: Base, run: Partial<Run>): AsyncGenerator<RunPatch> {
  const { layer, options: o, smoothed: s, params: p } = b;
  const inputs = [layer.xKey, layer.wKey, layer.unsigned];
  const rounding = [o.format, o.execution];
  const list: readonly [MethodId, readonly unknown[], () => Promise<Measured>][] = [
    ['lowrank', [...inputs, ...rounding, o.rank, o.svd], () => lowRankOnly(layer, o)],
    ['smooth', [...inputs, ...rounding, s.key], () => roundOnly(layer, s, o)],
    ['lorc', [...inputs, ...rounding, s.key, o.rank, o.svd], () => errorCorrection(layer, s, o)],
    ['nf4', inputs, () => nf4WeightOnly(layer)],
    ['int8-mixed', [...inputs, p.threshold], () => mixedInt8(layer, p.threshold)],
    ['awq', [...inputs, int4From(p)], () => activationAware(layer, int4From(p))],
  ];
  let methods = run.methods ?? [];
  for (const [id, deps, measure] of list) {
    const { squares, bits, note } = await remembered(layer.memo, id, deps, measure);
    methods = withMethod(methods, methodResult(id, squares, bits, b.target, note));
    yield { methods };
  }
  yield { scalars: { ...(await formatComparison(b)), ...(await executionComparison(b)) } };
}

const remembered = (memo: Memo, id: string, deps: readonly unknown[], measure: () => Promise<Measured>): Promise<Measured> => memo.get(`method ${id}`, deps, measure);

const errorOf = async (b: Base, o: MethodOptions): Promise<number> => relative((await oneShot(b.layer, b.smoothed, o)).squares, b.target);

async function formatComparison(b: Base): Promise<Record<string, number>> {
  const int4: Format = { kind: 'int4', group: 64 };
  const nvfp4: Format = b.options.format.kind === 'nvfp4' ? b.options.format : { kind: 'nvfp4', ties: 'larger', divideByUnrounded: false };
  const at = { ...b, layer: { ...b.layer, unsigned: false } };
  return {
    errorInt4g64: await errorOf(at, { ...b.options, format: int4 }),
    errorNvfp4: await errorOf(at, { ...b.options, format: nvfp4 }),
  };
}

/** ‖Ŷ_fused − Ŷ_separate‖ / ‖Y‖; only INT4 has both. */
async function executionComparison(b: Base): Promise<Record<string, number>> {
  if (b.options.format.kind !== 'int4' || b.layer.unsigned) return {};
  const other = await oneShot(b.layer, b.smoothed, { ...b.options, execution: b.options.execution === 'fused' ? 'separate' : 'fused' });
  const here = b.core.outcome;
  let squares = 0;
  for (let i = 0; i < here.y.length; i++) squares += (here.y[i] - other.y[i]) ** 2;
  return { fusedDifference: relative(squares, b.target) };
}

async function* refinements(b: Base, run: () => Partial<Run>): AsyncGenerator<RunPatch> {
  const { layer, options: o, smoothed: s, target } = b;
  const bits = formatBits(o.format, layer.outFeatures, layer.inFeatures) + branchBits(o.rank, layer.outFeatures, layer.inFeatures);
  const deps = [layer.xKey, layer.wKey, layer.unsigned, s.key, { ...o, residual: 'rtn' }];
  const refined = await layer.memo.get('refine', [...deps, b.params.refine], () => refine(layer, s, o, b.params.refine));
  const best = refined.squares[refined.best];
  const note = `Kept iteration ${refined.best + 1} of ${refined.squares.length}.`;
  yield {
    methods: withMethod(run().methods ?? [], methodResult('svdquant-iterated', best, bits, target, note)),
    scalars: { refineIterations: refined.squares.length, refineBestIteration: refined.best + 1, refineFirst: relative(refined.squares[0], target), refineBest: relative(best, target) },
  };
  const { squares } = await oneShot(layer, s, { ...o, residual: 'gptq' });
  yield { methods: withMethod(run().methods ?? [], methodResult('svdquant-gptq', squares, bits, target)) };
}
