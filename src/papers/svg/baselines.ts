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
 * without replacement, and other ones in every head. Where that is no whole number, rows take turns. u32[H,S,S]
 */
export function randomTiles(H: number, S: number, density: number, seed: number): Uint32Array {
  const rng = createRng(seed);
  const kept = new Uint32Array(H * S * S);
  const columns = Uint32Array.from({ length: S }, (_, j) => j);
  const due = (rows: number): number => Math.round(rows * density * S);
  for (let row = 0; row < H * S; row++) {
    const count = Math.min(S, Math.max(1, due((row % S) + 1) - due(row % S)));
    for (let i = 0; i < count; i++) {
      const at = i + rng.below(S - i);
      [columns[i], columns[at]] = [columns[at], columns[i]];
      kept[row * S + columns[i]] = 1;
    }
  }
  return kept;
}

/**
 * Attention over random tiles of `tile` tokens.
 * @param density share of tiles to keep; the share of pairs that came of it is returned
 */
export const randomBlocks = (engine: Engine, heads: Heads, tile: number, density: number, seed: number): Promise<Output & { readonly density: number }> =>
  withScope(engine, async (scope) => {
    const { H, N } = heads;
    const S = Math.ceil(N / tile);
    const kept = randomTiles(H, S, density, seed);
    const extent = (t: number): number => Math.min(tile, N - t * tile);
    const pairs = kept.reduce((sum, on, i) => sum + on * extent(Math.floor(i / S) % S) * extent(i % S), 0);
    const bounds = scope.upload(Uint32Array.from({ length: H * (S + 1) }, (_, i) => Math.min(N, (i % (S + 1)) * tile)), [H, S + 1]);
    const { list } = scope.run(listKept, { kept: scope.upload(kept, [H, S, S]) });
    const { o, lse } = scope.run(attentionBlocks, { ...upload(scope, heads), queries: bounds, keys: bounds, list }, { scalars: { scale: scaleOf(heads) } });
    const [output, sums] = await scope.readAll([o, lse]) as Float32Array[];
    return { o: output, lse: sums, records: [...scope.records], density: pairs / (H * N ** 2) };
  });
