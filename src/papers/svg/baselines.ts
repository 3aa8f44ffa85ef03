/** What the method is held against, beside dense attention and one mask for all heads (method.ts). */

import { attentionBlocks } from '../../../kernels/attention_blocks/attention_blocks';
import { listKept } from '../../../kernels/list_kept/list_kept';
import { createRng } from '../../../kernels/rng';
import { singleMask, type ExecutionOptions } from '../../attention/band';
import type { Output } from '../../attention/dense';
import { scaleOf, upload, type Heads } from '../../attention/heads';
import { SPATIAL } from '../../attention/layout';
import type { Video } from '../../attention/masks';
import { withScope, type Engine } from '../../engine/engine';

/** The band over frames alone, without a sink, for every head: a sliding window. Text is kept as the variant says. */
export const slidingWindow = (engine: Engine, heads: Heads, video: Video, options: ExecutionOptions): Promise<Output> =>
  singleMask(engine, heads, SPATIAL, video, { ...options, sink: 'none' });

/**
 * Random tiles at a given density: each row of tiles keeps as many of the S as the density says, at least one, drawn
 * without replacement, and other ones in every head. u32[H,S,S]
 */
export function randomTiles(H: number, S: number, density: number, seed: number): Uint32Array {
  const rng = createRng(seed);
  const kept = new Uint32Array(H * S * S);
  const count = Math.min(S, Math.max(1, Math.round(density * S)));
  const columns = Uint32Array.from({ length: S }, (_, j) => j);
  for (let row = 0; row < H * S; row++) {
    for (let i = 0; i < count; i++) {
      const at = i + rng.below(S - i);
      [columns[i], columns[at]] = [columns[at], columns[i]];
      kept[row * S + columns[i]] = 1;
    }
  }
  return kept;
}

/** Attention over random tiles of `tile` tokens. @param density share of tiles to keep */
export const randomBlocks = (engine: Engine, heads: Heads, tile: number, density: number, seed: number): Promise<Output> =>
  withScope(engine, async (scope) => {
    const { H, N } = heads;
    const S = Math.ceil(N / tile);
    const bounds = scope.upload(Uint32Array.from({ length: H * (S + 1) }, (_, i) => Math.min(N, (i % (S + 1)) * tile)), [H, S + 1]);
    const { list } = scope.run(listKept, { kept: scope.upload(randomTiles(H, S, density, seed), [H, S, S]) });
    const { o, lse } = scope.run(attentionBlocks, { ...upload(scope, heads), queries: bounds, keys: bounds, list }, { scalars: { scale: scaleOf(heads) } });
    const [output, sums] = await scope.readAll([o, lse]) as Float32Array[];
    return { o: output, lse: sums, records: [...scope.records] };
  });
