/** The drawing of a sweep, on Recharts: sampled points only, straight lines, direct labels at the line ends. */

import { useMemo, useRef } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis, usePlotArea } from 'recharts';
import type { MethodResult, Sweep } from '../../run/run';
import { markerShape } from '../markers/Marker';
import { textWidth, wrapLabel } from './labels';
import { MEASURES, measured } from './measures';
import { evenlySpaced, spread } from './scale';
import type { Axis } from './scale';
import { scaleOf } from './sweep-scale';
import type { SweepScale } from './sweep-scale';

export interface SweepPlotProps {
  readonly sweep: Sweep;
  readonly methods?: readonly MethodResult[];
  readonly hero?: string;
  /** Sample under the pointer. */
  readonly looked: number | null;
  readonly onLook: (index: number | null) => void;
  readonly onPick?: (index: number) => void;
}

type Series = Sweep['series'][number];

const MARGIN = { top: 22, right: 118, bottom: 0, left: 0 };
/** Least room for the ticks of y. */
const LEFT = 34;
const BOTTOM = 40;
const HEIGHT = 268;
const LINE = 15;
/** Characters of an end label that fit the margin, and of the heavier one. */
const [LABEL, HEAVY] = [17, 14];

/** The last value a series has so far. */
const lastOf = (s: Series): number | undefined => s.y.findLast((v): v is number => v !== null && Number.isFinite(v));

/** A series at the current point: its sample, or else what the run itself measured. */
const valueAt = (sweep: Sweep, s: Series, methods?: readonly MethodResult[]): number | null => {
  const sample = sweep.x.indexOf(sweep.current);
  return s.y[sample] ?? measured(methods?.find((m) => m.id === s.method), sweep.measure ?? 'relativeError') ?? null;
};

