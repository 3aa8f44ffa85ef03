/** What one head gives: dense, under either mask, judged by some of its rows. Each is computed once and remembered. */

import type { VideoMask } from '../../../kernels/formats/video-mask';
import { createRng } from '../../../kernels/rng';
import { singleMask, underMask } from '../../attention/band';
import { denseAttention, type Attention } from '../../attention/dense';
import { upload } from '../../attention/heads';
import { SPATIAL, TEMPORAL } from '../../attention/layout';
import { denseMask, executionMask, profilingMask, realTokens, type Video } from '../../attention/masks';
import { massKept } from '../../attention/measure';
import { meanErrors, profileAll, profileHeads, sampleRows, verdictOf, type Profile } from '../../attention/profile';
import { withScope } from '../../engine/engine';
import type { Problem } from './inputs';
import type { Settings } from './params';

/** The output of one head beside the dense one. */
export interface Measured {
  /** Σ (o − o*)² and Σ o*² */
  readonly gap: number;
  readonly whole: number;
  /** Share of the attention that is kept, mean over the rows. */
  readonly mass: number;
}

export interface Masked extends Attention, Measured {
  /** Mean of (o − o*)² over the channels of each row [N]: what the head would be judged by if all rows were sampled. */
  readonly rowErrors: Float64Array;
}

/** Over the real tokens: padding is no one's concern. */
export function measured({ o, lse }: Attention, dense: Attention, video: Video): Measured {
  const rows = realTokens(video);
  let [gap, whole] = [0, 0];
  for (let i = 0; i < (o.length / lse.length) * rows; i++) {
    gap += (o[i] - dense.o[i]) ** 2;
    whole += dense.o[i] ** 2;
  }
  return { gap, whole, mass: massKept(lse, dense.lse, 1, rows)[0] };
}

/** ‖o − o*‖_F / ‖o*‖_F */
export const relativeOf = ({ gap, whole }: Pick<Measured, 'gap' | 'whole'>): number => (gap === 0 ? 0 : Math.sqrt(gap / whole));

/** What the model computes densely. Rows that judge a head are held against all keys, padding too, as in the code (sample_mse). */
export const denseOf = ({ engine, memo, key, head, video, tokens }: Problem, h: number): Promise<Attention> =>
  memo.get(`dense ${h}`, [key], async () => {
    const given = await head(h);
    if (realTokens(video) === tokens) return denseAttention(engine, given);
    return withScope(engine, async (scope) => {
      const { o, lse } = underMask(scope, upload(scope, given), denseMask(video), DENSE_TILE);
      const [output, sums] = await scope.readAll([o, lse]) as Float32Array[];
      return { o: output, lse: sums };
    });
  });

/** Side of the tiles where padding is left out of dense attention: nearly all are full. */
const DENSE_TILE = 32;

/** What decides the pairs that are kept. */
const maskDeps = ({ keptFraction, grain, sink }: Settings): unknown[] => [keptFraction, grain, sink];

/**
 * A head under the mask of a type. Not remembered by the side of the tiles: which tiles are skipped changes no number.
 * @param problem whose memo keeps it; a sweep brings one of its own
 */
export async function maskedOf(problem: Problem, h: number, type: number, s: Settings): Promise<Masked> {
  const dense = await denseOf(problem, h);
  const { engine, key, head, video, headDim } = problem;
  return (problem.apart ?? problem.memo).get(`masked ${h} ${type}`, [key, ...maskDeps(s), s.transform], async () => {
    const { o, lse } = await singleMask(engine, await head(h), type, video, s);
    const rowErrors = Float64Array.from({ length: problem.tokens }, (_, n) => {
      let sum = 0;
      for (let i = n * headDim; i < (n + 1) * headDim; i++) sum += (o[i] - dense.o[i]) ** 2;
      return sum / headDim;
    });
    return { o, lse, rowErrors, ...measured({ o, lse }, dense, video) };
  });
}

const ROWS_STREAM = 0x0a05;

/** The R rows that all heads are judged by. */
export const rowsOf = ({ seed, rows, below }: Settings): Uint32Array => sampleRows(createRng((seed ^ ROWS_STREAM) >>> 0), rows, below);

/** The mask that heads are judged with, tokens frame-major. */
export const judgingMask = ({ video }: Problem, s: Settings, type = SPATIAL): VideoMask =>
  profilingMask(video, s, s.profiling, type === TEMPORAL ? 'token' : 'frame');

const judgingDeps = (s: Settings): unknown[] => (s.profiling === 'code' ? ['code', s.grain] : maskDeps(s));

/** A head judged by the sampled rows. */
export const profileOf = (problem: Problem, h: number, s: Settings): Promise<Profile> =>
  (problem.apart ?? problem.memo).get(`profile ${h}`, [problem.key, s.rows, s.below, s.seed, ...judgingDeps(s)], async () =>
    profileHeads(problem.engine, await problem.head(h), rowsOf(s), judgingMask(problem, s)));

/** What sampling is held against: a head judged by all rows with the mask that the samples are judged with. */
export type WholeProfile = Pick<Profile, 'rows' | 'rowErrors' | 'verdict'>;

export async function wholeProfileOf(problem: Problem, h: number, s: Settings): Promise<WholeProfile> {
  if (s.profiling === 'code') {
    return problem.memo.get(`all rows ${h}`, [problem.key, s.grain], async () => profileAll(problem.engine, await problem.head(h), judgingMask(problem, s)));
  }
  // Judged with the band that is run, all rows are the two outputs.
  const both = [await maskedOf(problem, h, SPATIAL, s), await maskedOf(problem, h, TEMPORAL, s)];
  const rowErrors = new Float64Array(2 * problem.tokens);
  both.forEach(({ rowErrors: errors }, type) => rowErrors.set(errors, type * problem.tokens));
  return { rows: Uint32Array.from({ length: problem.tokens }, (_, n) => n), rowErrors, verdict: verdictOf(meanErrors(rowErrors, 1)) };
}

/** The mask that is run for a type, on tokens as they lie then. */
export const runMask = ({ video }: Problem, s: Settings, type: number): VideoMask =>
  (type === SPATIAL ? executionMask(video, s) : executionMask(video, s, s.transform ? 'token' : 'frame', 'token'));

/** The same pairs, tokens left frame-major. */
export const leftMask = ({ video }: Problem, s: Settings, type: number): VideoMask => executionMask(video, s, 'frame', type === TEMPORAL ? 'token' : 'frame');
