/**
 * SVDQuant: smooth, split off a low-rank branch, round the rest.
 * Follows deepcompressor calib/smooth.py, calib/lowrank.py and nn/patch/lowrank.py; weights are [out,in].
 */

import { matmul } from '../../../kernels/matmul/matmul';
import { packInt4 } from '../../../kernels/nibbles';
import { subtractProduct } from '../../../kernels/subtract_product/subtract_product';
import { withScope, type KernelRecord, type Scope, type Tensor } from '../../engine/engine';
import { squaredDifference } from '../../quant/errors';
import { gptq } from '../../quant/gptq';
import { roundingOf } from '../../quant/levels';
import { dequantize, quantize, type Quantized } from '../../quant/quantize';
import { forward } from './forward';
import { branchOf, channelMaxima, exactOutput, factorize, smoothingFactor, applySmoothing, unsmoothed, uploadX, weightBranch, type Branch, type Layer, type Smoothed } from './layer';
import type { MethodOptions } from './params';

/** One quantized layer and what it made of X. */
export interface Outcome {
  readonly branch: Branch;
  /** L = up · down [N,K] */
  readonly product: Float32Array;
  /** R = Ŵ − L [N,K] */
  readonly residual: Float32Array;
  /** Q(R) [N,K] */
  readonly roundedResidual: Float32Array;
  /** Q(X̂) [T,K] */
  readonly roundedX: Float32Array;
  /** Ŷ [T,N] */
  readonly y: Float32Array;
  /** ‖Ŷ − X Wᵀ‖² */
  readonly squares: number;
  /** Packed codes and group scales, where the format has them. */
  readonly weightCodes?: { readonly codes: Uint32Array; readonly scales: Float32Array; readonly tensorScale: number };
  readonly xCodes?: { readonly codes: Uint32Array; readonly scales: Float32Array };
  /** The launches that round R and multiply. */
  readonly records: readonly KernelRecord[];
}

/** Q(R), by round-to-nearest or by GPTQ with X̂ as its calibration set. */
export async function quantizeResidual(scope: Scope, layer: Layer, s: Smoothed, r: Tensor, options: MethodOptions): Promise<Quantized> {
  const nearest = await quantize(scope, r, options.format, 'weights');
  if (options.residual === 'rtn' || !nearest.packed) return nearest;
  const [scales, weights] = await scope.readAll([nearest.packed.scales, r]) as Float32Array[];
  const effective = nearest.tensorScale === 1 ? scales : scales.map((v) => v * nearest.tensorScale);
  const { rows, cols, group } = nearest;
  const solved = gptq({
    weights, rows, cols, activations: s.xs, tokens: layer.tokens, groupSize: group, scales: effective, round: roundingOf(options.format),
  });
  const words = packInt4(solved.codes, rows, cols);
  return { ...nearest, packed: { codes: scope.upload(words, [rows, Math.ceil(cols / 8)]), scales: nearest.packed.scales } };
}

/** ‖Ŷ − Y‖² of one quantized layer: Q(R) against Q(X̂), with its branch. */
export async function score(layer: Layer, s: Smoothed, branch: Branch, options: MethodOptions): Promise<number> {
  const exact = await exactOutput(layer);
  return withScope(layer.engine, async (scope) => {
    const w = scope.hold(s.ws, [layer.outFeatures, layer.inFeatures]);
    const r = subtractBranch(scope, w, branch);
    const weights = await quantizeResidual(scope, layer, s, r, options);
    const { y } = await forward(scope, uploadX(scope, layer), { ...options, lambda: lambdaOf(s), weights, branch, unsigned: layer.unsigned });
    return squaredDifference(scope, y, scope.hold(exact, [layer.tokens, layer.outFeatures]));
  });
}

/** λ where there is one. */
export const lambdaOf = (s: Smoothed): Float32Array | undefined => (s.key === 'ones' ? undefined : s.lambda);

export function subtractBranch(scope: Scope, w: Tensor, branch: Branch): Tensor {
  const [N, K] = w.shape;
  if (branch.rank === 0) return w;
  const { rank, up, down } = inFours(branch, N, K);
  return scope.run(subtractProduct, { w, up: scope.hold(up, [N, rank]), down: scope.hold(down, [rank, K]) }).r;
}

const filled = new WeakMap<Branch, Pick<Branch, 'rank' | 'up' | 'down'>>();

/** The same factors with their rank filled up by zeros to a multiple of four: one pipeline serves every rank of the slider. */
function inFours(branch: Branch, N: number, K: number): Pick<Branch, 'rank' | 'up' | 'down'> {
  const rank = 4 * Math.ceil(branch.rank / 4);
  if (rank === branch.rank) return branch;
  const known = filled.get(branch);
  if (known) return known;
  const wide = { rank, up: new Float32Array(N * rank), down: new Float32Array(rank * K) };
  for (let n = 0; n < N; n++) wide.up.set(branch.up.subarray(n * branch.rank, (n + 1) * branch.rank), n * rank);
  wide.down.set(branch.down);
  filled.set(branch, wide);
  return wide;
}

