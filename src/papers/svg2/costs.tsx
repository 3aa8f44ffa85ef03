/** What the method spends, by its parts: operations counted, and time measured on this engine. */

import { useMemo } from 'react';

import type { Run } from '../../run/run';
import type { SplitRow } from '../../ui/charts/split';
import { SplitBars } from '../../ui/charts/SplitBars';
import { count, number, percent, times } from '../../ui/format';

type Scalars = Run['scalars'];

const step = (id: string, label: string, parts: Readonly<Record<string, number | undefined>>, note?: string): SplitRow =>
  ({ id, label, note, parts: Object.entries(parts).map(([part, value]) => ({ part, value: value ?? null })) });

/** Operations of one head: dense, and the method at its first and at later steps. @param iterations of k-means at these */
export const operationRows = (s: Scalars, [first, later]: readonly [first: number, later: number]): SplitRow[] => [
  step('dense', 'Dense', { attention: s['flopsDense'] }),
  step('first', 'First step', { clustering: s['flopsClusterFirst'], map: s['flopsMap'], attention: s['flopsAttention'] }, count(first, 'iteration')),
  step('later', 'Later steps', { clustering: s['flopsClusterLater'], map: s['flopsMap'], attention: s['flopsAttention'] }, count(later, 'iteration')),
];

/** Seconds of one head as timed; what is still to be measured is null. */
export const timeRows = (s: Scalars): SplitRow[] => [
  step('dense', 'Dense', { attention: s['secondsDense'] }),
  step('first', 'First step', { clustering: s['secondsClusterFirst'], map: s['secondsMap'], permutation: s['secondsPermutation'], attention: s['secondsAttention'] }),
  step('later', 'Later steps', { clustering: s['secondsClusterLater'], map: s['secondsMap'], permutation: s['secondsPermutation'], attention: s['secondsAttention'] }),
];

/** '134 MFLOP' */
export const operations = (n: number): string => (n >= 1e9 ? `${number(n / 1e9)} GFLOP` : n >= 1e6 ? `${number(n / 1e6)} MFLOP` : `${number(n / 1e3)} kFLOP`);

export function Costs({ scalars, device, params }: Pick<Run, 'scalars' | 'device' | 'params'>) {
  const [counted, timed] = useMemo(() => [operationRows(scalars, [Number(params['first']), Number(params['later'])]), timeRows(scalars)], [scalars, params]);
  const { overhead, attentionShare, speedup, speedupBound } = scalars;
  const engine = device.engine === 'reference' ? 'reference engine' : device.label;
  return (
    <div className="lab-half">
      <div>
        <SplitBars title="Operations" note="counted, one head" rows={counted} text={operations} hero="attention" />
        {overhead !== undefined && attentionShare !== undefined && speedup !== undefined && speedupBound !== undefined && (
          <p className="sub">
            Clustering and map add {percent(overhead, 1)} of dense attention at this step. Where dense attention is {percent(attentionShare, 0)} of a model’s time,
            the whole gets at most {times(speedup)} faster; with no attention at all it would be {times(speedupBound)}.
          </p>
        )}
      </div>
      <SplitBars title="Time split" note={`one head, ${engine}, medians`} rows={timed} measure="seconds" hero="attention" />
    </div>
  );
}
