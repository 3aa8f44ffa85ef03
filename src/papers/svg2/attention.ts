/** Attention over the kept clusters: permute, attend in blocks of variable size, put back. */

import { attention } from '../../../kernels/attention/attention';
import { attentionBlocks } from '../../../kernels/attention_blocks/attention_blocks';
import { gatherRows } from '../../../kernels/gather_rows/gather_rows';
import { listKept } from '../../../kernels/list_kept/list_kept';
import { scatterRows } from '../../../kernels/scatter_rows/scatter_rows';
import type { Scope } from '../../engine/engine';
import { lengthOf, scaleOf, type Heads } from './heads';
import type { Clustering } from './kmeans';
import type { CentroidMap } from './map';

export interface Attention {
  /** [H,S,D], tokens in their own order */
  readonly o: Float32Array;
  /** [H,S]: the natural logarithm of each row's softmax denominator, −1e30 where nothing was seen. */
  readonly lse: Float32Array;
}

/** What every sparse method is held against. Padding, where there is any, sees and is seen by itself only. */
export async function denseAttention(scope: Scope, heads: Heads): Promise<Attention> {
  if (!heads.text) {
    const shape = [heads.heads, heads.tokens, heads.dim];
    const [q, k, v] = [heads.q, heads.k, heads.v].map((x) => scope.upload(x, shape));
    const { o, lse } = scope.run(attention, { q, k, v }, { scalars: { scale: scaleOf(heads), causal: 0 } });
    return attentionOf(await scope.readAll([o, lse]));
  }
  const [S, real] = [lengthOf(heads), heads.tokens + heads.text.prompt];
  const clusters: Clustering = {
    heads: heads.heads, tokens: S, count: 2, centers: new Float32Array(0),
    labels: Uint32Array.from({ length: heads.heads * S }, (_, i) => (i % S < real ? 0 : 1)),
    order: Uint32Array.from({ length: heads.heads * S }, (_, i) => i % S),
    offsets: Uint32Array.from({ length: heads.heads * 3 }, (_, i) => [0, real, S][i % 3]),
  };
  const kept = Uint32Array.from({ length: heads.heads * 4 }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0));
  return blockAttention(scope, heads, clusters, clusters, { kept, queryClusters: 2, keyClusters: 2 });
}

const attentionOf = ([o, lse]: readonly unknown[]): Attention => ({ o: o as Float32Array, lse: lse as Float32Array });

/**
 * Softmax over the tokens of kept clusters; what is dropped is not made up for. Rows of q are brought together by query
 * cluster, rows of k and v by key cluster, and the output is scattered back (svg/kernels/triton/permute.py).
 * @param queries, keys clusters of all S tokens
 */
export async function blockAttention(scope: Scope, heads: Heads, queries: Clustering, keys: Clustering, map: Pick<CentroidMap, 'kept' | 'queryClusters' | 'keyClusters'>): Promise<Attention> {
  const [H, S, D] = [heads.heads, lengthOf(heads), heads.dim];
  const { queryClusters: Cq, keyClusters: Ck } = map;
  const [byQuery, byKey] = [queries, keys].map(({ order }) => scope.upload(order, [H, S]));
  const sorted = (x: Float32Array, order: typeof byKey): typeof byKey => scope.run(gatherRows, { x: scope.upload(x, [H, S, D]), order }).y;
  const { list } = scope.run(listKept, { kept: scope.upload(map.kept, [H, Cq, Ck]) });
  const { o, lse } = scope.run(attentionBlocks, {
    q: sorted(heads.q, byQuery), k: sorted(heads.k, byKey), v: sorted(heads.v, byKey), list,
    queries: scope.upload(queries.offsets, [H, Cq + 1]), keys: scope.upload(keys.offsets, [H, Ck + 1]),
  }, { scalars: { scale: scaleOf(heads) } });
  const found = attentionOf(await scope.readAll([scope.run(scatterRows, { x: o, order: byQuery }).y, lse]));
  return { o: found.o, lse: inPlace(found.lse, queries.order, S) };
}

/** Undoes the order of one number per token. */
export function inPlace(sorted: Float32Array, order: Uint32Array, length: number): Float32Array {
  const out = new Float32Array(sorted.length);
  for (let at = 0; at < out.length; at++) out[Math.floor(at / length) * length + order[at]] = sorted[at];
  return out;
}