/** A marker centred on a point of the plot. */
const Dot = ({ slot, x, y, size = 8 }: { readonly slot: Series['slot']; readonly x: number; readonly y: number; readonly size?: number }): ReactNode => (
  <g transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 12})`}>{markerShape(slot)}</g>
);

/** What Recharts hands the parts it places. */
interface Placed {
  readonly x?: number | string;
  readonly y?: number | string;
  readonly cx?: number;
  readonly cy?: number;
  readonly value?: number | null;
  readonly payload?: { readonly value: number };
}

const SampleDot = ({ slot, cx, cy, value }: Placed & { readonly slot: Series['slot'] }) =>
  typeof cx === 'number' && typeof cy === 'number' && value !== null && value !== undefined ? <Dot slot={slot} x={cx} y={cy} /> : null;

const SampleTick = ({ ticks, x, y, payload }: Placed & { readonly ticks: SweepScale['xTicks'] }) => {
  const tick = payload && ticks.find((t) => t.place === payload.value);
  return tick && <text x={x} y={Number(y) + 8} textAnchor="middle" className={tick.current ? 'sweep-tick sweep-tick-current' : 'sweep-tick'}>{tick.text}</text>;
};

/** Recharts draws shares of the axis; the text is the value there. */
const ValueTick = ({ axis, write, x, y, payload }: Placed & { readonly axis: Axis; readonly write: (value: number) => string }) => {
  const value = payload && axis.ticks.find((v) => axis.along(v) === payload.value);
  return value === undefined ? null : <text x={x} y={Number(y) + 4} textAnchor="end" className="sweep-tick">{write(value)}</text>;
};

interface LayerProps {
  readonly sweep: Sweep;
  readonly scale: SweepScale;
  readonly methods?: readonly MethodResult[];
  readonly hero: string | undefined;
  readonly looked: number | null;
}

/** Everything that is not a line: structural marks, end labels, the current point with its drop line and value. */
function Annotations({ sweep, scale, methods, hero, looked }: LayerProps) {
  const area = usePlotArea();
  if (!area) return null;
  const bottom = area.y + area.height;
  const right = area.x + area.width;
  const px = (place: number): number => area.x + (place / Math.max(1, sweep.x.length - 1)) * area.width;
  const py = (value: number): number => bottom - Math.max(0, Math.min(1, scale.y.along(value))) * area.height;
  const ends = sweep.series.flatMap((s) => {
    const end = lastOf(s);
    return end === undefined ? [] : [{ s, y: py(end), lines: wrapLabel(s.label, s.method === hero ? HEAVY : LABEL) }];
  });
  const labels = spread(ends.map((e) => e.y), ends.map((e) => LINE + (e.lines.length - 1) * 13), area.y, bottom - 2);
  const main = sweep.series.find((s) => s.method === hero);
  const value = main ? valueAt(sweep, main, methods) : null;
  const cx = px(scale.placeOf(sweep.current));

  return (
    <g>
      {sweep.marks?.map(({ x, label, method }, i) => {
        const mx = px(scale.placeOf(x));
        const room = mx - area.x > textWidth(label, 11) + 12;
        const owner = sweep.series.find((s) => s.method === method);
        // One mark's words must not lie on the next one's; on log axes the lines are at the bottom, so the words are at the top.
        const y = sweep.yLog ? area.y + 12 + 15 * i : bottom - 8 - 15 * i;
        const side = room ? -5 : 5;
        return (
          <g key={label} className="sweep-mark">
            <path d={`M${mx} ${area.y}V${bottom}`} />
            {owner && <Dot slot={owner.slot} x={mx + 1.6 * side} y={y - 4} size={8} />}
            <text x={mx + (owner ? 3 : 1) * side} y={y} textAnchor={room ? 'end' : 'start'}>{label}</text>
          </g>
        );
      })}
      {looked !== null && <path className="sweep-looked" d={`M${px(scale.places[looked])} ${area.y}V${bottom}`} />}
      {ends.map(({ s, y, lines }, i) => (
        <g key={s.method}>
          {Math.abs(labels[i] - y) > 5 && <path className="sweep-leader" d={`M${right + 2} ${y}L${right + 8} ${labels[i]}`} />}
          <Dot slot={s.slot} x={right + 15} y={labels[i]} size={9} />
          <text className={s.method === hero ? 'sweep-label sweep-hero' : 'sweep-label'} x={right + 24} y={labels[i] + 4}>
            {lines.length === 1 ? s.label : lines.map((line, n) => <tspan key={line} x={right + 24} y={labels[i] + 4 + (n - 0.5) * 13}>{line}</tspan>)}
          </text>
        </g>
      ))}
      {value === null ? (
        <path className="sweep-drop" d={`M${cx} ${area.y}V${bottom}`} />
      ) : (
        <g className="sweep-current">
          <path className="sweep-drop" d={`M${cx} ${py(value)}V${bottom}`} />
          <circle cx={cx} cy={py(value)} r="6.5" />
          <text
            x={right - cx < 60 ? cx - 10 : cx + 10}
            y={bottom - py(value) > 34 ? py(value) + 20 : py(value) - 11}
            textAnchor={right - cx < 60 ? 'end' : 'start'}
          >
            {MEASURES[sweep.measure ?? 'relativeError'].text(value)}
          </text>
        </g>
      )}
    </g>
  );
}

export default function SweepPlot({ sweep, methods, hero = sweep.series.find((s) => s.slot === 'hero')?.method, looked, onLook, onPick }: SweepPlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const scale = useMemo(() => scaleOf(sweep), [sweep]);
  const rows = useMemo(
    () => scale.places.map((place, i) => Object.fromEntries([
      ['place', place],
      ...sweep.series.map((s): [string, number | null] => { const y = s.y[i]; return [s.method, typeof y === 'number' ? scale.y.along(y) : null]; }),
    ])),
    [sweep, scale],
  );
  const words = MEASURES[sweep.measure ?? 'relativeError'];
  const left = Math.max(LEFT, ...scale.y.ticks.map((v) => textWidth(words.tick(v), 11) + 10));
  const last = sweep.x.length - 1;

  /** Nearest sample to the pointer. */
  const at = (event: MouseEvent): number => {
    const frame = box.current!.getBoundingClientRect();
    const place = ((event.clientX - frame.left - left) / Math.max(1, frame.width - left - MARGIN.right)) * last;
    return scale.places.reduce((best, p, i) => (Math.abs(p - place) < Math.abs(scale.places[best] - place) ? i : best), 0);
  };

  return (
    // The slider around it takes the keyboard; this part only follows the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div
      ref={box}
      className={onPick ? 'sweep-room sweep-pickable' : 'sweep-room'}
      onPointerMove={(event) => onLook(at(event))}
      onPointerLeave={() => onLook(null)}
      onClick={onPick && ((event) => onPick(at(event)))}
    >
      <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 456, height: HEIGHT }}>
        <LineChart data={rows} margin={MARGIN} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="place" type="number" domain={[0, Math.max(1, last)]} ticks={scale.xTicks.map((t) => t.place)} interval="equidistantPreserveStart" height={BOTTOM}
            axisLine={{ stroke: 'var(--line2)' }} tickLine={false} minTickGap={4}
            // Recharts leaves out ticks by the width of this text; sampled places are their own numbers.
            {...(sweep.xLog && { tickFormatter: (place: number) => scale.xTicks.find((t) => t.place === place)?.text ?? '' })}
            tick={<SampleTick ticks={scale.xTicks} />}
          />
          <YAxis
            type="number" domain={[0, 1]} ticks={scale.y.ticks.map((v) => scale.y.along(v))} width={left} axisLine={false} tickLine={false} interval={0}
            tick={<ValueTick axis={scale.y} write={words.tick} />}
          />
          {sweep.series.map((s) => (
            <Line
              key={s.method} dataKey={s.method} type="linear" stroke={`var(--${s.slot})`} strokeWidth={s.method === hero ? 2.5 : 1.5}
              isAnimationActive={false} activeDot={false} legendType="none" connectNulls={false}
              dot={s.flat ? false : <SampleDot slot={s.slot} />}
            />
          ))}
          <Annotations sweep={sweep} scale={scale} methods={methods} hero={hero} looked={looked} />
          <text x={0} y={11} className="sweep-axis">{sweep.yLabel ?? words.label}{sweep.yLog ? ', log scale' : ''}</text>
          <text x={left} y={HEIGHT - 6} className="sweep-axis">{sweep.xLabel}{sweep.xLog ? ', log scale' : evenlySpaced(sweep.x) ? '' : ', points evenly spaced'}</text>
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
