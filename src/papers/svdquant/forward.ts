/** Ŷ = X̂ Lᵀ + Q(X̂) Q(R)ᵀ on the engine: fused, separate, or (formats without a packed product) on the rounded values. */

import { lowrankDown } from '../../../kernels/lowrank_down/lowrank_down';
import { lowrankUp } from '../../../kernels/lowrank_up/lowrank_up';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { quantizeDown } from '../../../kernels/quantize_down/quantize_down';
import { scaleChannels } from '../../../kernels/scale_channels/scale_channels';
import { w4a4Matmul } from '../../../kernels/w4a4_matmul/w4a4_matmul';
import { w4a4Up } from '../../../kernels/w4a4_up/w4a4_up';
import type { Scope, Tensor } from '../../engine/engine';
import { groupSize, type Format } from '../../quant/format';
import { dequantize, quantize, roundUnsigned, turned, type Quantized } from '../../quant/quantize';
import type { Branch } from './layer';

export interface ForwardPlan {
  /** Format of the rounded activations. */
  readonly format: Format;
  readonly execution: 'fused' | 'separate';
  /** [K]; absent: X is rounded as it is. */
  readonly lambda?: Float32Array;
  /** [N,K], in the smoothed space. */
  readonly weights: Quantized;
  readonly branch?: Branch;
  /** Non-negative X in unsigned 4 bits. */
  readonly unsigned?: boolean;
}

export interface Forward {
  readonly y: Tensor; // [T,N]
  /** Q(X̂) [T,K]: its codes, or its values alone. */
  readonly rounded: Quantized;
}

/** @param x [T,K], raw: smoothing happens here */
export async function forward(scope: Scope, x: Tensor, plan: ForwardPlan): Promise<Forward> {
  const packed = plan.format.kind === 'int4' && !plan.unsigned && plan.weights.packed;
  return packed && plan.execution === 'fused' ? fused(scope, x, plan) : separate(scope, x, plan);
}

const uploadUp = (scope: Scope, b: Branch, outFeatures: number): Tensor => scope.hold(b.up, [outFeatures, b.rank]);

let ones = new Float32Array(0);
/** λ where nothing is smoothed: one array for all, so that it travels once. */
function onesOf(K: number): Float32Array {
  if (ones.length !== K) ones = new Float32Array(K).fill(1);
  return ones;
}

/** Two launches (and one per weights that lays them out): A reads X once for codes and X L₁, B adds the branch in the epilogue of the 4-bit product. */
function fused(scope: Scope, x: Tensor, plan: ForwardPlan): Forward {
  const [rows, K] = x.shape;
  const N = plan.weights.rows;
  const G = groupSize(plan.format, K);
  const branch = plan.branch ?? { rank: 0, up: new Float32Array(0), down: new Float32Array(0), raw: new Float32Array(0) };
  const lambda = scope.hold(plan.lambda ?? onesOf(K), [K]);
  const a = scope.run(quantizeDown, { x, lambda, down: scope.hold(branch.raw, [branch.rank, K]) }, { dims: { G } });
  const y = scope.run(w4a4Up, {
    xCodes: a.codes, xScales: a.scales, ...turned(scope, plan.weights), h: a.h, up: uploadUp(scope, branch, N),
  }, { dims: { K, G } }).y;
  return { y, rounded: { format: plan.format, rows, cols: K, group: G, tensorScale: 1, packed: { codes: a.codes, scales: a.scales } } };
}

async function separate(scope: Scope, x: Tensor, plan: ForwardPlan): Promise<Forward> {
  const [rows, K] = x.shape;
  const xs = plan.lambda ? scope.run(scaleChannels, { x, s: scope.hold(plan.lambda, [K]) }, { scalars: { divide: 1 } }).y : x;
  const G = groupSize(plan.format, K);
  const rounded: Quantized = plan.unsigned
    ? { format: plan.format, rows, cols: K, group: G, tensorScale: 1, values: roundUnsigned(scope, xs, G) }
    : await quantize(scope, xs, plan.format, 'activations');
  const y = plan.format.kind === 'int4' && rounded.packed && plan.weights.packed
    ? scope.run(w4a4Matmul, {
      xCodes: rounded.packed.codes, xScales: rounded.packed.scales, ...turned(scope, plan.weights),
    }, { dims: { N: plan.weights.rows, K, G } }).y
    : scope.run(matmulNt, { a: dequantize(scope, rounded), b: dequantize(scope, plan.weights) }).c;
  const { branch } = plan;
  if (!branch?.rank) return { y, rounded };
  const h = scope.run(lowrankDown, { x: xs, down: scope.hold(branch.down, [branch.rank, K]) }).h;
  return { y: scope.run(lowrankUp, { h, up: uploadUp(scope, branch, plan.weights.rows), y }).out, rounded };
}
