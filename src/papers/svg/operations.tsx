/** What is computed for one head, and what that can do to the whole: counted, not timed. */

import type { Run } from '../../run/run';
import { SplitBars } from '../../ui/charts/SplitBars';
import { number, percent, times } from '../../ui/format';

const millions = (flops: number): string => `${number(flops / 1e6)} MFLOP`;
const ofHundred = (value: number): string => number(value);

type Scalars = Pick<Run, 'scalars'>;

interface Counted {
  readonly dense: number;
  readonly kept: number;
  readonly tiles: number;
  readonly profile: number;
}

function countedOf({ flopsDense, flopsKept, flopsTiles, flopsProfile }: Run['scalars']): Counted | undefined {
  return flopsDense === undefined || flopsKept === undefined || flopsTiles === undefined || flopsProfile === undefined
    ? undefined
    : { dense: flopsDense, kept: flopsKept, tiles: flopsTiles, profile: flopsProfile };
}

export function Operations({ scalars }: Scalars) {
  const counted = countedOf(scalars);
  if (!counted) return null;
  const { dense, kept, tiles, profile } = counted;
  const sparse = (flops: number) => [{ part: 'attention', value: flops }, { part: 'judging', value: profile }];
  return (
    <SplitBars
      title="Operations of one head" note="counted, not timed" text={millions} id="operations"
      rows={[
        { id: 'dense', label: 'Dense', parts: [{ part: 'attention', value: dense }] },
        { id: 'pairs', label: 'Kept pairs', parts: sparse(kept) },
        { id: 'tiles', label: `Tiles of ${scalars['tile']}`, parts: sparse(tiles) },
      ]}
    />
  );
}

/** The bound that attention's share of the time puts on the whole (Amdahl), if time follows operations. */
export function Bound({ scalars }: Scalars) {
  const counted = countedOf(scalars);
  const { attentionShare: share, speedupBound, tile } = scalars;
  if (!counted || share === undefined || speedupBound === undefined) return null;
  const { dense, kept, tiles, profile } = counted;
  const rest = { part: 'all else', value: 100 * (1 - share) };
  const of = (flops: number): number => (100 * share * flops) / dense;
  const sparse = (flops: number) => [{ part: 'attention', value: of(flops) }, { part: 'judging', value: of(profile) }, rest];
  const faster = (flops: number): string => times(100 / (of(flops + profile) + rest.value));
  return (
    <SplitBars
      title="The whole, dense = 100" note={`if attention is ${percent(share, 0)} of the time`} text={ofHundred} id="bound"
      rows={[
        { id: 'dense', label: 'Dense', parts: [{ part: 'attention', value: 100 * share }, rest] },
        { id: 'tiles', label: `Tiles of ${tile}`, parts: sparse(tiles), note: faster(tiles) },
        { id: 'pairs', label: 'Kept pairs', parts: sparse(kept), note: faster(kept) },
        { id: 'free', label: 'Free attention', parts: [rest], note: times(speedupBound) },
      ]}
    />
  );
}
