/** Quantize and dequantize on the engine, for every format, on the weight and on the activation side. */

import { absmaxRows } from '../../kernels/absmax_rows/absmax_rows';
import { dequantizeCodebook } from '../../kernels/dequantize_codebook/dequantize_codebook';
import { dequantizeInt4 } from '../../kernels/dequantize_int4/dequantize_int4';
import { quantizeInt4 } from '../../kernels/quantize_int4/quantize_int4';
import { quantizeMxfp4 } from '../../kernels/quantize_mxfp4/quantize_mxfp4';
import { quantizeNf4 } from '../../kernels/quantize_nf4/quantize_nf4';
import { quantizeNvfp4 } from '../../kernels/quantize_nvfp4/quantize_nvfp4';
import { transposeInt4 } from '../../kernels/transpose_int4/transpose_int4';
import { roundGroups } from '../../kernels/round_groups/round_groups';
import { E2M1 } from '../../kernels/formats/e2m1';
import { NF4 } from '../../kernels/formats/nf4';
import type { Scope, Tensor } from '../engine/engine';
import { groupSize, largestCode, type Format } from './format';

export type Side = 'weights' | 'activations';

/** A rounded [M,K] matrix: packed codes with group scales, or (other integer widths) its values alone. */
export interface Quantized {
  readonly format: Format;
  readonly rows: number;
  readonly cols: number;
  /** G, inputs per scale. */
  readonly group: number;
  /** Scale of the whole tensor: value = level · group scale · tensorScale. 1 where the format has none. */
  readonly tensorScale: number;
  readonly packed?: { readonly codes: Tensor; readonly scales: Tensor };
  readonly values?: Tensor;
}

/**
 * The per-tensor scale of NVFP4 weights: t = max over groups of (absmax/6) / 448, in float32.
 * A zero tensor has 1.
 */
async function nvfp4TensorScale(scope: Scope, x: Tensor): Promise<number> {
  const rows = await scope.readF32(scope.run(absmaxRows, { x }).m);
  const largest = rows.reduce((a, b) => Math.max(a, b), 0);
  return Math.fround(Math.fround(largest / 6) / 448) || 1;
}

/** Rounds x [M,K] to `format`. Only NVFP4 weights wait for the engine (their tensor scale is a launch parameter). */
export async function quantize(scope: Scope, x: Tensor, format: Format, side: Side): Promise<Quantized> {
  const [rows, cols] = x.shape;
  const group = groupSize(format, cols);
  const base = { format, rows, cols, group, tensorScale: 1 };
  switch (format.kind) {
    case 'int4':
      return { ...base, packed: scope.run(quantizeInt4, { x }, { dims: { G: group } }) };
    case 'int':
      return { ...base, values: scope.run(roundGroups, { x }, { dims: { G: group }, scalars: { qmax: largestCode(format.bits) } }).y };
    case 'nf4':
      return { ...base, packed: scope.run(quantizeNf4, { x }, { dims: { G: group } }) };
    case 'mxfp4':
      return { ...base, packed: scope.run(quantizeMxfp4, { x }, { scalars: { tieToEven: Number(format.ties === 'even') } }) };
    case 'nvfp4': {
      const tensorScale = side === 'weights' ? await nvfp4TensorScale(scope, x) : 1;
      const scalars = { tensorScale, tieToEven: Number(format.ties === 'even'), divideByUnrounded: Number(format.divideByUnrounded) };
      return { ...base, tensorScale, packed: scope.run(quantizeNvfp4, { x }, { scalars }) };
    }
  }
}

/** INT4 weights laid out for the 4-bit products: once per weights. @throws where q holds no INT4 codes */
export function turned(scope: Scope, q: Quantized): { wCodes: Tensor; wScales: Tensor } {
  if (!q.packed || q.format.kind !== 'int4') throw new Error('Only INT4 codes are laid out for the 4-bit products.');
  return scope.run(transposeInt4, q.packed, { dims: { K: q.cols, G: q.group } });
}

/** Unsigned 4 bits for non-negative x: codes 0 … 15, scale max/15 (values only). */
export function roundUnsigned(scope: Scope, x: Tensor, group: number): Tensor {
  return scope.run(roundGroups, { x }, { dims: { G: group }, scalars: { qmax: 15 } }).y;
}

/** Sixteen levels by code. */
export const codebookOf = (format: Format): Float32Array => Float32Array.from(format.kind === 'nf4' ? NF4 : E2M1);

/** The values that the codes stand for, [M,K]. */
export function dequantize(scope: Scope, q: Quantized): Tensor {
  if (q.values) return q.values;
  if (!q.packed) throw new Error('A quantized matrix holds codes or values.');
  const dims = { K: q.cols, G: q.group };
  if (q.format.kind === 'int4') return scope.run(dequantizeInt4, q.packed, { dims }).x;
  const book = scope.upload(codebookOf(q.format), [16]);
  return scope.run(dequantizeCodebook, { ...q.packed, book }, { dims, scalars: { tensorScale: q.tensorScale } }).x;
}
