/** Six steps, one per column of the strip: what to look at, one sentence, one control to move. */

import type { LessonStep } from '../../ui/lab-props';

export const lesson: readonly LessonStep[] = [
  { title: 'Given', sentence: 'A few columns of *X* are far larger than the rest, and one 4-bit scale has to span them all.', stage: 'x', param: 'size' },
  { title: 'Smooth', sentence: 'Dividing *X* by *λ* and multiplying *W* by it keeps *XW*, and moves the outliers into rows of *^W*.', stage: 'ws', param: 'alpha' },
  { title: 'Split', sentence: 'The first *r* singular directions of *^W* go to a 16-bit branch. What is left, *R*, is smaller.', stage: 'r', param: 'rank' },
  { title: 'Round', sentence: 'Each group of *^X* and of *R* shares one scale; every value becomes one of fifteen levels.', stage: 'qr', param: 'group' },
  { title: 'Multiply', sentence: 'The 4-bit product and the branch add up to *^Y*; only rounding separates it from *Y*.', stage: 'yh', param: 'rank' },
  { title: 'Compare', sentence: 'The same ink for the same error: rounding alone above, SVDQuant below.', stage: 'e', param: 'outliers' },
];
