/**
 * `svg1_head_classification_and_layout`: masks, head types from sampled rows, the layout transform, and attention under
 * the executed band. The official code profiles with a band that is not the executed one, and so does this.
 */

import { keep, type VideoMask } from '../../kernels/formats/video-mask';
import { singleMask, sparseAttention } from '../attention/band';
import { denseAttention } from '../attention/dense';
import { upload, type Heads } from '../attention/heads';
import { destinations, place, placement, SPATIAL, TEMPORAL, type Verdict } from '../attention/layout';
import { executionMask, roundedWidth, sparsityToWidth, type Variant, type Video } from '../attention/masks';
import { relativeErrors } from '../attention/measure';
import { densityOfMask } from '../attention/pairs';
import { withScope, type Engine } from '../engine/engine';
import { floats, param, type Computed, type GoldenAdapter, type GoldenCase } from './case';
import { compare, FLOAT32_SLACK } from './compare';
import { judge } from './svg1-judge';
import { followed, marginCheck, ROUNDING, verdictCheck, verdictOf } from './svg1-verdict';

/** As cases name them, and as the folders of the official code do. */
const VARIANTS: Readonly<Record<string, Variant>> = { wan: 'wan', hy: 'hunyuan', hyvideo: 'hunyuan', hunyuan: 'hunyuan', cog: 'cog', cogvideox: 'cog' };

function videoOf(golden: GoldenCase): Video {
  const variant = VARIANTS[String(golden.params.variant)];
  if (!variant) throw new Error(`params.variant is ${JSON.stringify(golden.params.variant)}, but only ${Object.keys(VARIANTS).join(', ')} are computed here.`);
  const scale = golden.params.softmax_scale ?? '1/sqrt(d)';
  if (scale !== '1/sqrt(d)') throw new Error(`params.softmax_scale is ${JSON.stringify(scale)}, but only 1/sqrt(d) is computed here.`);
  const [frames, positions] = ['frames', 'tokens_per_frame'].map((name) => param(golden, name));
  const text = param(golden, 'text_tokens', 0);
  if (variant === 'wan' && text > 0) throw new Error(`params.text_tokens is ${text}, but Wan has no text among its tokens.`);
  return { variant, frames, positions, text, prompt: param(golden, 'prompt_tokens', text) };
}

function headsOf(golden: GoldenCase, { frames, positions, text }: Video): Heads {
  const [H, N, D] = golden.inputs.Q?.shape ?? [];
  if (N !== frames * positions + text) throw new Error(`in_Q.npy has ${N} tokens, but ${frames} frames of ${positions} and ${text} of text are ${frames * positions + text}.`);
  const [q, k, v] = ['Q', 'K', 'V'].map((name) => floats(golden, name));
  return { H, N, D, q, k, v };
}

/** First kept key, last kept key, number of kept keys of every row. [N,3] */
function spans(mask: VideoMask, N: number): Int32Array {
  const out = new Int32Array(3 * N);
  for (let q = 0; q < N; q++) {
    let [first, last, count] = [-1, -1, 0];
    for (let k = 0; k < N; k++) {
      if (!keep(mask, q, k)) continue;
      if (count++ === 0) first = k;
      last = k;
    }
    out.set([first, last, count], 3 * q);
  }
  return out;
}

/** The first channels of Q [H,N,D] after the placement of its heads. */
const placedChannels = (engine: Engine, heads: Heads, mask: VideoMask, verdict: Verdict, channels: number): Promise<Float32Array> =>
  withScope(engine, async (scope) => {
    const order = scope.upload(placement(mask, verdict, heads.N), [heads.H, heads.N]);
    const q = await scope.readF32(place(scope, upload(scope, heads), order).q);
    return q.filter((_, at) => at % heads.D < channels);
  });

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const video = videoOf(golden);
  const heads = headsOf(golden, video);
  const { H, N } = heads;
  const rows = Uint32Array.from(floats(golden, 'sampled_rows'));
  const options = { keptFraction: param(golden, 'sparsity_kept_fraction'), grain: 128, sink: 'places', tile: 16, transform: true } as const;
  const executed = executionMask(video, options);
  const { errors, rows: masks, density } = await judge(engine, heads, rows, video, options);
  const own = verdictOf(errors, H);
  const verdict = followed(golden, own, errors);
  const dense = await denseAttention(engine, heads);
  const sparse = await sparseAttention(engine, heads, verdict, video, options);
  const [spatial, temporal] = [await singleMask(engine, heads, SPATIAL, video, options), await singleMask(engine, heads, TEMPORAL, video, options)];
  // Left in frame-major order, with the mask re-indexed (its sink too), the same pairs are kept.
  const apart = await sparseAttention(engine, heads, verdict, video, { ...options, transform: false });
  const errorsOf = (o: Float32Array): number[] => Array.from(relativeErrors(o, dense.o, H));
  const ratio = Array.from({ length: H }, (_, h) => {
    const pair = [errors[h], errors[H + h]];
    return Math.max(...pair) / Math.min(...pair);
  });
  const slack = engine.kind === 'reference' ? 1 : FLOAT32_SLACK;
  return {
    arrays: {
      sampled_mse: errors,
      best_mask: own,
      profile_mask_rows_spatial: masks[0],
      profile_mask_rows_temporal: masks[1],
      exec_mask_row_first_last: spans(executed, N),
      token_major_destination: destinations(executed, N),
      Q_after_placement: await placedChannels(engine, heads, executed, verdict, golden.expected.Q_after_placement?.shape[2] ?? 4),
      output: sparse.o,
      output_dense: dense.o,
    },
    scalars: {
      best_mask_per_head: Array.from(own),
      width_in_frames: sparsityToWidth(options.keptFraction, video.text, video.frames, video.positions),
      band_tokens_exec: roundedWidth(video, options),
      exec_mask_density: densityOfMask(executed),
      profile_mask_density: [...density],
      rel_error_vs_dense_per_head_selected: errorsOf(sparse.o),
      rel_error_all_spatial: errorsOf(spatial.o),
      rel_error_all_temporal: errorsOf(temporal.o),
      mse_margin_ratio_worst_over_best: ratio,
    },
    checks: [
      ...verdictCheck(golden, verdict),
      ...marginCheck(golden, ratio, errors, slack),
      compare('output without the transform, its mask re-indexed', apart.o, golden.expected.output?.data ?? sparse.o, { kind: 'frobenius', bound: 1e-5 }, slack),
    ],
  };
}

const near = { kind: 'free', why: 'verdicts are compared where the margin decides' } as const;

export const svg1Heads: GoldenAdapter = {
  algorithm: 'svg1_head_classification_and_layout',
  run,
  rules: {
    sampled_mse: { kind: 'relative', bound: 1e-4, floor: ROUNDING },
    'best_mask*': near,
    'profile_mask_rows_*': { kind: 'exact' },
    exec_mask_row_first_last: { kind: 'exact' },
    token_major_destination: { kind: 'exact' },
    Q_after_placement: { kind: 'exact' },
    'output*': { kind: 'frobenius', bound: 1e-5 },
    width_in_frames: { kind: 'relative', bound: 1e-6 },
    band_tokens_exec: { kind: 'exact' },
    exec_mask_density: { kind: 'relative', bound: 1e-6 },
    profile_mask_density: { kind: 'relative', bound: 1e-6 },
    'rel_error_*': { kind: 'relative', bound: 1e-4, floor: 0.03 }, // outputs of float32 differ by some 1e-6
    mse_margin_ratio_worst_over_best: { kind: 'free', why: 'compared where the smaller error is more than rounding' },
  },
};