/** The whole layer, with every intermediate tensor. */
export async function quantizeLayer(layer: Layer, s: Smoothed, branch: Branch, options: MethodOptions): Promise<Outcome> {
  const exact = await exactOutput(layer);
  const { outFeatures: N, inFeatures: K } = layer;
  return withScope(layer.engine, async (scope) => {
    const w = scope.hold(s.ws, [N, K]);
    const { rank, up, down } = inFours(branch, N, K);
    const product = scope.run(matmul, { a: scope.hold(up, [N, rank]), b: scope.hold(down, [rank, K]) }).c;
    const r = subtractBranch(scope, w, branch);
    const weights = await quantizeResidual(scope, layer, s, r, options);
    const { y, rounded } = await forward(scope, uploadX(scope, layer), { ...options, lambda: lambdaOf(s), weights, branch, unsigned: layer.unsigned });
    const records = [...scope.records];
    const values = [product, r, dequantize(scope, weights), dequantize(scope, rounded), y];
    const packed = [weights.packed, rounded.packed].map((p) => (p ? [p.codes, p.scales] : []));
    const read = await scope.readAll([...values, ...packed.flat()]);
    const [l, residual, roundedResidual, roundedX, output] = read as Float32Array[];
    const [wc, ws, xc, xs] = packed[0].length ? read.slice(5) : [undefined, undefined, ...read.slice(5)];
    let squares = 0;
    for (let i = 0; i < output.length; i++) squares += (output[i] - exact[i]) ** 2;
    return {
      branch, product: l, residual, roundedResidual, roundedX, y: output, squares, records,
      weightCodes: wc && { codes: wc as Uint32Array, scales: ws as Float32Array, tensorScale: weights.tensorScale },
      xCodes: xc && { codes: xc as Uint32Array, scales: xs as Float32Array },
    };
  });
}

/** Everything of one-shot SVDQuant, remembered by what it depends on. */
export async function oneShot(layer: Layer, s: Smoothed, options: MethodOptions): Promise<Outcome> {
  const branch = await weightBranch(layer, s, options.svd, options.rank);
  return layer.memo.get('split and round', [layer.xKey, layer.wKey, s.key, layer.unsigned, options], () => quantizeLayer(layer, s, branch, options));
}

/** The official candidates in the official order: (0,0), then (α,0), then (α,1−α), α = 1/20 … 19/20. */
export function smoothingCandidates(): { alpha: number; beta: number }[] {
  const alphas = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  return [{ alpha: 0, beta: 0 }, ...alphas.map((alpha) => ({ alpha, beta: 0 })), ...alphas.map((alpha) => ({ alpha, beta: 1 - alpha }))];
}

/** One pair of exponents, with its own λ, its own rank-r branch and its own rounded residual: ‖Ŷ − Y‖². */
export interface ScoredPair { readonly alpha: number; readonly beta: number; readonly squares: number }

/** Of equal errors the last wins, as in the official search. */
export const bestPair = (pairs: readonly ScoredPair[]): ScoredPair => pairs.reduce((best, p) => (p.squares <= best.squares ? p : best));

/** How many ranks of each candidate's factors are remembered, so that the rank slider only re-scores. */
const KEPT_RANK = 32;

/**
 * Scores one pair of exponents. Its factors and its score are kept in maps that live as long as the inputs do, so
 * that an interrupted search goes on where it was.
 */
export async function scorePair(layer: Layer, alpha: number, beta: number, options: MethodOptions): Promise<ScoredPair> {
  const one = { ...options, residual: 'rtn' as const };
  const kept = Math.max(KEPT_RANK, options.rank);
  const pair = `${alpha}/${beta}`;
  const scores = await layer.memo.get('pair scores', [layer.xKey, layer.wKey, layer.unsigned, one], () => new Map<string, ScoredPair>());
  const known = scores.get(pair);
  if (known) return known;
  const branches = await layer.memo.get('pair branches', [layer.xKey, layer.wKey, options.svd, kept], () => new Map<string, { lambda: Float32Array; branch: Branch }>());
  let entry = branches.get(pair);
  const maxima = await channelMaxima(layer);
  const lambda = entry?.lambda ?? smoothingFactor(maxima.x, maxima.w, alpha, beta);
  const s = alpha === 0 && beta === 0 ? unsmoothed(layer) : await applySmoothing(layer, lambda, `pair ${pair}`);
  if (!entry && options.rank > 0) {
    const { svd } = await factorize(layer, s.ws, options.svd, kept);
    entry = { lambda, branch: branchOf(svd, Math.min(kept, layer.outFeatures, layer.inFeatures), lambda) };
    branches.set(pair, entry);
  }
  const branch = entry ? truncate(entry.branch, Math.min(options.rank, entry.branch.rank), layer) : emptyBranch;
  const scored = { alpha, beta, squares: await score(layer, s, branch, one) };
  scores.set(pair, scored);
  return scored;
}

export const emptyBranch: Branch = { rank: 0, up: new Float32Array(0), down: new Float32Array(0), raw: new Float32Array(0) };

/** The first `rank` columns of a branch. */
function truncate(branch: Branch, rank: number, layer: Layer): Branch {
  if (rank === branch.rank) return branch;
  const { outFeatures: N, inFeatures: K } = layer;
  const up = new Float32Array(N * rank);
  for (let n = 0; n < N; n++) up.set(branch.up.subarray(n * branch.rank, n * branch.rank + rank), n * rank);
  return { rank, up, down: branch.down.slice(0, rank * K), raw: branch.raw.slice(0, rank * K) };
}

/** The 39-candidate search. */
export async function searchSmoothing(layer: Layer, options: MethodOptions, onPair?: (pair: ScoredPair) => void): Promise<ScoredPair> {
  const scored: ScoredPair[] = [];
  for (const { alpha, beta } of smoothingCandidates()) {
    scored.push(await scorePair(layer, alpha, beta, options));
    onPair?.(scored[scored.length - 1]);
    await layer.pause();
  }
  return bestPair(scored);
}
