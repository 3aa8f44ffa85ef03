/**
 * An extra that the paper does not have: a dropped cluster is not left out but stands as one key, its mean, counted as
 * often as it has keys, with its mean value. It costs one product per query and dropped cluster.
 */

import { attentionBlocks } from '../../../kernels/attention_blocks/attention_blocks';
import { gatherRows } from '../../../kernels/gather_rows/gather_rows';
import { listKept } from '../../../kernels/list_kept/list_kept';
import { scatterRows } from '../../../kernels/scatter_rows/scatter_rows';
import type { Attention } from '../../attention/dense';
import { rowsBack } from '../../attention/layout';
import type { Scope } from '../../engine/engine';
import { scaleOf, type VideoHeads } from './heads';
import { clusteringOf, sizesOf, type Clustering } from './kmeans';
import type { CentroidMap } from './map';

/** Channels added, of which one carries ln n_j into the score; four keep D divisible by 4. */
const EXTRA = 4;

/** x [rows,D] with EXTRA channels more, the first of them as told. */
function widened(x: Float32Array, dim: number, extra: (row: number) => number): Float32Array {
  const rows = x.length / dim;
  const out = new Float32Array(rows * (dim + EXTRA));
  for (let r = 0; r < rows; r++) {
    out.set(x.subarray(r * dim, (r + 1) * dim), r * (dim + EXTRA));
    out[r * (dim + EXTRA) + dim] = extra(r);
  }
  return out;
}

/**
 * Adds the dropped clusters' share to the output of the kept ones. Text has no part in it: what it does not see was not
 * dropped.
 * @param queries, keys clusters of all N tokens, and their map
 */
export async function compensate(scope: Scope, heads: VideoHeads, queries: Clustering, keys: Clustering, map: CentroidMap, kept: Attention): Promise<Attention> {
  const { H, N, D } = heads;
  const wide = D + EXTRA;
  const { queryClusters: Cq, keyClusters: Ck } = map;
  const points = { heads: H, tokens: N, dim: D };
  const [means, values] = [await clusteringOf(scope, { ...points, x: heads.k }, keys.labels, Ck), await clusteringOf(scope, { ...points, x: heads.v }, keys.labels, Ck)];
  const sizes = sizesOf(keys);
  const scale = scaleOf(heads);
  const text = heads.text ? 2 : 0; // clusters
  const dropped = map.kept.map((k, at) => {
    const [h, i, j] = [Math.floor(at / (Cq * Ck)), Math.floor(at / Ck) % Cq, at % Ck];
    return k === 0 && sizes[h * Ck + j] > 0 && i < Cq - text && j < Ck - text ? 1 : 0;
  });
  const order = scope.hold(queries.order, [H, N]);
  const { list } = scope.run(listKept, { kept: scope.upload(dropped, [H, Cq, Ck]) });
  const { o, lse } = scope.run(attentionBlocks, {
    q: scope.run(gatherRows, { x: scope.upload(widened(heads.q, D, () => 1), [H, N, wide]), order }).y,
    k: scope.upload(widened(means.centers, D, (j) => (sizes[j] > 0 ? Math.log(sizes[j]) / scale : 0)), [H, Ck, wide]),
    v: scope.upload(widened(values.centers, D, () => 0), [H, Ck, wide]),
    queries: scope.hold(queries.offsets, [H, Cq + 1]), keys: scope.upload(Uint32Array.from({ length: H * (Ck + 1) }, (_, i) => i % (Ck + 1)), [H, Ck + 1]), list,
  }, { scalars: { scale } });
  const [rest, sums] = await scope.readAll([scope.run(scatterRows, { x: o, order }).y, lse]) as Float32Array[];
  return merged(kept, rest, rowsBack(sums, queries.order, N), D);
}

/** The output of one softmax over both sets of keys. `rest` has EXTRA channels more. */
function merged(kept: Attention, rest: Float32Array, restLse: Float32Array, dim: number): Attention {
  const [o, lse] = [new Float32Array(kept.o.length), new Float32Array(kept.lse.length)];
  for (let i = 0; i < lse.length; i++) {
    const top = Math.max(kept.lse[i], restLse[i]);
    const [a, b] = [Math.exp(kept.lse[i] - top), Math.exp(restLse[i] - top)];
    lse[i] = top + Math.log(a + b);
    for (let d = 0; d < dim; d++) o[i * dim + d] = (a * kept.o[i * dim + d] + b * rest[i * (dim + EXTRA) + d]) / (a + b);
  }
  return { o, lse };
}
