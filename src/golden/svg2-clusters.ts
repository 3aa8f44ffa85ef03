/**
 * `svg2_semantic_permutation_sparse_attention` and `svg2_semantic_permutation_with_text`: k-means of queries and of keys
 * from given centroids, the map of their centroids, and attention over the clusters it keeps.
 */

import { withScope, type Engine } from '../engine/engine';
import { blockAttention, denseOf } from '../papers/svg2/attention';
import { videoOf } from '../papers/svg2/clusters';
import type { VideoHeads } from '../papers/svg2/heads';
import { lloyd, sizesOf, type Lloyd } from '../papers/svg2/kmeans';
import { centroidMap, densityOf, type CentroidMap } from '../papers/svg2/map';
import { errorOf, recallOf } from '../papers/svg2/measure';
import { mapWithText, withText } from '../papers/svg2/text';
import { floats, param, type Computed, type GoldenAdapter, type GoldenCase, type Json } from './case';
import type { Rule } from './compare';

function headsOf(golden: GoldenCase, tokens: number): VideoHeads {
  const [H, N, D] = golden.inputs.Q?.shape ?? [];
  const text = N > tokens ? { tokens: N - tokens, prompt: param(golden, 'prompt_tokens') } : undefined;
  return { H, N, D, q: floats(golden, 'Q'), k: floats(golden, 'K'), v: floats(golden, 'V'), text };
}

async function clusters(golden: GoldenCase, engine: Engine, heads: VideoHeads): Promise<{ readonly queries: Lloyd; readonly keys: Lloyd }> {
  const options = { iterations: param(golden, 'kmeans_max_iters'), tolerance: param(golden, 'kmeans_tol', 1e-4) };
  return withScope(engine, async (scope) => ({
    queries: await lloyd(scope, videoOf(heads, heads.q), floats(golden, 'q_init_centroids'), options),
    keys: await lloyd(scope, videoOf(heads, heads.k), floats(golden, 'k_init_centroids'), options),
  }));
}

/** The least distance of a sum of descending probabilities to p: how near a decision was. */
function marginTo(p: number, { probability, keyClusters }: CentroidMap): number {
  let least = Infinity;
  for (let first = 0; first < probability.length; first += keyClusters) {
    let sum = 0;
    for (const v of probability.slice(first, first + keyClusters).sort().reverse()) {
      sum += v;
      least = Math.min(least, Math.abs(sum - p));
    }
  }
  return least;
}

const empty = (sizes: Uint32Array): number => sizes.filter((n) => n === 0).length;

async function runVideo(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const heads = headsOf(golden, param(golden, 'tokens'));
  const { queries, keys } = await clusters(golden, engine, heads);
  const told = golden.params.top_p_settings as readonly { readonly index: number; readonly top_p: number; readonly min_kc_ratio: number }[];
  return withScope(engine, async (scope) => {
    const dense = await denseOf(scope, heads);
    const arrays: Record<string, ArrayLike<number>> = { output_dense: dense.o };
    const settings: Json[] = [];
    for (const { index, top_p: topP, min_kc_ratio: minKept } of told) {
      const map = await centroidMap(scope, queries, keys, { topP, minKept, sizeWeighted: true });
      const sparse = await blockAttention(scope, heads, queries, keys, map);
      arrays[`map_${index}`] = map.kept;
      arrays[`output_${index}`] = sparse.o;
      arrays.centroid_probability = map.probability;
      settings.push({
        index, top_p: topP, min_kc_ratio: minKept, density_per_head: densityOf(map, queries, keys),
        kept_attention_mass_per_head: recallOf(heads, sparse, dense), rel_error_vs_dense_per_head: errorOf(heads, sparse, dense),
        smallest_margin_of_cumulative_probability_to_top_p: marginTo(topP, map),
      });
    }
    const [querySizes, keySizes] = [sizesOf(queries), sizesOf(keys)];
    return {
      arrays: {
        ...arrays, q_labels: queries.labels, k_labels: keys.labels, q_centroids: queries.centers, k_centroids: keys.centers,
        q_sizes: querySizes, k_sizes: keySizes, q_order_stable: queries.order, k_order_stable: keys.order,
      },
      scalars: {
        q_iterations: queries.iterations, k_iterations: keys.iterations, empty_q_clusters: empty(querySizes), empty_k_clusters: empty(keySizes),
        settings,
      },
    };
  });
}

async function runText(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const heads = headsOf(golden, param(golden, 'video_tokens'));
  const found = await clusters(golden, engine, heads);
  const [queries, keys] = [withText(found.queries, heads), withText(found.keys, heads)];
  return withScope(engine, async (scope) => {
    const video = await centroidMap(scope, found.queries, found.keys, { topP: param(golden, 'top_p'), minKept: param(golden, 'min_kc_ratio'), sizeWeighted: true });
    const map = mapWithText(video, heads);
    const sparse = await blockAttention(scope, heads, queries, keys, map);
    const dense = await denseOf(scope, heads);
    return {
      arrays: { q_labels: found.queries.labels, k_labels: found.keys.labels, q_sizes: sizesOf(queries), k_sizes: sizesOf(keys), map: map.kept, output: sparse.o },
      scalars: { density_per_head: densityOf(map, queries, keys), rel_error_vs_dense_video_and_prompt_rows: errorOf(heads, sparse, dense) },
    };
  });
}

const rules: Readonly<Record<string, Rule>> = {
  '*_labels': { kind: 'codes', equal: 0.999 },
  '*_order_stable': { kind: 'codes', equal: 0.999 },
  '*_sizes': { kind: 'codes', equal: 0.9, step: 1 },
  '*_centroids': { kind: 'frobenius', bound: 1e-4 },
  centroid_probability: { kind: 'absolute', bound: 1e-4 },
  'map*': { kind: 'exact' },
  'output*': { kind: 'frobenius', bound: 1e-4 },
  '*_iterations': { kind: 'exact' },
  'empty_*': { kind: 'exact' },
  '*index': { kind: 'exact' },
  '*top_p': { kind: 'exact' },
  '*min_kc_ratio': { kind: 'exact' },
  '*density_per_head': { kind: 'absolute', bound: 1e-6 },
  '*kept_attention_mass_per_head': { kind: 'absolute', bound: 1e-5 },
  '*rel_error_vs_dense*': { kind: 'relative', bound: 1e-4 },
};

export const svg2Video: GoldenAdapter = {
  algorithm: 'svg2_semantic_permutation_sparse_attention',
  run: runVideo,
  rules: { '*smallest_margin*': { kind: 'absolute', bound: 1e-5 }, ...rules },
};

export const svg2Text: GoldenAdapter = { algorithm: 'svg2_semantic_permutation_with_text', run: runText, rules };
