/** The strip and the headline: every intermediate tensor of SVDQuant, beside rounding alone, in one patch. */

import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { unpackCodes, unpackInt4 } from '../../../kernels/nibbles';
import { sumSquares } from '../../../kernels/sum_squares/sum_squares';
import { withScope } from '../../engine/engine';
import { transposed } from '../../inputs/matrix';
import { branchBits, formatBits } from '../../quant/bits';
import { difference, norm, squaredDifference, total } from '../../quant/errors';
import { formatTag, groupSize } from '../../quant/format';
import { sqnrDb, type MethodResult, type RunPatch, type Spectrum, type StageTensor, type StageVector } from '../../run/run';
import { forward } from './forward';
import { channelMaxima, exactOutput, unsmoothed, uploadX, weightFactors, type Layer, type Smoothed } from './layer';
import { joinLora, LORA_RANK } from './lora';
import { emptyBranch, lambdaOf, oneShot, quantizeLayer, type Outcome } from './method';
import { KERNEL_LABELS, METHODS, type MethodId } from './names';
import type { MethodOptions } from './params';
import { addBias, relative, type Target } from './target';
import { trafficOf } from './traffic';

export interface Core {
  readonly outcome: Outcome;
  readonly patch: RunPatch;
}

export function methodResult(id: MethodId, squares: number, bits: number, target: Target, note?: string): MethodResult {
  const relativeError = relative(squares, target);
  return { id, ...METHODS[id], relativeError, sqnrDb: sqnrDb(relativeError), bitsPerWeight: bits, ...(note && { note }) };
}

/** Rounding alone: Q(X) Q(W)ᵀ. */
export function roundedAlone(layer: Layer, o: MethodOptions): Promise<Outcome> {
  const options = { ...o, residual: 'rtn' as const, rank: 0 };
  return layer.memo.get('round only', [layer.xKey, layer.wKey, layer.unsigned, options.format, options.execution], () => quantizeLayer(layer, unsmoothed(layer), emptyBranch, options));
}

/**
 * The output with a LoRA joined to the branch: the codes are those of the run, only the branch is longer.
 * Its error against X (W + sBA)ᵀ is measured, not assumed.
 */
async function withLora(layer: Layer, s: Smoothed, o: MethodOptions, outcome: Outcome, target: Target): Promise<{ y: Float32Array; squares: number }> {
  const { lora } = target;
  if (!lora) return outcome;
  const branch = joinLora(outcome.branch, lora.adapter, s.lambda, lora.strength);
  return layer.memo.get('with LoRA', [layer.xKey, layer.wKey, s.key, layer.unsigned, o, lora.strength, lora.seed], () => withScope(layer.engine, async (scope) => {
    const { outFeatures: rows, inFeatures: cols } = layer;
    const codes = outcome.weightCodes;
    const base = { format: o.format, rows, cols, group: groupSize(o.format, cols), tensorScale: 1 };
    const weights = codes && o.format.kind === 'int4'
      ? { ...base, packed: { codes: scope.upload(codes.codes, [rows, Math.ceil(cols / 8)]), scales: scope.upload(codes.scales, [rows, codes.scales.length / Math.max(1, rows)]) } }
      : { ...base, values: scope.upload(outcome.roundedResidual, [rows, cols]) };
    const { y } = await forward(scope, uploadX(scope, layer), { ...o, lambda: lambdaOf(s), weights, branch, unsigned: layer.unsigned });
    const exact = scope.upload(lora.yLora, [layer.tokens, rows]);
    return { y: await scope.readF32(y), squares: await squaredDifference(scope, y, exact) };
  }));
}

/** ‖E_X Rᵀ‖, ‖X̂ E_Rᵀ‖, ‖E_X Ŵᵀ‖ and ‖X̂ Ŵᵀ − X Wᵀ‖: where the error comes from, and that smoothing alone adds none. */
function errorParts(layer: Layer, s: Smoothed, o: MethodOptions, outcome: Outcome): Promise<readonly number[]> {
  return layer.memo.get('error parts', [layer.xKey, layer.wKey, s.key, layer.unsigned, o], async () => {
    const exact = await exactOutput(layer);
    return withScope(layer.engine, async (scope) => {
      const { tokens, inFeatures: K, outFeatures: N } = layer;
      const [xs, ws, ex] = [scope.hold(s.xs, [tokens, K]), scope.hold(s.ws, [N, K]), scope.upload(difference(s.xs, outcome.roundedX), [tokens, K])];
      const w = (data: Float32Array) => scope.upload(data, [N, K]);
      const products = [[ex, w(outcome.residual)], [xs, w(difference(outcome.residual, outcome.roundedResidual))], [ex, ws]].map(([a, b]) => scope.run(matmulNt, { a, b }).c);
      const smooth = scope.run(matmulNt, { a: xs, b: ws }).c;
      const rows = await scope.readAll(products.map((c) => scope.run(sumSquares, { x: c }).s)) as Float32Array[];
      const identity = await squaredDifference(scope, smooth, scope.hold(exact, [tokens, N]));
      return [...rows.map((r) => Math.sqrt(total(r))), Math.sqrt(identity)];
    });
  });
}

