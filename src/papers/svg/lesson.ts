/** Seven steps along the strip: what to look at, one sentence, one control to move. */

import type { LessonStep } from '../../ui/lab-props';

export interface SvgStep extends LessonStep {
  /** Column of the strip that the step stresses, 1…6. */
  readonly column: number;
}

export const lesson: readonly SvgStep[] = [
  { title: 'Given', sentence: 'A video is a long row of tokens, frame after frame. Every query looks at every key: *N*² pairs.', stage: 'q', param: 'frames', column: 1 },
  { title: 'Look', sentence: 'Most heads look at little of it: at their own frame (blocks on the diagonal) or at their own place in all frames (stripes).', stage: 'map', param: 'head', column: 2 },
  { title: 'Judge', sentence: 'A few queries are attended densely and under both masks. The mask whose output is nearer names the head.', stage: 'kept_temporal', param: 'rows', column: 3 },
  { title: 'Lay out', sentence: 'Tokens of a temporal head are put place by place instead of frame by frame. What were stripes is now a band.', stage: 'map_token', param: 'transform', column: 4 },
  { title: 'Skip', sentence: 'A tile in which no pair is kept is never computed. Stripes touch almost every tile; a band touches few.', stage: 'tiles', param: 'tile', column: 5 },
  { title: 'Put back', sentence: 'The same band served both kinds of head. Outputs go back to their frames; nothing else was changed.', stage: 'o', param: 'kept', column: 6 },
  { title: 'Compare', sentence: 'What was dropped is the error. Early steps are noisy and look everywhere: the method leaves them dense.', stage: 'e', param: 'denoise', column: 6 },
];
