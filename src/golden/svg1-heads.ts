/**
 * `svg1_head_classification_and_layout`: masks, head types from sampled rows, the layout transform, and attention under
 * the executed band. The official code profiles with a band that is not the executed one, and so does this.
 */

import { keep, type VideoMask } from '../../kernels/formats/video-mask';
import { withScope, type Engine } from '../engine/engine';
import { upload, type Heads } from '../attention/heads';
import { destinations, place, placement, SPATIAL, TEMPORAL, type Verdict } from '../attention/layout';
import { bandTokens, executionMask, profilingMask, sparsityToWidth, type Variant, type Video } from '../attention/masks';
import { countTiles } from '../attention/pairs';
import { singleMask, sparseAttention } from '../attention/band';
import { denseAttention } from '../attention/dense';
import { relativeErrors } from '../attention/measure';
import { profileHeads } from '../attention/profile';
import { floats, param, type Computed, type GoldenAdapter, type GoldenCase } from './case';
import { compare, FLOAT32_SLACK, type Check } from './compare';

const VARIANTS: Readonly<Record<string, Variant>> = { wan: 'wan', hy: 'hunyuan', cog: 'cog' };

function videoOf(golden: GoldenCase): Video {
  const variant = VARIANTS[String(golden.params.variant)];
  if (!variant) throw new Error(`params.variant is ${JSON.stringify(golden.params.variant)}, but only ${Object.keys(VARIANTS).join(', ')} are computed here.`);
  if (golden.params.softmax_scale !== '1/sqrt(d)') throw new Error('params.softmax_scale must be 1/sqrt(d).');
  const [frames, positions, text, prompt] = ['frames', 'tokens_per_frame', 'text_tokens', 'prompt_tokens'].map((name) => param(golden, name));
  return { variant, frames, positions, text, prompt };
}

function headsOf(golden: GoldenCase): Heads {
  const [H, N, D] = golden.inputs.Q?.shape ?? [];
  const [q, k, v] = ['Q', 'K', 'V'].map((name) => floats(golden, name));
  return { H, N, D, q, k, v };
}

const maskRows = (mask: VideoMask, rows: Uint32Array, N: number): Uint8Array => Uint8Array.from({ length: rows.length * N }, (_, at) => (keep(mask, rows[Math.floor(at / N)], at % N) ? 1 : 0));

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

/** Verdicts where the two errors are further apart than a share of 1 %; nearer ones may go either way. */
function verdictCheck(golden: GoldenCase, verdict: Verdict): Check {
  const expected = golden.expected.best_mask?.data ?? [];
  const ratio = golden.scalars.mse_margin_ratio_worst_over_best;
  const wrong = Array.from(verdict).filter((type, h) => !(Array.isArray(ratio) && Number(ratio[h]) <= 1.01) && type !== expected[h]).length;
  return { quantity: 'verdicts with a margin', deviation: wrong, bound: 0, ok: wrong === 0 };
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const [video, heads] = [videoOf(golden), headsOf(golden)];
  const { H, N } = heads;
  const rows = Uint32Array.from(floats(golden, 'sampled_rows'));
  const options = { keptFraction: param(golden, 'sparsity_kept_fraction'), grain: 128, sink: 'places', tile: 16, transform: true } as const;
  const [space, time] = (['frame', 'token'] as const).map((order) => profilingMask(video, options, 'code', order));
  const executed = executionMask(video, options);
  const profile = await profileHeads(engine, heads, rows, space);
  const dense = await denseAttention(engine, heads);
  const sparse = await sparseAttention(engine, heads, profile.verdict, video, options);
  const [spatial, temporal] = [await singleMask(engine, heads, SPATIAL, video, options), await singleMask(engine, heads, TEMPORAL, video, options)];
  // Left in frame-major order, with the mask re-indexed (its sink too), the same pairs are kept.
  const apart = await sparseAttention(engine, heads, profile.verdict, video, { ...options, transform: false });
  const errorsOf = (o: Float32Array): number[] => Array.from(relativeErrors(o, dense.o, H));
  const ratio = Array.from({ length: H }, (_, h) => {
    const pair = [profile.errors[h], profile.errors[H + h]];
    return Math.max(...pair) / Math.min(...pair);
  });
  const slack = engine.kind === 'reference' ? 1 : FLOAT32_SLACK;
  return {
    arrays: {
      sampled_mse: profile.errors,
      best_mask: profile.verdict,
      profile_mask_rows_spatial: maskRows(space, rows, N),
      profile_mask_rows_temporal: maskRows(time, rows, N),
      exec_mask_row_first_last: spans(executed, N),
      token_major_destination: destinations(executed, N),
      Q_after_placement: await placedChannels(engine, heads, executed, profile.verdict, golden.expected.Q_after_placement?.shape[2] ?? 4),
      output: sparse.o,
      output_dense: dense.o,
    },
    scalars: {
      best_mask_per_head: Array.from(profile.verdict),
      width_in_frames: sparsityToWidth(options.keptFraction, video.text, video.frames, video.positions),
      band_tokens_exec: bandTokens(video, options),
      exec_mask_density: countTiles(executed, 16).density,
      profile_mask_density: [space, time].map((mask) => countTiles(mask, 16).density),
      rel_error_vs_dense_per_head_selected: errorsOf(sparse.o),
      rel_error_all_spatial: errorsOf(spatial.o),
      rel_error_all_temporal: errorsOf(temporal.o),
      mse_margin_ratio_worst_over_best: ratio,
    },
    checks: [
      verdictCheck(golden, profile.verdict),
      compare('output without the transform, its mask re-indexed', apart.o, golden.expected.output?.data ?? [], { kind: 'frobenius', bound: 1e-5 }, slack),
    ],
  };
}

const near = { kind: 'free', why: 'verdicts are compared where the margin decides' } as const;

export const svg1Heads: GoldenAdapter = {
  algorithm: 'svg1_head_classification_and_layout',
  run,
  rules: {
    sampled_mse: { kind: 'relative', bound: 1e-4 },
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
    'rel_error_*': { kind: 'relative', bound: 1e-4 },
    mse_margin_ratio_worst_over_best: { kind: 'relative', bound: 1e-4 },
  },
};