export async function makeCore(layer: Layer, s: Smoothed, o: MethodOptions, target: Target, outlierChannels: readonly number[]): Promise<Core> {
  const { tokens: T, inFeatures: K, outFeatures: N } = layer;
  const outcome = await oneShot(layer, s, o);
  const rtn = await roundedAlone(layer, o);
  const maxima = await channelMaxima(layer);
  const shown = await withLora(layer, s, o, outcome, target);
  const spectra = await spectraOf(layer, s, o);
  const stored = formatBits(o.format, N, K);
  const branch = branchBits(o.rank, N, K);
  const smoothedNorm = norm(s.ws);
  const kept = energyKept(spectra.ws.values, o.rank, smoothedNorm);
  return {
    outcome,
    patch: {
      stages: stagesOf(layer, s, o, outcome, difference(rtn.y, await exactOutput(layer)), shown.y, target),
      vectors: vectorsOf(s, maxima, outlierChannels, K),
      spectra,
      methods: [
        methodResult('rtn', rtn.squares, stored, target),
        methodResult('svdquant', shown.squares, stored + branch, target, target.lora && `With a LoRA of rank ${LORA_RANK}, which the bits do not count.`),
      ],
      kernels: outcome.records.map((r) => ({ ...r, label: KERNEL_LABELS[r.kernel] ?? r.kernel })),
      traffic: trafficOf({ tokens: T, inFeatures: K, outFeatures: N, rank: o.rank }, o.format),
      scalars: {
        tokens: T, inFeatures: K, outFeatures: N, rank: o.rank,
        outlierChannels: outlierChannels.length,
        energyKept: kept,
        errorHere: relative(shown.squares, target),
        residualNorm: norm(outcome.residual), smoothedNorm,
        spectrumTail: smoothedNorm * Math.sqrt(1 - kept),
        formatBits: stored, branchBits: branch, branchBits3072: branchBits(o.rank, 3072, 3072), branchBits3072Rank32: branchBits(32, 3072, 3072),
        toyExaggeration: o.rank === 0 ? 1 : branch / branchBits(o.rank, 3072, 3072),
      },
    },
  };
}

/** The parts of the error, relative to ‖Y‖: words under the table, which need not hold the strip up. */
export async function errorShares({ layer, smoothed, options, target, core }: { layer: Layer; smoothed: Smoothed; options: MethodOptions; target: Target; core: Core }): Promise<RunPatch> {
  const yNorm = Math.sqrt(target.squares) || 1;
  const [errorFromX, errorFromR, errorFromXWithoutSplit, identity] = (await errorParts(layer, smoothed, options, core.outcome)).map((part) => part / yNorm);
  return { scalars: { errorFromX, errorFromR, errorFromXWithoutSplit, identity } };
}

/** Share of ‖Ŵ‖² in the first `rank` singular values. */
function energyKept(values: Float32Array, rank: number, wholeNorm: number): number {
  let kept = 0;
  for (let i = 0; i < Math.min(rank, values.length); i++) kept += values[i] ** 2;
  return wholeNorm === 0 ? 1 : Math.min(1, kept / wholeNorm ** 2);
}

/** Of Ŵ and R; R's singular values are Ŵ's beyond the first r. */
async function spectraOf(layer: Layer, s: Smoothed, o: MethodOptions): Promise<Record<'ws' | 'r', Spectrum>> {
  const values = Float32Array.from((await weightFactors(layer, s, o.svd, o.rank)).svd.s);
  return {
    ws: { id: 'ws', symbol: '^W', values, kept: o.rank },
    r: { id: 'r', symbol: 'R', values: values.slice(o.rank) },
  };
}

/** Of W itself, which only the spectrum's picture needs: it comes after the strip, for it costs an SVD of its own. */
export async function weightSpectrum(layer: Layer, o: MethodOptions): Promise<RunPatch> {
  const { svd } = await weightFactors(layer, unsmoothed(layer), o.svd, o.rank);
  return { spectra: { w: { id: 'w', symbol: 'W', values: Float32Array.from(svd.s) } } };
}

