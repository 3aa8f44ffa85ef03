/** Seven steps along the strip: what to look at, one sentence, one control to move. */

import type { LessonStep } from '../../ui/lab-props';

export interface Svg2Step extends LessonStep {
  /** Column of the strip that the step stresses, 1…6. */
  readonly column: number;
}

export const lesson: readonly Svg2Step[] = [
  { title: 'Given', sentence: 'Tokens of a video: what a token means moves with its region, so neighbours in place need not be neighbours in meaning.', stage: 'k', param: 'speed', column: 1 },
  { title: 'Look', sentence: 'One token looks at a few regions in every frame: with sharp scores a small share of the pairs carries nearly all attention.', stage: 'look_dense', param: 'sharpness', column: 1 },
  { title: 'Cluster', sentence: 'k-means brings alike queries together, and alike keys, each by itself: the colours are clusters, found without any labels.', stage: 'label_k', param: 'keyClusters', column: 2 },
  { title: 'Map', sentence: 'Centroids stand for their clusters: each row keeps its likeliest key clusters, weighted by size, until the sum passes *p*.', stage: 'probability', param: 'topP', column: 3 },
  { title: 'Permute', sentence: 'Sorted by cluster, the same attention lies in blocks; in place order it was spread over the whole map.', stage: 'map_sorted', param: 'queryClusters', column: 4 },
  { title: 'Attend', sentence: 'Only the kept blocks are computed, with an exact softmax over their keys. In place order nearly every tile would have to be.', stage: 'kept_sorted', param: 'minKept', column: 5 },
  { title: 'Compare', sentence: 'The output goes back to place order. The same ink for the same error: blocks of places above, clusters below.', stage: 'e_token', param: 'topP', column: 6 },
];
