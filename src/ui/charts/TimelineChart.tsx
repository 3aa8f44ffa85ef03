/** What each head was judged to be at each step, and what the step's error was. A cell can be chosen. */

import { useId, useMemo, useState, type KeyboardEvent, type PointerEvent } from 'react';

import type { Measure } from '../../run/run';
import { NumbersTable } from '../panels/NumbersTable';
import { Panel } from '../panels/Panel';
import { textWidth } from './labels';
import { MEASURES } from './measures';
import { axisFromZero } from './scale';
import { cellWords, movedPlace, runsOf, type TimelineData, type TimelineKind, type TimelinePlace } from './timeline';
import { useWidth } from './useWidth';
import '../heatmap/heatmap.css';
import './charts.css';

export interface TimelineChartProps extends Omit<TimelineData, 'steps'> {
  readonly title?: string;
  readonly note?: string;
  readonly id?: string;
  /** Names of the steps, or how many there are. */
  readonly steps: readonly string[] | number;
  readonly error?: { readonly label: string; readonly values: ArrayLike<number | null>; readonly measure?: Measure };
  readonly current: TimelinePlace;
  readonly onPick?: (place: TimelinePlace) => void;
  readonly xLabel?: string;
}

const [ROW, TOP, AXIS, ERROR] = [24, 20, 34, 64];
/** Cells narrower than this have no letter. */
const LETTERED = 15;

function Cell({ kind, wrong, x, y, width }: { readonly kind: TimelineKind | undefined; readonly wrong: boolean; readonly x: number; readonly y: number; readonly width: number }) {
  if (!kind) return null;
  const filled = kind.shape === 'bar';
  const [w, h] = [Math.max(2, width - 3), ROW - 6];
  return (
    <g transform={`translate(${x + 1.5} ${y + 3})`}>
      <rect className={filled ? 'timeline-filled' : 'timeline-framed'} x={filled ? 0 : 0.5} y={filled ? 0 : 0.5} width={filled ? w : w - 1} height={filled ? h : h - 1} />
      {width >= LETTERED && <text className={filled ? 'timeline-on' : 'timeline-off'} x={w / 2} y={h / 2 + 4} textAnchor="middle">{kind.letter}</text>}
      {wrong && <path className="timeline-wrong" d={`M${w - 5} 1l4 4m0 -4l-4 4`} />}
    </g>
  );
}