function vectorsOf(s: Smoothed, maxima: { x: Float32Array; w: Float32Array }, outliers: readonly number[], K: number): Record<string, StageVector> {
  const marks = new Float32Array(K);
  for (const k of outliers) marks[k] = 1;
  return {
    xmax: { id: 'xmax', symbol: 'max |X|', name: 'Channel maxima of X', data: maxima.x, axis: 'k', log: true },
    wmax: { id: 'wmax', symbol: 'max |W|', name: 'Channel maxima of W', data: maxima.w, axis: 'k', log: true },
    lambda: { id: 'lambda', symbol: 'λ', name: 'Smoothing factor', data: s.lambda, axis: 'k', log: true },
    outliers: { id: 'outliers', symbol: 'k', name: 'Outlier channels: 1, others 0', data: marks, axis: 'k' },
  };
}

function stagesOf(layer: Layer, s: Smoothed, o: MethodOptions, outcome: Outcome, rtnError: Float32Array, yHat: Float32Array, target: Target): Record<string, StageTensor> {
  const { tokens: T, inFeatures: K, outFeatures: N } = layer;
  const tag = formatTag(o.format);
  const group = groupSize(o.format, K);
  const unpack = (words: Uint32Array, rows: number, cols: number): Int8Array =>
    (o.format.kind === 'int4' ? unpackInt4(words, rows, cols) : Int8Array.from(unpackCodes(words, rows, cols)));
  const x = (id: string, symbol: string, name: string, data: Float32Array, format: string, packed?: Outcome['xCodes']): StageTensor =>
    ({ id, symbol, name, rows: T, cols: K, data, axes: ['t', 'k'], family: 'x', format, ...(packed && { codes: unpack(packed.codes, T, K), scales: { values: packed.scales, group, tensorScale: 1 } }) });
  const w = (id: string, symbol: string, name: string, data: Float32Array, format: string, packed?: Outcome['weightCodes']): StageTensor => ({
    id, symbol, name, rows: K, cols: N, data: transposed(data, N, K), axes: ['k', 'n'], family: 'w', format,
    ...(packed && {
      codes: transposed(unpack(packed.codes, N, K), N, K),
      scales: { values: transposed(packed.scales, N, Math.ceil(K / group)), group, tensorScale: packed.tensorScale },
    }),
  });
  const y = (id: string, symbol: string, name: string, data: Float32Array, format: string, family = 'y'): StageTensor =>
    ({ id, symbol, name, rows: T, cols: N, data, axes: ['t', 'n'], family, format });
  const bothY = addBias(yHat, target.bias);
  const { left, right } = balancedFactors(outcome, K, N);
  const stages = [
    x('x', 'X', layer.unsigned ? 'Activations + 11/64' : 'Activations', layer.x, `${T} × ${K}`),
    x('xs', '^X', 'Smoothed', s.xs, '16-bit'),
    x('qx', 'Q(^X)', 'Rounded', outcome.roundedX, layer.unsigned ? 'uint4' : tag, outcome.xCodes),
    w('w', 'W', 'Weights', layer.w, `${K} × ${N}`),
    w('ws', '^W', 'Scaled', s.ws, '16-bit'),
    w('l', 'L_1L_2', 'Product', outcome.product, '16-bit'),
    { id: 'l1', symbol: 'L_1', name: 'Left factor', rows: K, cols: o.rank, data: left, axes: ['k', 'r'], family: 'l', format: '16-bit' },
    { id: 'l2', symbol: 'L_2', name: 'Right factor', rows: o.rank, cols: N, data: right, axes: ['r', 'n'], family: 'l', format: '16-bit' },
    w('r', 'R', 'Residual', outcome.residual, '16-bit'),
    w('qr', 'Q(R)', 'Rounded', outcome.roundedResidual, tag, outcome.weightCodes),
    y('y', 'Y', 'Exact', target.y, layer.engine.kind === 'reference' ? 'float64' : 'float32'),
    y('yh', '^Y', 'Result', bothY, '16-bit'),
    y('e_rtn', 'E', 'Round only', rtnError, '', 'e'),
    y('e', 'E', 'SVDQuant', difference(bothY, target.y), '', 'e'),
  ] satisfies StageTensor[];
  return Object.fromEntries(stages.map((stage) => [stage.id, stage]));
}

/** L₁ [K,r] and L₂ [r,N] with √σ on each side, so that one colour scale serves both; the product is the branch's. */
function balancedFactors({ branch }: Outcome, K: number, N: number): { left: Float32Array; right: Float32Array } {
  const { rank, up, down } = branch;
  const [left, right] = [new Float32Array(K * rank), new Float32Array(rank * N)];
  for (let j = 0; j < rank; j++) {
    let squares = 0;
    for (let n = 0; n < N; n++) squares += up[n * rank + j] ** 2;
    const root = Math.sqrt(Math.sqrt(squares)) || 1;
    for (let k = 0; k < K; k++) left[k * rank + j] = down[j * K + k] * root;
    for (let n = 0; n < N; n++) right[j * N + n] = up[n * rank + j] / root;
  }
  return { left, right };
}
