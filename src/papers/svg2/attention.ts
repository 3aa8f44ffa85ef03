/** Attention over the kept clusters: permute, attend in blocks of variable size, put back. */

import { attentionBlocks } from '../../../kernels/attention_blocks/attention_blocks';
import { gatherRows } from '../../../kernels/gather_rows/gather_rows';
import { listKept } from '../../../kernels/list_kept/list_kept';
import { scatterRows } from '../../../kernels/scatter_rows/scatter_rows';
import { denseAttention, type Attention } from '../../attention/dense';
import { upload } from '../../attention/heads';
import { rowsBack } from '../../attention/layout';
import type { Scope, Tensor } from '../../engine/engine';
import { realLength, scaleOf, type VideoHeads } from './heads';
import type { Clustering } from './kmeans';
import type { CentroidMap } from './map';

/**
 * What every sparse method is held against: `denseAttention`, but padding, where there is any, sees and is seen by itself
 * only.
 */
export async function denseOf(scope: Scope, heads: VideoHeads): Promise<Attention> {
  const { H, N, text } = heads;
  if (!text) return denseAttention(scope.engine, heads);
  const real = realLength(heads);
  const clusters: Clustering = {
    heads: H, tokens: N, count: 2, centers: new Float32Array(0),
    labels: Uint32Array.from({ length: H * N }, (_, i) => (i % N < real ? 0 : 1)),
    order: Uint32Array.from({ length: H * N }, (_, i) => i % N),
    offsets: Uint32Array.from({ length: H * 3 }, (_, i) => [0, real, N][i % 3]),
  };
  const kept = Uint32Array.from({ length: H * 4 }, (_, i) => (i % 4 === 0 || i % 4 === 3 ? 1 : 0));
  return blockAttention(scope, heads, clusters, clusters, { kept, queryClusters: 2, keyClusters: 2 });
}

/**
 * Softmax over the tokens of kept clusters; what is dropped is not made up for. Rows of q are brought together by query
 * cluster, rows of k and v by key cluster, and the output is scattered back (svg/kernels/triton/permute.py).
 * @param queries, keys clusters of all S tokens
 */
export async function blockAttention(scope: Scope, heads: VideoHeads, queries: Clustering, keys: Clustering, map: Pick<CentroidMap, 'kept' | 'queryClusters' | 'keyClusters'>): Promise<Attention> {
  const { H, N } = heads;
  const { queryClusters: Cq, keyClusters: Ck } = map;
  const [byQuery, byKey] = [queries, keys].map(({ order }) => scope.hold(order, [H, N]));
  const sorted = (x: Tensor, order: Tensor): Tensor => scope.run(gatherRows, { x, order }).y;
  const { q, k, v } = upload(scope, heads);
  const { list } = scope.run(listKept, { kept: scope.upload(map.kept, [H, Cq, Ck]) });
  const { o, lse } = scope.run(attentionBlocks, {
    q: sorted(q, byQuery), k: sorted(k, byKey), v: sorted(v, byKey), list,
    queries: scope.hold(queries.offsets, [H, Cq + 1]), keys: scope.hold(keys.offsets, [H, Ck + 1]),
  }, { scalars: { scale: scaleOf(heads) } });
  const [output, sums] = await scope.readAll([scope.run(scatterRows, { x: o, order: byQuery }).y, lse]) as Float32Array[];
  return { o: output, lse: rowsBack(sums, queries.order, N) };
}
