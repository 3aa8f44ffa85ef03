/** Rounding of single numbers to E2M1 and E4M3, ties to the larger value as in DeepCompressor. */

import { withScope, type Engine } from '../engine/engine';
import { E2M1 } from '../../kernels/formats/e2m1';
import { roundE4m3 } from '../../kernels/formats/e4m3';
import { dequantizeCodebook } from '../../kernels/dequantize_codebook/dequantize_codebook';
import { quantizeNvfp4 } from '../../kernels/quantize_nvfp4/quantize_nvfp4';
import { floats, type Computed, type GoldenAdapter, type GoldenCase } from './case';

/** Beside each number stands a 6, so that its group's scale is 1; beyond ±6 the format saturates, as a scale of 1 would. */
async function roundFp4(engine: Engine, values: Float32Array): Promise<Float32Array> {
  const pairs = new Float32Array(2 * values.length);
  for (let i = 0; i < values.length; i++) {
    pairs[2 * i] = Math.min(6, Math.max(-6, values[i]));
    pairs[2 * i + 1] = 6;
  }
  const rounded = await withScope(engine, (scope) => {
    const x = scope.upload(pairs, [values.length, 2]);
    const packed = scope.run(quantizeNvfp4, { x }, { scalars: { tensorScale: 1, tieToEven: 0, divideByUnrounded: 0 } });
    const book = scope.upload(E2M1, [16]);
    return scope.readF32(scope.run(dequantizeCodebook, { ...packed, book }, { dims: { K: 2, G: 16 }, scalars: { tensorScale: 1 } }).x);
  });
  return rounded.filter((_, i) => i % 2 === 0);
}

/** A group whose largest value is 6 s has the scale e4m3(s): the quantizer's own E4M3 rounding, for s > 0. */
async function roundFp8(engine: Engine, values: Float32Array): Promise<Float32Array> {
  const scales = await withScope(engine, (scope) => {
    const x = scope.upload(values.map((v) => 6 * Math.abs(v)), [values.length, 1]);
    return scope.readF32(scope.run(quantizeNvfp4, { x }, { scalars: { tensorScale: 1, tieToEven: 0, divideByUnrounded: 0 } }).scales);
  });
  // 6 v and 6 v / 6 round: a value that does not come back could cross a boundary on the way, not in the quantizer.
  const comesBack = (v: number): boolean => Math.fround(Math.fround(6 * v) / 6) === v;
  // Scales are positive, and 1 stands for 0: signs and zeros come from the scalar function that the scales must agree with.
  return values.map((v, i) => {
    const expected = roundE4m3(v, 'larger');
    return v > 0 && expected !== 0 && (v > 448 || comesBack(v)) ? scales[i] : expected;
  });
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const arrays: Record<string, ArrayLike<number>> = {};
  if (golden.inputs.fp4_in) arrays.fp4_out = await roundFp4(engine, floats(golden, 'fp4_in'));
  if (golden.inputs.fp8_in) arrays.fp8_out = await roundFp8(engine, floats(golden, 'fp8_in'));
  return { arrays, scalars: {} };
}

export const floatCodebook: GoldenAdapter = {
  algorithm: 'float_codebook_rounding',
  run,
  rules: { '*': { kind: 'exact' } },
};
