/** What is computed for one head, and what that can do to the whole: counted, not timed. */

import type { Run } from '../../run/run';
import { SplitBars } from '../../ui/charts/SplitBars';
import { number, percent, times } from '../../ui/format';

const millions = (flops: number): string => `${number(flops / 1e6)} MFLOP`;
const ofHundred = (value: number): string => number(value);

export function Operations({ scalars }: Pick<Run, 'scalars'>) {
  const { flopsDense, flopsKept, flopsTiles, flopsProfile, attentionShare, speedupBound, speedupAtDensity, speedupAtTiles, tile } = scalars;
  if (flopsDense === undefined || flopsKept === undefined || flopsTiles === undefined || flopsProfile === undefined || attentionShare === undefined) return null;
  const attention = (flops: number, profile = 0) => [{ part: 'attention', value: flops }, ...(profile > 0 ? [{ part: 'judging', value: profile }] : [])];
  const whole = (flops: number, profile = 0) => [
    { part: 'attention', value: 100 * attentionShare * (flops / flopsDense) },
    ...(profile > 0 ? [{ part: 'judging', value: 100 * attentionShare * (profile / flopsDense) }] : []),
    { part: 'all else', value: 100 * (1 - attentionShare) },
  ];
  return (
    <div className="lab-column">
      <SplitBars
        title="Operations of one head" note="counted, not timed" text={millions} id="operations"
        rows={[
          { id: 'dense', label: 'Dense', parts: attention(flopsDense) },
          { id: 'pairs', label: 'Kept pairs', parts: attention(flopsKept, flopsProfile) },
          { id: 'tiles', label: `Tiles of ${tile}`, parts: attention(flopsTiles, flopsProfile) },
        ]}
      />
      <SplitBars
        title="The whole, dense = 100" note={`if attention is ${percent(attentionShare, 0)} of the time`} text={ofHundred} id="whole"
        rows={[
          { id: 'dense', label: 'Dense', parts: whole(flopsDense) },
          { id: 'tiles', label: `Tiles of ${tile}`, parts: whole(flopsTiles, flopsProfile), note: speedupAtTiles === undefined ? undefined : times(speedupAtTiles) },
          { id: 'pairs', label: 'Kept pairs', parts: whole(flopsKept, flopsProfile), note: speedupAtDensity === undefined ? undefined : times(speedupAtDensity) },
          { id: 'free', label: 'Free attention', parts: [{ part: 'all else', value: 100 * (1 - attentionShare) }], note: speedupBound === undefined ? undefined : times(speedupBound) },
        ]}
      />
    </div>
  );
}
