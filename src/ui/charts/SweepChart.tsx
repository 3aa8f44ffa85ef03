/** Error along one parameter. The drawing (Recharts) is a chunk of its own; the numbers are here at once. */

import { Suspense, lazy, useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { MethodResult, ParamValue, Sweep } from '../../run/run';
import { NumbersTable } from '../panels/NumbersTable';
import { PENDING, percent } from '../format';
import { Marker } from '../markers/Marker';
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

/** One line for people who do not see the chart, and for the readout: every series at one sample. */
export function describePoint(sweep: Sweep, index: number): string {
  const values = sweep.series.flatMap((s) => (s.y[index] === null || s.y[index] === undefined ? [] : [`${s.label} ${percent(s.y[index])}`]));
  return `${tickText(sweep, index)}: ${values.join(', ') || 'not computed yet'}`;
}

export function SweepChart({ sweep, methods, hero, onPick }: SweepChartProps) {
  const [looked, look] = useState<number | null>(null);
  const help = useId();
  const nearest = Math.round(placeAmong(sweep.x, sweep.current));
  const shown = looked ?? null;
  const pick = (index: number): void => onPick?.({ [sweep.param]: sweep.x[index] });

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = sweep.x.length - 1;
    const moves: Record<string, number> = { ArrowLeft: nearest - 1, ArrowDown: nearest - 1, ArrowRight: nearest + 1, ArrowUp: nearest + 1, Home: 0, End: last };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to >= 0 && to <= last) pick(to);
  };

  const plot = (
    <Suspense fallback={<div className="sweep-room" />}>
      <SweepPlot sweep={sweep} methods={methods} hero={hero} looked={looked} onLook={look} onPick={onPick && pick} />
    </Suspense>
  );
  const name = `${sweep.title}: ${sweep.xLabel}`;

  return (
    <div className="sweep" data-sweep={sweep.id}>
      {onPick ? (
        <div
          className="sweep-plot"
          role="slider"
          tabIndex={0}
          aria-label={name}
          aria-describedby={help}
          aria-valuemin={0}
          aria-valuemax={sweep.x.length - 1}
          aria-valuenow={nearest}
          aria-valuetext={describePoint(sweep, nearest)}
          onKeyDown={onKeyDown}
        >
          {plot}
        </div>
      ) : (
        <div className="sweep-plot" role="img" aria-label={name}>{plot}</div>
      )}
      {/* The value under the pointer; the slider's own text says the same to a screen reader. */}
      <p className="sweep-readout" aria-hidden="true">
        {shown === null ? (
          onPick && <span className="sweep-hint">Choose a point to set it.</span>
        ) : (
          <>
            <b>{tickText(sweep, shown)}</b>
            {sweep.series.map((s) => (
              <span key={s.method}><Marker slot={s.slot} />{s.y[shown] === null || s.y[shown] === undefined ? PENDING : percent(s.y[shown])}</span>
            ))}
          </>
        )}
      </p>
      <span id={help} className="visually-hidden">Arrow keys set the parameter to the sampled points.</span>
      <NumbersTable
        caption={`${sweep.title}, relative error`}
        columns={[sweep.xLabel, ...sweep.series.map((s) => s.label)]}
        rows={sweep.x.map((_, i) => [tickText(sweep, i), ...sweep.series.map((s) => (s.y[i] === null || s.y[i] === undefined ? PENDING : percent(s.y[i])))])}
      />
    </div>
  );
}
