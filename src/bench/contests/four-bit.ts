/**
 * Products with 4-bit weights: weight-only, with 4-bit activations (their quantization included), and with the low-rank
 * branch, fused and separate. Every way multiplies by the same codes and scales.
 */

import { lowrankDown } from '../../../kernels/lowrank_down/lowrank_down';
import { lowrankUp } from '../../../kernels/lowrank_up/lowrank_up';
import { dequantizeInt4Exact, turnedColumns, turnWeights, unpackInt4 } from '../../../kernels/nibbles';
import { productNT } from '../../../kernels/product';
import { quantizeDown } from '../../../kernels/quantize_down/quantize_down';
import { quantizeInt4 } from '../../../kernels/quantize_int4/quantize_int4';
import { quantizeInt4Reference } from '../../../kernels/quantize_int4/quantize_int4.reference';
import { w4a16Matmul } from '../../../kernels/w4a16_matmul/w4a16_matmul';
import { w4a4Matmul } from '../../../kernels/w4a4_matmul/w4a4_matmul';
import { w4a4Up } from '../../../kernels/w4a4_up/w4a4_up';
import type { Data } from '../../../kernels/define';
import type { Scope, Tensor } from '../../engine/engine';
import type { Own } from '../own';
import type { Question } from '../targets';
import { BOUNDS } from '../tasks';
import type { Asked } from './dense';
import { checkedRows, gather, judgeRows, deviates } from './data';

/** Tokens, outputs, channels, group, rank. */
export type FourBitSize = Readonly<Record<'T' | 'N' | 'K' | 'G' | 'R', number>>;

export interface FourBitBounds {
  /** Weight-only: time of the fastest MatMulNBits over ours. */
  readonly weights: number;
  /** With 4-bit activations: time of MatMulNBits at accuracy level 4, and of its fastest way, over ours. */
  readonly level4?: number;
  readonly fastest: number;
  /** The fused branch over the product without branch: bytes, time. */
  readonly bytes: number;
  readonly time: number;
}

/** A rounding of an activation that falls on the other side of a tie moves a whole code. */
const TIES = 1e-6;

interface Operands {
  readonly x: Float32Array<ArrayBuffer>;
  readonly down: Float32Array;
  readonly up: Float32Array;
  readonly codes: Uint32Array;
  readonly scales: Float32Array;
}

/** @param rivals false: ours alone, where the libraries take a slow way of last resort */
export function fourBitContest(size: FourBitSize, bounds: FourBitBounds, rivals = true): Asked {
  const { T, N, K, G, R } = size;
  const [x, down, up] = [deviates(1, T * K), deviates(3, R * K).map((value) => value / Math.sqrt(K)), deviates(4, N * R)];
  const operands: Operands = { x, down, up, ...quantizeInt4Reference({ x: deviates(2, N * K) }, { M: N, K, G }) };
  const { codes, scales } = operands;
  const rows = checkedRows(T, N * K);
  const picked = gather(x, K, rows);
  const weightsOnly = judgeRows(rows, T, N, () => {
    const exact = dequantizeInt4Exact(codes, scales, N, K, G);
    return new Float32Array(productNT(new Float64Array(picked), exact, rows.length, N, K));
  });
  const activations = judgeRows(rows, T, N, () => new Float32Array(exactly(operands, size, picked, false)));
  const withBranch = judgeRows(rows, T, N, () => new Float32Array(exactly(operands, size, picked, true)));
  const flops = 2 * T * N * K;
  const branch = { flops: flops + 2 * T * R * (N + K), dims: size, judge: (out: Data) => withBranch(out, TIES) };
  return {
    contest: {
      id: `w4-${T}x${N}x${K}`, work: '4-bit weights', shape: `${T} × ${N} × ${K}, groups of ${G}, rank ${R}`,
      own: [
        { id: 'weights', kernels: 'w4a16_matmul', flops, dims: { T, N, K, G }, judge: (out) => weightsOnly(out, BOUNDS.float32), prepare: weights(operands, size, G) },
        { id: 'weights, groups of 32', kernels: 'w4a16_matmul, groups of 32', flops, dims: { T, N, K, G: 32 }, judge: (out) => weightsOnly(out, BOUNDS.float32), prepare: weights(operands, size, 32) },
        { id: 'plain', kernels: 'quantize_int4 + w4a4_matmul', flops, dims: { T, N, K, G }, judge: (out) => activations(out, TIES), prepare: plain(operands, size) },
        { id: 'fused', kernels: 'quantize_down + w4a4_up', ...branch, prepare: fused(operands, size) },
        { id: 'separate', kernels: 'quantize_int4 + w4a4_matmul + lowrank_down + lowrank_up', ...branch, prepare: separate(operands, size) },
      ],
      ...(rivals && { task: { kind: 'weights4', T, N, K, G, x, codes: unpackInt4(codes, N, K), scales } }),
      judge: weightsOnly,
    },
    questions: questionsOf(bounds).filter(({ kind }) => rivals || kind !== 'rival'),
  };
}

