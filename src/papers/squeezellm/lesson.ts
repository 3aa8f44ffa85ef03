/** Seven steps along the strip: what to look at, one sentence, one control to move. */

import type { LessonStep } from '../../ui/lab-props';

export interface SqueezellmStep extends LessonStep {
  /** Column of the strip that the step stresses, 1…6. */
  readonly column: number;
}

export const lesson: readonly SqueezellmStep[] = [
  { title: 'Given', sentence: 'Most of *W* lies close to zero; a few weights lie far out, and evenly spaced levels have to reach all of them.', stage: 'w', param: 'layer', column: 1 },
  { title: 'Sensitivity', sentence: '*F* is the mean squared gradient of each weight: how much an error there changes the loss. It is far from even.', stage: 'f', param: 'calibration', column: 1 },
  { title: 'Split', sentence: 'The most sensitive weights and those beyond ±*T* leave for *S*. What stays, *D*, spans a narrower range.', stage: 's', param: 'share', column: 2 },
  { title: 'Cluster', sentence: 'Each output gets its own levels, by k-means weighted with *F*: they stand where errors cost most, not evenly.', stage: 'book', param: 'importance', column: 3 },
  { title: 'Store', sentence: 'A weight becomes the number of its level. Codes, levels and sparse entries together are what is kept.', stage: 'codes', param: 'bits', column: 4 },
  { title: 'Restore', sentence: 'Each code is looked up in the levels of its output, and *S* is added: removed entries come back exactly.', stage: 'wh', param: 'bits', column: 5 },
  { title: 'Compare', sentence: 'The same ink for the same error: rounding to nearest above, dense and sparse below.', stage: 'e', param: 'share', column: 6 },
];
