/** `svdquant_nvfp4_linear`: the same layer in NVFP4, weights on two levels of scales, activations on one. */

import { E2M1 } from '../../kernels/formats';
import { unpackCodes } from '../../kernels/nibbles';
import { norm } from '../quant/errors';
import type { Engine } from '../engine/engine';
import { exactOutput, unsmoothed, weightBranch } from '../papers/svdquant/layer';
import { emptyBranch, quantizeLayer } from '../papers/svdquant/method';
import type { MethodOptions } from '../papers/svdquant/params';
import { param, type Computed, type GoldenAdapter, type GoldenCase } from './case';
import { goldenLayer, goldenSmoothing } from './svdquant-linear';

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const layer = goldenLayer(golden, engine);
  const { outFeatures: N, inFeatures: K, tokens: T } = layer;
  if (param(golden, 'group_size', 16) !== 16) throw new Error(`params.group_size is ${param(golden, 'group_size')}, but NVFP4 has groups of 16.`);
  const options: MethodOptions = {
    format: { kind: 'nvfp4', ties: 'larger', divideByUnrounded: false }, rank: param(golden, 'rank'), svd: 'exact', execution: 'separate', residual: 'rtn',
  };
  const s = await goldenSmoothing(golden, layer);
  const exact = await exactOutput(layer);
  const hero = await quantizeLayer(layer, s, await weightBranch(layer, s, 'exact', options.rank), options);
  const naive = await quantizeLayer(layer, unsmoothed(layer), emptyBranch, options);
  const smooth = await quantizeLayer(layer, s, emptyBranch, options);
  const relative = (squares: number): number => Math.sqrt(squares) / norm(exact);
  const values = (packed: { codes: Uint32Array } | undefined, rows: number): Float32Array =>
    Float32Array.from(unpackCodes(packed?.codes ?? new Uint32Array(0), rows, K), (code) => E2M1[code]);
  const groupScales = hero.weightCodes?.scales ?? new Float32Array(0);
  const tensorScale = hero.weightCodes?.tensorScale ?? 1;
  return {
    arrays: {
      smooth_scale: s.lambda, lowrank_product: hero.product,
      residual_codes: values(hero.weightCodes, N), residual_fp8_scale: groupScales, residual_total_scale: groupScales.map((v) => v * tensorScale), residual_dequant: hero.roundedResidual,
      x_codes: values(hero.xCodes, T), x_scales: hero.xCodes?.scales ?? [],
      Y_full: exact, Y_svdquant: hero.y, Y_naive: naive.y, Y_smooth: smooth.y,
    },
    scalars: {
      tensor_scale: tensorScale,
      rel_fro_error: { naive: relative(naive.squares), smooth_only: relative(smooth.squares), smooth_svd: relative(hero.squares) },
    },
  };
}

const codes = { kind: 'codes', equal: 0.995 } as const;
const output = { kind: 'frobenius', bound: 5e-3 } as const;

export const svdquantNvfp4: GoldenAdapter = {
  algorithm: 'svdquant_nvfp4_linear',
  run,
  rules: {
    smooth_scale: { kind: 'relative', bound: 2e-6 },
    lowrank_product: { kind: 'frobenius', bound: 1e-5 },
    '*_codes': codes,
    // E4M3 scales are decisions too: an absmax near a boundary may take the neighbouring one.
    residual_fp8_scale: codes,
    residual_total_scale: { kind: 'frobenius', bound: 5e-3 },
    x_scales: codes,
    'Y_full': { kind: 'frobenius', bound: 1e-5 },
    '*_dequant': output,
    'Y_*': output,
    tensor_scale: { kind: 'relative', bound: 1e-4 },
    'rel_fro_error.*': { kind: 'relative', bound: 0.02 },
  },
};
