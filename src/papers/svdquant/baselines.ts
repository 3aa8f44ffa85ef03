/** The methods that SVDQuant is measured against, each as ‖Ŷ − Y‖² and the bits it stores per weight. */

import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { roundGroups } from '../../../kernels/round_groups/round_groups';
import { withScope, type Scope, type Tensor } from '../../engine/engine';
import { activationAware as searchScales, channelMeans, gramMatrix } from '../../quant/awq';
import { branchBits, formatBits, mixedInt8Bits } from '../../quant/bits';
import { difference, squaredDifference } from '../../quant/errors';
import { largestCode, type Format } from '../../quant/format';
import { dequantize, quantize } from '../../quant/quantize';
import { forward } from './forward';
import { branchOf, channelMaxima, exactOutput, factors, unsmoothed, uploadW, uploadX, weightBranch, type Layer, type Smoothed } from './layer';
import { emptyBranch, lambdaOf, score } from './method';
import type { MethodOptions } from './params';

export interface Measured {
  readonly squares: number;
  readonly bits: number;
  readonly note?: string;
}

const uploadExact = async (scope: Scope, layer: Layer): Promise<Tensor> =>
  scope.hold(await exactOutput(layer), [layer.tokens, layer.outFeatures]);

const weightBits = (layer: Layer, format: Format, rank = 0): number =>
  formatBits(format, layer.outFeatures, layer.inFeatures) + branchBits(rank, layer.outFeatures, layer.inFeatures);

const nearest = (o: MethodOptions): MethodOptions => ({ ...o, residual: 'rtn' });

/** Q(X̂) Q(Ŵ)ᵀ: smoothing alone, or with λ = 1 rounding alone. */
export async function roundOnly(layer: Layer, s: Smoothed, o: MethodOptions): Promise<Measured> {
  return { squares: await score(layer, s, emptyBranch, nearest(o)), bits: weightBits(layer, o.format) };
}

/** Q(X) Q(W − L₀)ᵀ + X L₀ᵀ, L₀ the rank-r SVD of W itself. */
export async function lowRankOnly(layer: Layer, o: MethodOptions): Promise<Measured> {
  const s = unsmoothed(layer);
  const branch = await weightBranch(layer, s, o.svd, o.rank);
  return { squares: await score(layer, s, branch, nearest(o)), bits: weightBits(layer, o.format, o.rank) };
}

/** LoRC: round Ŵ first, then a rank-r SVD of the error Ŵ − Q(Ŵ). */
export async function errorCorrection(layer: Layer, s: Smoothed, o: MethodOptions): Promise<Measured> {
  const { outFeatures: N, inFeatures: K } = layer;
  return withScope(layer.engine, async (scope) => {
    const weights = await quantize(scope, scope.hold(s.ws, [N, K]), o.format, 'weights');
    let branch = emptyBranch;
    if (o.rank > 0) {
      const error = difference(s.ws, await scope.readF32(dequantize(scope, weights)));
      const { svd } = await factors(layer, '^W-Q(^W)', [layer.wKey, s.key, o.format], error, o.svd, o.rank);
      branch = branchOf(svd, o.rank, s.lambda);
    }
    const { y } = await forward(scope, uploadX(scope, layer), { ...o, lambda: lambdaOf(s), weights, branch, unsigned: layer.unsigned });
    return { squares: await squaredDifference(scope, y, await uploadExact(scope, layer)), bits: weightBits(layer, o.format, o.rank) };
  });
}

const NF4: Format = { kind: 'nf4', group: 64 };

/** NF4 in groups of 64 (QLoRA, without double quantization); X stays in 16 bits. */
export function nf4WeightOnly(layer: Layer): Promise<Measured> {
  return withScope(layer.engine, async (scope) => {
    const weights = dequantize(scope, await quantize(scope, uploadW(scope, layer), NF4, 'weights'));
    const y = scope.run(matmulNt, { a: uploadX(scope, layer), b: weights }).c;
    return { squares: await squaredDifference(scope, y, await uploadExact(scope, layer)), bits: weightBits(layer, NF4), note: 'X stays in 16 bits.' };
  });
}

/** LLM.int8()-style: channels with max |X| above `threshold` in 16 bits, the others INT8 per token and per output. */
export async function mixedInt8(layer: Layer, threshold: number): Promise<Measured> {
  const { tokens, outFeatures, inFeatures: K } = layer;
  const maxima = await channelMaxima(layer);
  const keep = Array.from(maxima.x, (m) => m > threshold);
  const kept = keep.filter(Boolean).length;
  const squares = await withScope(layer.engine, async (scope) => {
    const dims = { G: Math.max(1, K) };
    const scalars = { qmax: largestCode(8) };
    const round = (data: Float32Array, rows: number): Tensor =>
      scope.run(roundGroups, { x: scope.upload(data.map((v, i) => (keep[i % K] ? 0 : v)), [rows, K]) }, { dims, scalars }).y;
    const [x, w] = await scope.readAll([round(layer.x, tokens), round(layer.w, outFeatures)]) as Float32Array[];
    // The two parts share no channel, so one product of the merged matrices is the sum of both products.
    const merge = (rounded: Float32Array, exact: Float32Array, rows: number): Tensor =>
      scope.upload(rounded.map((v, i) => (keep[i % K] ? exact[i] : v)), [rows, K]);
    const y = scope.run(matmulNt, { a: merge(x, layer.x, tokens), b: merge(w, layer.w, outFeatures) }).c;
    return squaredDifference(scope, y, await uploadExact(scope, layer));
  });
  const all = kept === 0 ? 'No channel exceeds' : kept === K ? 'Every channel exceeds' : `${kept} of ${K} channels exceed`;
  return { squares, bits: mixedInt8Bits(kept, K), note: `${all} ${threshold}; those are kept in 16 bits.` };
}

/** AWQ-style scaling, weight only, symmetric INT4. */
export async function activationAware(layer: Layer, format: Format): Promise<Measured> {
  const { outFeatures: rows, inFeatures: cols, tokens, x, w: weights, engine, pause } = layer;
  const gram = await layer.memo.get('X^TX', [layer.xKey], () => gramMatrix(engine, x, tokens, cols));
  const round = async (scope: Scope, scaled: Tensor): Promise<Tensor> => dequantize(scope, await quantize(scope, scaled, format, 'weights'));
  const { squares, power } = await searchScales(engine, { weights, rows, cols, means: channelMeans(x, tokens, cols), gram, round, pause });
  return { squares, bits: weightBits(layer, format), note: `X stays in 16 bits; best power ${power}.` };
}
