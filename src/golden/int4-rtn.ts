/** Symmetric INT4 in groups, through the quantizer kernels. */

import { withScope, type Engine } from '../engine/engine';
import { dequantizeInt4 } from '../../kernels/dequantize_int4/dequantize_int4';
import { unpackInt4 } from '../../kernels/nibbles';
import { quantizeInt4 } from '../../kernels/quantize_int4/quantize_int4';
import { demandInt4, floats, groupOf, matrixShape, type Computed, type GoldenAdapter, type GoldenCase } from './case';
import type { Rule } from './compare';

export interface Int4 {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  readonly dequant: Float32Array;
}

/** Rows of K filled with zeros to rows of `width`: zeros change no group's largest value, and their codes are 0. */
function widen(x: Float32Array, M: number, K: number, width: number): Float32Array {
  const out = new Float32Array(M * width);
  for (let i = 0; i < M; i++) out.set(x.subarray(i * K, (i + 1) * K), i * width);
  return out;
}

/** The first K of every `width` entries. */
const narrow = <T extends Int8Array | Float32Array>(x: T, K: number, width: number): T => x.filter((_, i) => i % width < K) as T;

/** x [M,K] in groups of G. Where rows pack groups that do not end on a word (G not a multiple of 8), each group is a row. */
export async function roundInt4(engine: Engine, x: Float32Array, M: number, K: number, G: number): Promise<Int4> {
  if (G % 8 !== 0 && G < K) {
    const width = Math.ceil(K / G) * G;
    const { codes, scales, dequant } = await roundInt4(engine, widen(x, M, K, width), (M * width) / G, G, G);
    return { codes: narrow(codes, K, width), scales, dequant: narrow(dequant, K, width) };
  }
  return withScope(engine, async (scope) => {
    const packed = scope.run(quantizeInt4, { x: scope.upload(x, [M, K]) }, { dims: { G } });
    const values = scope.run(dequantizeInt4, packed, { dims: { K, G } }).x;
    const [codes, scales, dequant] = await scope.readAll([packed.codes, packed.scales, values]);
    if (!(codes instanceof Uint32Array && scales instanceof Float32Array && dequant instanceof Float32Array)) throw new Error('unexpected tensor types.');
    return { codes: unpackInt4(codes, M, K), scales, dequant };
  });
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const [M, K] = matrixShape(golden, 'x');
  demandInt4(golden);
  const { codes, scales, dequant } = await roundInt4(engine, floats(golden, 'x'), M, K, groupOf(golden, K));
  return { arrays: { codes, scales, dequant }, scalars: {} };
}

/** Below half an ulp of float32: equal. An engine whose division is good to 2.5 ulp gets ten times that. */
const EQUAL_FLOAT32: Rule = { kind: 'relative', bound: 5e-8 };

export const int4Rtn: GoldenAdapter = {
  algorithm: 'int4_symmetric_rtn',
  run,
  rules: { codes: { kind: 'exact' }, scales: EQUAL_FLOAT32, dequant: EQUAL_FLOAT32 },
};
