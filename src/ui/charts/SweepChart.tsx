/** Error along one parameter. The drawing (Recharts) is a chunk of its own; the numbers are here at once. */

import { Suspense, lazy, useState } from 'react';
import type { MethodResult, ParamValue, Sweep } from '../../run/run';
import { NumbersTable } from '../panels/NumbersTable';
import { PENDING } from '../format';
import { Marker } from '../markers/Marker';
import { MEASURES } from './measures';
import { placeAmong } from './scale';
import './charts.css';

const SweepPlot = lazy(() => import('./SweepPlot'));

export interface SweepChartProps {
  readonly sweep: Sweep;
  /** The current run's methods: their error at the ringed point, where the sweep has no sample. */
  readonly methods?: readonly MethodResult[];
  /** The series that is ringed and drawn heavier; default: the one in the slot 'hero'. */
  readonly hero?: string;
  /** Takes `{ [sweep.param]: x }`; absent: the chart is only looked at. */
  readonly onPick?: (patch: Readonly<Record<string, ParamValue>>) => void;
}

export const tickText = (sweep: Sweep, index: number): string => sweep.xTicks?.[index] ?? String(sweep.x[index]);

/** What a series is worth at one sample, or '…'. */
function valueText(sweep: Sweep, series: Sweep['series'][number], index: number): string {
  const value = series.y[index];
  return value === null || value === undefined ? PENDING : MEASURES[sweep.measure ?? 'relativeError'].text(value);
}

/** One line for people who do not see the chart, and for the readout: every series at one sample. */
export function describePoint(sweep: Sweep, index: number): string {
  const values = sweep.series.flatMap((s) => (s.y[index] === null || s.y[index] === undefined ? [] : [`${s.label} ${valueText(sweep, s, index)}`]));
  return `${tickText(sweep, index)}: ${values.join(', ') || 'not computed yet'}`;
}

export function SweepChart({ sweep, methods, hero, onPick }: SweepChartProps) {
  const [looked, look] = useState<number | null>(null);
  const nearest = Math.round(placeAmong(sweep.x, sweep.current));
  const pick = (index: number): void => onPick?.({ [sweep.param]: sweep.x[index] });
  const name = `${sweep.title}: ${sweep.xLabel}`;

  return (
    <div className="sweep" data-sweep={sweep.id}>
      <figure className="sweep-plot" aria-label={name}>
        {/* The keyboard's way along the samples; the picture itself follows the pointer. */}
        {onPick && (
          <input
            type="range" className="visually-hidden" min={0} max={sweep.x.length - 1} step={1} value={nearest} aria-label={`${name}, sampled points`}
            aria-valuetext={describePoint(sweep, nearest)} onChange={(event) => pick(event.target.valueAsNumber)}
          />
        )}
        <Suspense fallback={<div className="sweep-room" />}>
          <SweepPlot sweep={sweep} methods={methods} hero={hero} looked={looked} onLook={look} onPick={onPick && pick} />
        </Suspense>
      </figure>
      {/* The value under the pointer; the slider's own text says the same to a screen reader. */}
      <p className="sweep-readout" aria-hidden="true" data-export="omit">
        {looked === null ? (
          onPick && <span className="sweep-hint">Choose a point to set it.</span>
        ) : (
          <>
            <b>{tickText(sweep, looked)}</b>
            {sweep.series.map((s) => (
              <span key={s.method}><Marker slot={s.slot} />{valueText(sweep, s, looked)}</span>
            ))}
          </>
        )}
      </p>
      <NumbersTable
        caption={`${sweep.title}, ${sweep.yLabel ?? MEASURES[sweep.measure ?? 'relativeError'].label.replace(', %', '')}`}
        columns={[sweep.xLabel, ...sweep.series.map((s) => s.label)]}
        rows={sweep.x.map((_, i) => [tickText(sweep, i), ...sweep.series.map((s) => valueText(sweep, s, i))])}
      />
    </div>
  );
}
