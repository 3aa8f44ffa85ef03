/**
 * Sparse VideoGen (arXiv 2502.01776): every head under the mask that suits it, by one band kernel.
 * Follows svg/models/{wan,hyvideo,cog}/attention.py, attention_core_logic.
 */

import { attentionMasked } from '../../kernels/attention_masked/attention_masked';
import { classifyTiles } from '../../kernels/classify_tiles/classify_tiles';
import { maskDims, maskScalars, type VideoMask } from '../../kernels/formats/video-mask';
import { withScope, type Engine, type KernelRecord, type Scope, type Tensor } from '../engine/engine';
import { denseAttention, type Output } from './dense';
import { headsAt, scaleOf, upload, type Heads, type Qkv } from './heads';
import { place, placeBack, placement, rowsBack, SPATIAL, TEMPORAL, type Verdict } from './layout';
import { executionMask, profilingMask, type MaskOptions, type Video } from './masks';
import { profileHeads, type Profile } from './profile';

export interface ExecutionOptions extends MaskOptions {
  /** Side of the tiles that the kernel skips or not: a multiple of 16. */
  readonly tile: number;
  /** Whether temporal heads go to token-major order first; without it their mask is re-indexed instead. */
  readonly transform: boolean;
}

/** Attention of tokens that lie as the mask says: o [H,N,D] and lse [H,N]. */
export function underMask(scope: Scope, qkv: Qkv, mask: VideoMask, tile: number): { o: Tensor; lse: Tensor } {
  const [, N, D] = qkv.q.shape;
  const dims = { ...maskDims(mask), B: tile };
  const { tiles } = scope.run(classifyTiles, {}, { dims: { ...dims, N }, scalars: maskScalars(mask) });
  return scope.run(attentionMasked, { ...qkv, tiles }, { dims, scalars: { scale: scaleOf({ D }), ...maskScalars(mask) } });
}

/** One launch: heads that share a mask. */
export interface Launch {
  readonly mask: VideoMask;
  readonly heads: readonly number[];
}

/**
 * With the transform both types run under one and the same band, which is what makes a static kernel do. Two masks are
 * needed where temporal heads stay in frame-major order, and where the sink is frame 0, which the transform scatters.
 */
export function launches(verdict: Verdict, video: Video, options: ExecutionOptions): Launch[] {
  const space = executionMask(video, options);
  const time = executionMask(video, options, options.transform ? 'token' : 'frame', 'token');
  const all = Array.from(verdict.keys());
  if (options.transform && space.sink !== 'frame') return [{ mask: space, heads: all }];
  const of = (type: number): number[] => all.filter((h) => verdict[h] === type);
  return [{ mask: space, heads: of(SPATIAL) }, { mask: time, heads: of(TEMPORAL) }].filter(({ heads }) => heads.length > 0);
}

async function runLaunch(engine: Engine, heads: Heads, verdict: Verdict, mask: VideoMask, options: ExecutionOptions): Promise<Output> {
  return withScope(engine, async (scope) => {
    const moves = options.transform && verdict.includes(TEMPORAL);
    const order = moves ? placement(mask, verdict, heads.N) : undefined;
    const given = upload(scope, heads);
    const at = order && scope.upload(order, [heads.H, heads.N]);
    const { o, lse } = underMask(scope, at ? place(scope, given, at) : given, mask, options.tile);
    const [output, sums] = await scope.readAll([at ? placeBack(scope, o, at) : o, lse]) as Float32Array[];
    return { o: output, lse: order ? rowsBack(sums, order, heads.N) : sums, records: [...scope.records] };
  });
}

/** Every head under the mask of its type, tokens back in frame-major order. @param verdict a type per head */
export async function sparseAttention(engine: Engine, heads: Heads, verdict: Verdict, video: Video, options: ExecutionOptions): Promise<Output> {
  const { H, N, D } = heads;
  const [o, lse] = [new Float32Array(H * N * D), new Float32Array(H * N)];
  const records: KernelRecord[] = [];
  for (const launch of launches(verdict, video, options)) {
    const part = await runLaunch(engine, headsAt(heads, launch.heads), verdict.filter((_, h) => launch.heads.includes(h)), launch.mask, options);
    records.push(...part.records);
    for (const [i, h] of launch.heads.entries()) {
      o.set(part.o.subarray(i * N * D, (i + 1) * N * D), h * N * D);
      lse.set(part.lse.subarray(i * N, (i + 1) * N), h * N);
    }
  }
  return { o, lse, records };
}

/** All heads under one mask, whatever they look at: the baselines that both lose on a layer of mixed heads. */
export const singleMask = (engine: Engine, heads: Heads, type: number, video: Video, options: ExecutionOptions): Promise<Output> =>
  sparseAttention(engine, heads, new Uint8Array(heads.H).fill(type), video, options);

export interface StepOptions extends ExecutionOptions {
  /** Rows to judge heads by (sampleRows). */
  readonly rows: Uint32Array;
  /** The band they are judged with: the executed one, or that of the official code. */
  readonly profiling: 'consistent' | 'code';
  /** Whether the gate keeps this layer at this step dense (isDense). Heads are not judged then. */
  readonly dense: boolean;
}

/** One attention layer at one denoising step. */
export async function attentionStep(engine: Engine, heads: Heads, video: Video, options: StepOptions): Promise<Output & { readonly profile?: Profile }> {
  if (options.dense) return denseAttention(engine, heads);
  const profile = await profileHeads(engine, heads, options.rows, profilingMask(video, options, options.profiling));
  const output = await sparseAttention(engine, heads, profile.verdict, video, options);
  return { ...output, records: [...profile.records, ...output.records], profile };
}
