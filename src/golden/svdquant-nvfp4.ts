/** `svdquant_nvfp4_linear`: the same layer in NVFP4, weights on two levels of scales, activations on one. */

import { E2M1 } from '../../kernels/formats';
import { unpackCodes } from '../../kernels/nibbles';
import { norm } from '../quant/errors';
import type { TieRule } from '../quant/format';
import type { Engine } from '../engine/engine';
import { channelMaxima, exactOutput, unsmoothed, weightBranch, weightFactors, type Smoothed } from '../papers/svdquant/layer';
import { emptyBranch, quantizeLayer } from '../papers/svdquant/method';
import type { MethodOptions } from '../papers/svdquant/params';
import { demand, type Computed, type GoldenAdapter, type GoldenCase } from './case';
import { goldenLayer, goldenSmoothing, rankOf } from './svdquant-linear';

/** Ties go to the larger value unless the case says that they go to the even code. */
const tiesOf = ({ params }: GoldenCase): TieRule => (/\beven\b/i.test(String(params.rounding ?? '')) && !/larger/i.test(String(params.rounding)) ? 'even' : 'larger');

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const layer = goldenLayer(golden, engine);
  const { outFeatures: N, inFeatures: K, tokens: T } = layer;
  for (const [name, only] of [['group_size', 16], ['weight_bits', 4], ['activation_bits', 4]] as const) demand(golden, name, only);
  const options: MethodOptions = {
    format: { kind: 'nvfp4', ties: tiesOf(golden), divideByUnrounded: false }, rank: rankOf(golden, layer), svd: 'exact', execution: 'separate', residual: 'rtn',
  };
  const s = await goldenSmoothing(golden, layer);
  const exact = await exactOutput(layer);
  const hero = await quantizeLayer(layer, s, await weightBranch(layer, s, 'exact', options.rank), options);
  const naive = await quantizeLayer(layer, unsmoothed(layer), emptyBranch, options);
  const smooth = await quantizeLayer(layer, s, emptyBranch, options);
  const svdOnly = await quantizeLayer(layer, unsmoothed(layer), await weightBranch(layer, unsmoothed(layer), 'exact', options.rank), options);
  const maxima = await channelMaxima(layer);
  const singular = async (of: Smoothed): Promise<Float64Array> => (await weightFactors(layer, of, 'exact', options.rank)).svd.s;
  const relative = (squares: number): number => Math.sqrt(squares) / norm(exact);
  const values = (packed: { codes: Uint32Array } | undefined, rows: number): Float32Array =>
    Float32Array.from(unpackCodes(packed?.codes ?? new Uint32Array(0), rows, K), (code) => E2M1[code]);
  const groupScales = hero.weightCodes?.scales ?? new Float32Array(0);
  const tensorScale = hero.weightCodes?.tensorScale ?? 1;
  return {
    arrays: {
      smooth_scale: s.lambda, x_absmax: maxima.x, w_absmax: maxima.w,
      singular_values_smoothed: await singular(s), singular_values_original: await singular(unsmoothed(layer)), lowrank_product: hero.product,
      residual_codes: values(hero.weightCodes, N), residual_fp8_scale: groupScales, residual_total_scale: groupScales.map((v) => v * tensorScale), residual_dequant: hero.roundedResidual,
      x_codes: values(hero.xCodes, T), x_scales: hero.xCodes?.scales ?? [],
      Y_full: exact, Y_svdquant: hero.y, Y_naive: naive.y, Y_smooth: smooth.y, Y_svd_only: svdOnly.y,
      naive_w_codes: values(naive.weightCodes, N), naive_x_codes: values(naive.xCodes, T), naive_x_scales: naive.xCodes?.scales ?? [],
    },
    scalars: {
      tensor_scale: tensorScale,
      rel_fro_error: { naive: relative(naive.squares), smooth_only: relative(smooth.squares), svd_only: relative(svdOnly.squares), smooth_svd: relative(hero.squares) },
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
    x_absmax: { kind: 'exact' },
    w_absmax: { kind: 'exact' },
    'singular_values_*': { kind: 'largest', bound: 1e-5 },
    naive_x_scales: codes,
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
