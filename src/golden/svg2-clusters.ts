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
import type { Check, Rule } from './compare';
import { followed, mapCheck, marginTo, type Setting } from './svg2-map';

function headsOf(golden: GoldenCase, tokens: number): VideoHeads {
  const [H, N, D] = golden.inputs.Q?.shape ?? [];
  const text = N > tokens ? { tokens: N - tokens, prompt: param(golden, 'prompt_tokens') } : undefined;
  return { H, N, D, q: floats(golden, 'Q'), k: floats(golden, 'K'), v: floats(golden, 'V'), text };
}

const settingsOf = (golden: GoldenCase): readonly Setting[] => {
  const told = golden.params.top_p_settings;
  if (!Array.isArray(told)) throw new Error(`params.top_p_settings must be a list but is ${JSON.stringify(told)}.`);
  return told.map((entry: unknown, at): Setting => {
    const { index = at, top_p: topP, min_kc_ratio: minKept = 0 } = entry as Readonly<Record<string, unknown>>;
    if (typeof index !== 'number' || typeof topP !== 'number' || typeof minKept !== 'number') throw new Error(`params.top_p_settings: ${JSON.stringify(entry)} needs the numbers index, top_p and min_kc_ratio.`);
    return { index, topP, minKept };
  });
};

async function clusters(golden: GoldenCase, engine: Engine, heads: VideoHeads): Promise<{ readonly queries: Lloyd; readonly keys: Lloyd }> {
  const options = { iterations: param(golden, 'kmeans_max_iters'), tolerance: param(golden, 'kmeans_tol', 1e-4) };
  return withScope(engine, async (scope) => ({
    queries: await lloyd(scope, videoOf(heads, heads.q), floats(golden, 'q_init_centroids'), options),
    keys: await lloyd(scope, videoOf(heads, heads.k), floats(golden, 'k_init_centroids'), options),
  }));
}

const empty = (sizes: Uint32Array): number => sizes.filter((n) => n === 0).length;

const found = (queries: Lloyd, keys: Lloyd, map?: CentroidMap): Record<string, ArrayLike<number>> => ({
  q_labels: queries.labels, k_labels: keys.labels, q_centroids: queries.centers, k_centroids: keys.centers,
  q_order_stable: queries.order, k_order_stable: keys.order, ...(map && { centroid_probability: map.probability }),
});

async function runVideo(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const heads = headsOf(golden, param(golden, 'tokens', golden.inputs.Q?.shape[1]));
  const { queries, keys } = await clusters(golden, engine, heads);
  return withScope(engine, async (scope) => {
    const dense = await denseOf(scope, heads);
    const arrays: Record<string, ArrayLike<number>> = { ...found(queries, keys), output_dense: dense.o };
    const [settings, checks]: [Json[], Check[]] = [[], []];
    for (const setting of settingsOf(golden)) {
      const { index, topP, minKept } = setting;
      const own = await centroidMap(scope, queries, keys, { topP, minKept, sizeWeighted: true });
      const map = followed(golden, `map_${index}`, own, setting);
      const sparse = await blockAttention(scope, heads, queries, keys, map);
      checks.push(...mapCheck(golden, `map_${index}`, map));
      arrays[`map_${index}`] = own.kept;
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
      arrays: { ...arrays, q_sizes: querySizes, k_sizes: keySizes },
      scalars: {
        q_iterations: queries.iterations, k_iterations: keys.iterations, empty_q_clusters: empty(querySizes), empty_k_clusters: empty(keySizes),
        settings,
      },
      checks,
    };
  });
}

async function runText(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const heads = headsOf(golden, param(golden, 'video_tokens'));
  const video = await clusters(golden, engine, heads);
  const [queries, keys] = [withText(video.queries, heads), withText(video.keys, heads)];
  const setting = { index: 0, topP: param(golden, 'top_p'), minKept: param(golden, 'min_kc_ratio', 0) };
  return withScope(engine, async (scope) => {
    const own = await centroidMap(scope, video.queries, video.keys, { ...setting, sizeWeighted: true });
    const map = mapWithText(followed(golden, 'map', own, setting), heads);
    const sparse = await blockAttention(scope, heads, queries, keys, map);
    const dense = await denseOf(scope, heads);
    return {
      arrays: { ...found(video.queries, video.keys, own), q_sizes: sizesOf(queries), k_sizes: sizesOf(keys), map: mapWithText(own, heads).kept, output: sparse.o },
      scalars: {
        q_iterations: queries.iterations, k_iterations: keys.iterations,
        empty_q_clusters: empty(sizesOf(video.queries)), empty_k_clusters: empty(sizesOf(video.keys)),
        density_per_head: densityOf(map, queries, keys), rel_error_vs_dense_video_and_prompt_rows: errorOf(heads, sparse, dense),
        kept_attention_mass_per_head: recallOf(heads, sparse, dense), smallest_margin_of_cumulative_probability_to_top_p: marginTo(setting.topP, own),
      },
      checks: mapCheck(golden, 'map', map),
    };
  });
}

const rules: Readonly<Record<string, Rule>> = {
  '*smallest_margin*': { kind: 'absolute', bound: 1e-5 }, // before *top_p, which would take it
  '*_labels': { kind: 'codes', equal: 0.999 },
  '*_order_stable': { kind: 'codes', equal: 0.999 },
  '*_sizes': { kind: 'codes', equal: 0.9, step: 1 },
  '*_centroids': { kind: 'frobenius', bound: 1e-4 },
  centroid_probability: { kind: 'absolute', bound: 1e-4 },
  'map*': { kind: 'free', why: 'compared where the rule leaves no choice' },
  'output*': { kind: 'frobenius', bound: 1e-4 },
  '*_iterations': { kind: 'exact' },
  'empty_*': { kind: 'exact' },
  '*index': { kind: 'exact' },
  '*top_p': { kind: 'exact' },
  '*min_kc_ratio': { kind: 'exact' },
  '*density_per_head': { kind: 'absolute', bound: 1e-6 },
  '*kept_attention_mass_per_head': { kind: 'absolute', bound: 1e-5 },
  '*rel_error_vs_dense*': { kind: 'relative', bound: 1e-4, floor: 0.03 }, // outputs of float32 differ by some 1e-6
};

export const svg2Video: GoldenAdapter = {
  algorithm: 'svg2_semantic_permutation_sparse_attention',
  run: runVideo,
  rules,
};

export const svg2Text: GoldenAdapter = { algorithm: 'svg2_semantic_permutation_with_text', run: runText, rules };
