/** The pictures of the chosen head. */

import { realLength } from './heads';
import type { Problem } from './inputs';
import { sizesOf, type Clustering } from './kmeans';
import type { Shown } from './outcome';
import { clusterStage, errorPerToken, frameStage, pairStage, paintOf, ranked, stagesOf, tokenOfEach, tokenStage, vector, vectorsOf, type Stages, type Vectors } from './stages';
import { cellOf, placesOf, pooled, pooledKept, sizeOf, type Weights } from './weights';

/** Stages, vectors and what the picked token comes to. */
export async function view(problem: Problem, { of, dense, outcome, weights, mass }: Shown): Promise<{ stages: Stages; vectors: Vectors; scalars: Record<string, number> }> {
  const { memo, frames, tokens, params } = problem;
  const { given: { heads, meanings }, map: video, clusters: { runs } } = of;
  const { queries, keys, map, attention } = outcome;
  const { N, q, k, v } = heads;
  const cell = cellOf(N);
  const size = sizeOf(N);
  const { places, all, allSorted } = await memo.get('pictures', [of.clustersKey], () => {
    const sorted = placesOf(queries, keys);
    return { places: sorted, all: pooled(weights, N), allSorted: pooled(weights, N, sorted) };
  });
  const [place, sorted] = await memo.get('pictures of kept pairs', [of.key], () => [undefined, places].map((at) => pooledKept(weights, queries, keys, map, at)));
  const order = ranked(video);
  const token = Math.min(params.token, tokens - 1);
  const row = queries.labels[token];
  const looks = weights.subarray(token * N, token * N + tokens);
  const seen = looks.map((w, j) => (map.kept[row * map.keyClusters + keys.labels[j]] ? w : 0));
  const Ck = video.keyClusters;
  const ofRow = <T extends Float32Array | Uint32Array>(x: T): T => x.subarray(row * Ck, (row + 1) * Ck) as T;
  const probability = ofRow(order.probability);
  let sum = 0;
  const cumulative = probability.map((p) => { sum += p; return sum; });
  const [tokenQ, tokenK] = await memo.get('tokens of clusters', [of.clustersKey], () => [tokenOfEach(queries, q, heads.D), tokenOfEach(keys, k, heads.D)]);
  const label = (id: string, symbol: string, name: string, { labels, count }: Clustering): Stages[string] =>
    frameStage(id, symbol, name, 'label', frames, labels.subarray(0, tokens), `${count} clusters`);
  const picture = await problem.picture?.();
  return {
    stages: stagesOf([
      ...(picture ? [{ id: 'pixels', symbol: 'I', name: 'video', rows: frames * picture.side, cols: 3 * picture.side, data: picture.pixels, axes: ['y', 'x'] as const, family: 'rgb', format: `${frames} frames` }] : []),
      ...(meanings ? [
        frameStage('q_class', 'z_q', 'Query meaning', 'label', frames, meanings.queries, 'true regions'),
        frameStage('k_class', 'z_k', 'Key meaning', 'label', frames, meanings.keys, 'true regions'),
      ] : []),
      tokenStage('q', 'Q', 'queries', 'q', heads, q), tokenStage('k', 'K', 'keys', 'k', heads, k), tokenStage('v', 'V', 'values', 'v', heads, v),
      label('label_q', 'c_q', 'query clusters', queries), label('label_k', 'c_k', 'key clusters', keys),
      clusterStage('probability', 'P', 'attention by centroids', 'probability', video, video.probability),
      clusterStage('mass', 'M', 'attention that falls there', 'probability', video, videoMass(mass, video, map.keyClusters)),
      clusterStage('kept_map', 'm', 'kept clusters', 'kept', video, video.kept),
      clusterStage('ranked', 'P', 'attention by centroids, each row descending', 'probability', video, order.probability, 'rank'),
      clusterStage('ranked_kept', 'm', 'kept, each row descending', 'kept', video, order.kept, 'rank'),
      pairStage('map', 'A', 'attention, place by place', 'attention', ['i', 'j'], size, cell, all),
      pairStage('map_sorted', 'A_{π}', 'attention, cluster by cluster', 'attention', ['iq', 'jk'], size, cell, allSorted),
      pairStage('map_kept', 'A', 'kept attention, place by place', 'attention', ['i', 'j'], size, cell, place.kept),
      pairStage('map_sorted_kept', 'A_{π}', 'kept attention, cluster by cluster', 'attention', ['iq', 'jk'], size, cell, sorted.kept),
      pairStage('kept', 'm', 'kept pairs, place by place', 'kept', ['i', 'j'], size, cell, place.share),
      pairStage('kept_sorted', 'm', 'kept pairs, cluster by cluster', 'kept', ['iq', 'jk'], size, cell, sorted.share),
      tokenStage('o_dense', 'O', 'dense output', 'y', heads, dense.o), tokenStage('o', '^O', 'output over kept clusters', 'y', heads, attention.o),
      tokenStage('e', 'E', 'error', 'e', heads, attention.o.map((x, i) => x - dense.o[i])),
      frameStage('e_token', 'e', 'error of each token', 'et', frames, errorPerToken(heads, attention, dense), 'of the mean output'),
      frameStage('look_dense', 'a_i', 'where the picked token looks', 'look', frames, looks.slice(), 'dense'),
      frameStage('look_kept', 'a_i', 'where it looks among kept clusters', 'look', frames, seen, 'kept'),
    ]),
    vectors: vectorsOf([
      vector('order_q', 'π_q', 'query tokens, cluster by cluster', 'place', queries.order), vector('order_k', 'π_k', 'key tokens, cluster by cluster', 'place', keys.order),
      vector('offsets_q', 'q', 'where query clusters begin', 'cq', queries.offsets), vector('offsets_k', 'k', 'where key clusters begin', 'ck', keys.offsets),
      vector('size_q', 'n_q', 'queries per cluster', 'cq', sizesOf(queries)), vector('size_k', 'n_k', 'keys per cluster', 'ck', sizesOf(keys)),
      vector('paint_q', 'c_q', 'colour of query clusters', 'cq', paintOf(queries, meanings?.queries)), vector('paint_k', 'c_k', 'colour of key clusters', 'ck', paintOf(keys, meanings?.keys)),
      vector('token_q', 'i', 'a token of each query cluster', 'cq', tokenQ), vector('token_k', 'j', 'a token of each key cluster', 'ck', tokenK),
      vector('row_probability', 'P', 'the picked token’s row, descending', 'rank', probability), vector('row_cumulative', 'ΣP', 'the same, added up', 'rank', cumulative),
      vector('row_kept', 'm', 'kept in that row', 'rank', ofRow(order.kept)), vector('row_cluster', 'c_k', 'key clusters of that row', 'rank', ofRow(order.cluster)),
      ...(runs.queries ? [vector('inertia_q', 'I', 'inertia of the queries', 'iteration', [...runs.queries.inertia, runs.queries.finalInertia])] : []),
      ...(runs.keys ? [vector('inertia_k', 'I', 'inertia of the keys', 'iteration', [...runs.keys.inertia, runs.keys.finalInertia])] : []),
    ]),
    scalars: {
      token, clusterQ: row, clusterK: keys.labels[token], cell,
      rowRecall: seen.reduce((a, b) => a + b, 0) + textSum(weights, N, tokens, realLength(heads), token),
      rowDensity: sizesOf(keys).reduce((a, n, j) => a + (map.kept[row * map.keyClusters + j] ? n : 0), 0) / N,
      side: picture?.side ?? problem.grid, picture: picture ? 1 : 0,
    },
  };
}

/** Attention of a token on the prompt, which is always kept. */
const textSum = (weights: Weights, N: number, tokens: number, real: number, token: number): number =>
  weights.subarray(token * N + tokens, token * N + real).reduce((a, b) => a + b, 0);

/** The mass of the video's clusters, out of that of all. */
function videoMass(mass: Float32Array, { queryClusters, keyClusters }: { readonly queryClusters: number; readonly keyClusters: number }, pitch: number): Float32Array {
  return Float32Array.from({ length: queryClusters * keyClusters }, (_, at) => mass[Math.floor(at / keyClusters) * pitch + (at % keyClusters)]);
}