export function TimelineChart({ title = 'Over the steps', note, id = 'timeline', heads, steps: given, kinds, verdict, dense, wrong, error, current, onPick, xLabel = 'denoising step' }: TimelineChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>(560);
  const [looked, look] = useState<TimelinePlace>();
  const words = useId();
  const steps = useMemo(() => (typeof given === 'number' ? Array.from({ length: given }, (_, i) => String(i)) : given), [given]);
  const data: TimelineData = { heads, steps, kinds, verdict, dense, wrong };
  const measure = MEASURES[error?.measure ?? 'relativeError'];
  const values = error ? Array.from({ length: steps.length }, (_, s) => error.values[s] ?? null) : [];
  const axis = axisFromZero(values.filter((v): v is number => v !== null), 3);

  const left = Math.max(44, ...heads.map((h) => textWidth(h, 12) + 12), ...(error ? axis.ticks.map((v) => textWidth(measure.tick(v), 11) + 10) : []));
  const step = Math.max(4, (width - left - 4) / Math.max(1, steps.length));
  const bottom = TOP + ROW * heads.length;
  const errorTop = bottom + AXIS;
  const errorBottom = errorTop + ERROR;
  const px = (s: number): number => left + s * step;
  const py = (v: number): number => errorBottom - axis.along(v) * ERROR;
  const every = Math.max(1, Math.ceil((Math.max(...steps.map((s) => textWidth(s, 11))) + 8) / step));
  const at = (event: PointerEvent<Element>): TimelinePlace | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    const [s, h] = [Math.floor((event.clientX - box.left - left) / step), Math.floor((event.clientY - box.top - TOP) / ROW)];
    if (s < 0 || s >= steps.length || event.clientY - box.top < TOP) return undefined;
    return { head: h < heads.length ? h : current.head, step: s };
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = movedPlace(data, current, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation(); // arrows also step the lesson
    onPick?.(next);
  };
  const said = looked ?? current;
  const errorAt = values[said.step];
  const points = values.flatMap((v, s) => (v === null ? [] : [{ s, x: px(s) + step / 2, y: py(v) }]));
  const differs = wrong !== undefined && Array.from(wrong).includes(1);
  return (
    <Panel title={title} note={note} id={id}>
      <div ref={frame} className="timeline">
        {/* Cells that arrow keys walk over: no HTML element has this role, so the keys must reach the page (application). */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-static-element-interactions */}
        <div
          role={onPick ? 'application' : 'img'} {...(onPick && { tabIndex: 0, 'aria-roledescription': 'timeline' })} aria-label={`${title}: ${heads.length} heads, ${steps.length} steps${onPick ? '; arrow keys choose a cell' : ''}`} aria-describedby={words}
          className="timeline-plot" data-pickable={onPick !== undefined} onKeyDown={onPick && onKeyDown}
          onPointerMove={(event) => look(at(event))} onPointerLeave={() => look(undefined)}
          onPointerUp={(event) => {
            const place = at(event);
            if (place && event.button === 0) onPick?.(place);
          }}
        >
          <svg width={width} height={error ? errorBottom + 18 : bottom + AXIS} aria-hidden="true">
            {runsOf(dense).map(([from, to]) => (
              <g key={from}>
                <rect className="timeline-dense" x={px(from)} y={TOP - 4} width={(to - from) * step} height={(error ? errorBottom : bottom) - TOP + 4} />
                <text x={px(from) + 3} y={TOP - 8}>{(to - from) * step > 70 ? 'full attention' : (to - from) * step > 22 ? 'full' : ''}</text>
              </g>
            ))}
            {heads.map((head, h) => (
              <g key={head}>
                <path className="chart-grid" d={`M${left} ${TOP + h * ROW + 0.5}H${px(steps.length)}`} />
                <text className={h === current.head ? 'timeline-head timeline-chosen' : 'timeline-head'} x={left - 8} y={TOP + h * ROW + 16} textAnchor="end">{head}</text>
                {steps.map((s, i) => <Cell key={s} kind={kinds[verdict[h * steps.length + i]]} wrong={wrong?.[h * steps.length + i] === 1} x={px(i)} y={TOP + h * ROW} width={step} />)}
              </g>
            ))}
            <path className="chart-base" d={`M${left} ${bottom}.5H${px(steps.length)}`} />
            {steps.map((s, i) => (i % every === 0 || i === current.step) && (i === current.step || Math.abs(i - current.step) >= every) && (
              <text key={s} className={i === current.step ? 'timeline-chosen' : undefined} x={px(i) + step / 2} y={bottom + 14} textAnchor="middle">{s}</text>
            ))}
            {error && (
              <g>
                {axis.ticks.map((v) => (
                  <g key={v}><path className="chart-grid" d={`M${left} ${Math.round(py(v)) + 0.5}H${px(steps.length)}`} /><text x={left - 8} y={py(v) + 4} textAnchor="end">{measure.tick(v)}</text></g>
                ))}
                <text x={0} y={errorTop - 10}>{error.label}</text>
                {points.length > 1 && <path className="timeline-line" d={`M${points.map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('L')}`} />}
                {points.map((p) => <circle key={p.s} className="timeline-point" cx={p.x} cy={p.y} r={p.s === current.step ? 4 : 2.2} />)}
              </g>
            )}
            <text x={left} y={error ? errorBottom + 15 : bottom + 29}>{xLabel}</text>
            {looked && <rect className="timeline-looked" x={px(looked.step) + 0.5} y={TOP + looked.head * ROW + 1} width={step - 1} height={ROW - 2} />}
            <rect className="timeline-current" x={px(current.step) + 0.5} y={TOP + current.head * ROW + 1} width={step - 1} height={ROW - 2} />
          </svg>
        </div>
        <p className="timeline-said" id={words} aria-live="polite"><b>{cellWords(data, said)}</b>{error && errorAt !== null && errorAt !== undefined && <span>{error.label.replace(/, %$/, '')} of the step {measure.text(errorAt)}</span>}</p>
        <ul className="map-legend" aria-hidden="true">
          {kinds.map((kind) => <li key={kind.letter}><svg width="22" height={ROW - 2}><Cell kind={kind} wrong={false} x={0} y={-1} width={22} /></svg>{kind.label}</li>)}
          <li><svg width="16" height="12"><rect className="timeline-dense" width="16" height="12" /></svg>full attention</li>
          {differs && <li><svg width="9" height="9"><path className="timeline-wrong" d="M1 1l7 7m0-7l-7 7" /></svg>all rows judge otherwise</li>}
        </ul>
      </div>
      <NumbersTable
        caption={title}
        columns={['Step', ...heads, ...(error ? [error.label] : [])]}
        rows={steps.map((s, i) => [
          dense[i] ? `${s}, full attention` : s,
          ...heads.map((_, h) => { const kind = kinds[verdict[h * steps.length + i]]; return kind ? `${kind.label}${wrong?.[h * steps.length + i] === 1 ? ' ✕' : ''}` : '–'; }),
          ...(error ? [values[i] === null ? '…' : measure.text(values[i])] : []),
        ])}
      />
    </Panel>
  );
}
