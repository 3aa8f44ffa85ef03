/**
 * Text tokens (svg/models/hyvideo/attention.py, dynamic_map_post_processing): they are not clustered. Two clusters are
 * appended, prompt and padding; the prompt sees and is seen by video and prompt, padding sees only itself.
 */

import type { VideoHeads } from './heads';
import type { Clustering } from './kmeans';
import type { CentroidMap } from './map';

/** Clusters of all N tokens: those of the video, then prompt, then padding. Their centers are the video's. */
export function withText<C extends Clustering>(clustering: C, { text }: VideoHeads): C {
  if (!text) return clustering;
  const { heads, tokens, count } = clustering;
  const length = tokens + text.tokens;
  const [labels, order] = [new Uint32Array(heads * length), new Uint32Array(heads * length)];
  const offsets = new Uint32Array(heads * (count + 3));
  for (let h = 0; h < heads; h++) {
    labels.set(clustering.labels.subarray(h * tokens, (h + 1) * tokens), h * length);
    order.set(clustering.order.subarray(h * tokens, (h + 1) * tokens), h * length);
    for (let t = 0; t < text.tokens; t++) {
      labels[h * length + tokens + t] = count + (t < text.prompt ? 0 : 1);
      order[h * length + tokens + t] = tokens + t;
    }
    offsets.set(clustering.offsets.subarray(h * (count + 1), (h + 1) * (count + 1)), h * (count + 3));
    offsets.set([tokens + text.prompt, length], h * (count + 3) + count + 1);
  }
  return { ...clustering, tokens: length, count: count + 2, labels, order, offsets };
}

/** The map of all clusters, [H,Cq+2,Ck+2]. Probabilities of text are 0: they were not asked for. */
export function mapWithText(map: CentroidMap, { text }: VideoHeads): CentroidMap {
  if (!text) return map;
  const { heads, queryClusters: Cq, keyClusters: Ck } = map;
  const kept = new Uint32Array(heads * (Cq + 2) * (Ck + 2));
  const probability = new Float32Array(kept.length);
  for (let h = 0; h < heads; h++) {
    for (let i = 0; i < Cq + 2; i++) {
      const to = (h * (Cq + 2) + i) * (Ck + 2);
      if (i < Cq) {
        const from = (h * Cq + i) * Ck;
        kept.set(map.kept.subarray(from, from + Ck), to);
        probability.set(map.probability.subarray(from, from + Ck), to);
      }
      if (i <= Cq) kept.fill(1, to + (i < Cq ? Ck : 0), to + Ck + 1);
      else kept[to + Ck + 1] = 1;
    }
  }
  return { heads, queryClusters: Cq + 2, keyClusters: Ck + 2, probability, kept };
}
