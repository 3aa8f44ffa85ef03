/** What every lab's strip is given. */

import type { Run } from '../../run/run';
import type { MapTheme } from '../color/maps';
import type { Selection } from '../lab-props';

export interface StripProps<Scales> {
  readonly run: Run;
  readonly pinned?: Run;
  readonly scales: Scales;
  readonly theme: MapTheme;
  readonly present: boolean;
  /** Step of the pipeline to stress, 1…6. */
  readonly stressed?: number;
  readonly selection: Selection;
  readonly setSelection: (selection: Selection) => void;
}
