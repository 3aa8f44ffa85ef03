/**
 * Online profiling: a few rows of every head are computed densely and under both masks; the nearer mask is the head's.
 * Follows svg/models/{wan,hyvideo,cog}/attention.py, sample_mse.
 */

import { attentionProfile } from '../../kernels/attention_profile/attention_profile';
import { maskDims, maskScalars, type VideoMask } from '../../kernels/formats/video-mask';
import type { Rng } from '../../kernels/rng';
import { withScope, type Engine, type KernelRecord } from '../engine/engine';
import { scaleOf, upload, type Heads } from './heads';
import { SPATIAL, TEMPORAL, type Verdict } from './layout';

/** R rows of [0, below), uniform and with replacement; the same ones serve every head. */
export const sampleRows = (rng: Rng, count: number, below: number): Uint32Array => Uint32Array.from({ length: count }, () => rng.below(below));

export interface Profile {
  readonly rows: Uint32Array;
  /** Mean square of o_mask − o* over the channels of each row, [2,H,R]: spatial, then temporal. */
  readonly rowErrors: Float64Array;
  /** Mean square of the dense output over the channels of each row, [H,R]. */
  readonly squares: Float64Array;
  /** The errors over the rows too, [2,H]: what decides. */
  readonly errors: Float64Array;
  /** ‖o_mask − o*‖_F / ‖o*‖_F over the rows, [2,H]. */
  readonly relative: Float64Array;
  /** Share of each row's attention that the mask keeps, [2,H,R]. */
  readonly mass: Float32Array;
  readonly verdict: Verdict;
  readonly records: readonly KernelRecord[];
}

/** Means over the rows at `picks`, [2,H], of `rowErrors` [2,H,R]. Without picks all rows count. */
export function meanErrors(rowErrors: Float64Array, H: number, picks?: ArrayLike<number>): Float64Array {
  const R = rowErrors.length / (2 * H);
  const count = picks?.length ?? R;
  return Float64Array.from({ length: 2 * H }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += rowErrors[at * R + (picks ? picks[i] : i)];
    return sum / count;
  });
}

/** The mask with the smaller error; of equal ones the spatial, as argmin does. @param errors [2,H] */
export const verdictOf = (errors: Float64Array): Verdict =>
  Uint8Array.from({ length: errors.length / 2 }, (_, h) => (errors[errors.length / 2 + h] < errors[h] ? TEMPORAL : SPATIAL));

/** @param mask of frame-major tokens; the kernel runs its band along both layouts */
export const profileHeads = (engine: Engine, heads: Heads, rows: Uint32Array, mask: VideoMask): Promise<Profile> =>
  withScope(engine, async (scope) => {
    const { H, D } = heads;
    const R = rows.length;
    const { bandOrder: _, ...scalars } = maskScalars(mask);
    const out = scope.run(attentionProfile, { ...upload(scope, heads), rows: scope.upload(rows, [R]) }, { dims: maskDims(mask), scalars: { scale: scaleOf(heads), ...scalars } });
    const [o, mass] = await scope.readAll([out.o, out.mass]) as Float32Array[];
    const rowErrors = Float64Array.from({ length: 2 * H * R }, (_unused, at) => {
      const [dense, masked] = [(at % (H * R)) * D, (at + H * R) * D];
      let sum = 0;
      for (let d = 0; d < D; d++) sum += (o[masked + d] - o[dense + d]) ** 2;
      return sum / D;
    });
    const errors = meanErrors(rowErrors, H);
    const squares = Float64Array.from({ length: H * R }, (_unused, at) => {
      let sum = 0;
      for (let i = at * D; i < (at + 1) * D; i++) sum += o[i] ** 2;
      return sum / D;
    });
    const whole = Float64Array.from({ length: H }, (_unused, h) => squares.subarray(h * R, (h + 1) * R).reduce((a, b) => a + b, 0) / R);
    const relative = errors.map((e, at) => (e === 0 ? 0 : Math.sqrt(e / whole[at % H])));
    return { rows, rowErrors, squares, errors, relative, mass, verdict: verdictOf(errors), records: [...scope.records] };
  });

/** The profile of all rows: what sampling is held against, and what `agreement` samples from. */
export const profileAll = (engine: Engine, heads: Heads, mask: VideoMask): Promise<Profile> =>
  profileHeads(engine, heads, Uint32Array.from({ length: heads.N }, (_, i) => i), mask);

/** Share of `draws` samples of `count` rows whose verdict is that of all rows, for each head. */
export function agreement(all: Pick<Profile, 'rows' | 'rowErrors' | 'verdict'>, H: number, rng: Rng, count: number, draws: number, below = all.rows.length): Float64Array {
  const hits = new Float64Array(H);
  for (let draw = 0; draw < draws; draw++) {
    const verdict = verdictOf(meanErrors(all.rowErrors, H, sampleRows(rng, count, below)));
    for (let h = 0; h < H; h++) if (verdict[h] === all.verdict[h]) hits[h]++;
  }
  return hits.map((n) => n / draws);
}
