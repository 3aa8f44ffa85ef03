/** GPTQ on group scales fixed beforehand, beside rounding to nearest with the same scales. */

import type { Engine } from '../engine/engine';
import { gptq } from '../quant/gptq';
import { demandInt4, floats, groupOf, matrixShape, param, type Computed, type GoldenAdapter, type GoldenCase } from './case';
import { roundInt4 } from './int4-rtn';

/** ‖X (Q − W)ᵀ‖ / ‖X Wᵀ‖, float64. */
function outputError(x: Float32Array, w: Float32Array, q: Float32Array, tokens: number, rows: number, cols: number): number {
  let [error, norm] = [0, 0];
  for (let t = 0; t < tokens; t++) {
    for (let n = 0; n < rows; n++) {
      let [e, y] = [0, 0];
      for (let k = 0; k < cols; k++) {
        const xk = x[t * cols + k];
        e += xk * (q[n * cols + k] - w[n * cols + k]);
        y += xk * w[n * cols + k];
      }
      error += e * e;
      norm += y * y;
    }
  }
  return Math.sqrt(error / norm);
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const weights = floats(golden, 'W');
  const activations = floats(golden, 'X');
  const [rows, cols] = matrixShape(golden, 'W');
  const [tokens] = matrixShape(golden, 'X');
  demandInt4(golden);
  const { order } = golden.params;
  if (typeof order === 'string' && !/descending/i.test(order)) throw new Error(`params.order is "${order}", but columns are taken by descending Hessian diagonal.`);
  const groupSize = groupOf(golden, cols);
  const nearest = await roundInt4(engine, weights, rows, cols, groupSize);
  const solved = gptq({
    weights, rows, cols, activations, tokens, groupSize, scales: nearest.scales,
    dampFraction: param(golden, 'damp_fraction', 0.01), blockSize: param(golden, 'block_size', 128),
  });
  const error = outputError(activations, weights, solved.dequantized, tokens, rows, cols);
  return {
    arrays: { codes: solved.codes, scales: nearest.scales, codes_rtn: nearest.codes },
    scalars: {
      rel_output_error_gptq: error,
      rel_output_error_rtn: outputError(activations, weights, nearest.dequant, tokens, rows, cols),
      rel_output_error_independent_float64: error,
    },
  };
}

export const gptqFixedScales: GoldenAdapter = {
  algorithm: 'gptq_fixed_group_scales',
  run,
  rules: {
    codes: { kind: 'codes', equal: 0.98 },
    codes_rtn: { kind: 'codes', equal: 0.999, step: 1 },
    scales: { kind: 'relative', bound: 5e-8 },
    rel_output_error_gptq: { kind: 'relative', bound: 0.02 },
    rel_output_error_rtn: { kind: 'relative', bound: 0.02 },
    rel_output_error_independent_float64: { kind: 'relative', bound: 0.02 },
    fraction_codes_different_independent_vs_official: { kind: 'free', why: 'says how two other programs agree' },
  },
};