const questionsOf = ({ weights, level4, fastest, bytes, time }: FourBitBounds): Question[] => [
  { kind: 'rival', ours: 'weights', rival: 'ort', name: 'fastest MatMulNBits', bound: weights },
  { kind: 'rival', ours: 'weights, groups of 32', rival: 'ort', name: 'fastest MatMulNBits, block 32', way: /block 32/, bound: weights },
  { kind: 'rival', ours: 'plain', rival: 'ort', name: 'MatMulNBits, level 4', way: /level 4/, bound: level4 },
  { kind: 'rival', ours: 'plain', rival: 'ort', name: 'fastest MatMulNBits', bound: fastest },
  { kind: 'dispatches', ours: 'fused', bound: 2 },
  { kind: 'own', ours: 'fused', base: 'plain', name: 'product without branch', quantity: 'bytes', bound: bytes },
  { kind: 'own', ours: 'fused', base: 'plain', name: 'product without branch', quantity: 'time', bound: time },
  { kind: 'dispatches', ours: 'separate' },
  { kind: 'own', ours: 'separate', base: 'plain', name: 'product without branch', quantity: 'bytes' },
  { kind: 'own', ours: 'separate', base: 'plain', name: 'product without branch', quantity: 'time' },
];

/** Q(X) Q(W)ᵀ, and X downᵀ upᵀ where the branch is wanted, in float64. @param x some rows of X */
function exactly({ down, up, codes, scales }: Operands, { N, K, G, R }: FourBitSize, x: Float32Array, branch: boolean): Float64Array {
  const T = x.length / K;
  const rounded = quantizeInt4Reference({ x }, { M: T, K, G });
  const y = productNT(dequantizeInt4Exact(rounded.codes, rounded.scales, T, K, G), dequantizeInt4Exact(codes, scales, N, K, G), T, N, K);
  if (!branch) return y;
  const h = productNT(new Float64Array(x), new Float64Array(down), T, R, K);
  const added = productNT(h, new Float64Array(up), T, N, R);
  return y.map((value, i) => value + added[i]);
}

/** Codes and scales as our products read them. @param G a group of the size's own, or a part of one: its scale is repeated */
function turned(scope: Scope, { codes, scales }: Operands, { N, K, G: own }: FourBitSize, G: number): { wCodes: Tensor; wScales: Tensor } {
  const [groups, whole] = [Math.ceil(K / G), Math.ceil(K / own)];
  const spread = G === own ? scales : Float32Array.from({ length: N * groups }, (_, i) => scales[Math.floor(i / groups) * whole + Math.floor(((i % groups) * G) / own)]);
  const { wCodes, wScales } = turnWeights(codes, spread, { N, K, G });
  return { wCodes: scope.upload(wCodes, [Math.ceil(K / 8), turnedColumns(N)]), wScales: scope.upload(wScales, [groups, turnedColumns(N)]) };
}

const weights = (operands: Operands, size: FourBitSize, G: number): Own['prepare'] => (scope) => {
  const { T, N, K } = size;
  const inputs = { x: scope.upload(operands.x, [T, K]), ...turned(scope, operands, size, G) };
  return () => ({ output: scope.run(w4a16Matmul, inputs, { dims: { N, G } }).y, others: [] });
};

const plain = (operands: Operands, size: FourBitSize): Own['prepare'] => (scope) => {
  const { T, N, K, G } = size;
  const x = scope.upload(operands.x, [T, K]);
  const turnedWeights = turned(scope, operands, size, G);
  return () => {
    const q = scope.run(quantizeInt4, { x }, { dims: { G } });
    const { y } = scope.run(w4a4Matmul, { xCodes: q.codes, xScales: q.scales, ...turnedWeights }, { dims: { N, K, G } });
    return { output: y, others: [q.codes, q.scales] };
  };
};

const fused = (operands: Operands, size: FourBitSize): Own['prepare'] => (scope) => {
  const { T, N, K, G, R } = size;
  const inputs = { x: scope.upload(operands.x, [T, K]), lambda: scope.upload(new Float32Array(K).fill(1), [K]), down: scope.upload(operands.down, [R, K]) };
  const given = { ...turned(scope, operands, size, G), up: scope.upload(operands.up, [N, R]) };
  return () => {
    const a = scope.run(quantizeDown, inputs, { dims: { G } });
    const { y } = scope.run(w4a4Up, { xCodes: a.codes, xScales: a.scales, h: a.h, ...given }, { dims: { K, G } });
    return { output: y, others: [a.codes, a.scales, a.h] };
  };
};

const separate = (operands: Operands, size: FourBitSize): Own['prepare'] => (scope) => {
  const { x, down, up } = operands;
  const { T, N, K, R } = size;
  const product = plain(operands, size)(scope);
  const factors = { x: scope.upload(x, [T, K]), down: scope.upload(down, [R, K]), up: scope.upload(up, [N, R]) };
  return () => {
    const { output: y, others } = product();
    const { h } = scope.run(lowrankDown, { x: factors.x, down: factors.down });
    const { out } = scope.run(lowrankUp, { h, up: factors.up, y });
    return { output: out, others: [...others, y, h] };
  };
};
