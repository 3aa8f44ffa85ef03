/** The drawing of a sweep, on Recharts: sampled points only, straight lines, direct labels at the line ends. */

import { useMemo, useRef } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis, usePlotArea } from 'recharts';
import type { MethodResult, Sweep } from '../../run/run';
import { markerShape } from '../markers/Marker';
import { percent } from '../format';
import { evenlySpaced, placeAmong, spread, ticksFromZero } from './scale';

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
const LEFT = 34;
const BOTTOM = 40;
const HEIGHT = 268;
const LABEL_GAP = 15;

/** The last value a series has so far. */
const lastOf = (s: Series): number | undefined => s.y.findLast((v): v is number => v !== null && Number.isFinite(v));

const errorAt = (s: Series, place: number, methods?: readonly MethodResult[]): number | null => {
  const sample = Number.isInteger(place) ? s.y[place] : null;
  return sample ?? methods?.find((m) => m.id === s.method)?.relativeError ?? null;
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

const SampleTick = ({ sweep, x, y, payload }: Placed & { readonly sweep: Sweep }) => payload && (
  <text x={x} y={Number(y) + 8} textAnchor="middle" className={sweep.x[payload.value] === sweep.current ? 'sweep-tick sweep-tick-current' : 'sweep-tick'}>
    {sweep.xTicks?.[payload.value] ?? sweep.x[payload.value]}
  </text>
);

const ErrorTick = ({ x, y, payload }: Placed) => payload && (
  <text x={x} y={Number(y) + 4} textAnchor="end" className="sweep-tick">{Number((100 * payload.value).toPrecision(6))}</text>
);

interface LayerProps {
  readonly sweep: Sweep;
  readonly methods?: readonly MethodResult[];
  readonly hero: string | undefined;
  readonly top: number;
  readonly looked: number | null;
}

/** Everything that is not a line: structural marks, end labels, the current point with its drop line and value. */
function Annotations({ sweep, methods, hero, top, looked }: LayerProps) {
  const area = usePlotArea();
  if (!area) return null;
  const bottom = area.y + area.height;
  const right = area.x + area.width;
  const px = (place: number): number => area.x + (place / Math.max(1, sweep.x.length - 1)) * area.width;
  const py = (error: number): number => bottom - (Math.min(error, top) / top) * area.height;
  const ends = sweep.series.flatMap((s) => {
    const end = lastOf(s);
    return end === undefined ? [] : [{ s, y: py(end) }];
  });
  const labels = spread(ends.map((e) => e.y), LABEL_GAP, area.y, bottom - 2);
  const main = sweep.series.find((s) => s.method === hero);
  const place = placeAmong(sweep.x, sweep.current);
  const error = main ? errorAt(main, place, methods) : null;
  const cx = px(place);

  return (
    <g>
      {sweep.marks?.map(({ x, label }) => {
        const mx = px(placeAmong(sweep.x, x));
        const room = mx - area.x > 90;
        return (
          <g key={label} className="sweep-mark">
            <path d={`M${mx} ${area.y}V${bottom}`} />
            <text x={mx + (room ? -5 : 5)} y={bottom - 8} textAnchor={room ? 'end' : 'start'}>{label}</text>
          </g>
        );
      })}
      {looked !== null && <path className="sweep-looked" d={`M${px(looked)} ${area.y}V${bottom}`} />}
      {ends.map(({ s, y }, i) => (
        <g key={s.method}>
          {Math.abs(labels[i] - y) > 5 && <path className="sweep-leader" d={`M${right + 2} ${y}L${right + 8} ${labels[i]}`} />}
          <Dot slot={s.slot} x={right + 15} y={labels[i]} size={9} />
          <text className={s.method === hero ? 'sweep-label sweep-hero' : 'sweep-label'} x={right + 24} y={labels[i] + 4}>{s.label}</text>
        </g>
      ))}
      {error === null ? (
        <path className="sweep-drop" d={`M${cx} ${area.y}V${bottom}`} />
      ) : (
        <g className="sweep-current">
          <path className="sweep-drop" d={`M${cx} ${py(error)}V${bottom}`} />
          <circle cx={cx} cy={py(error)} r="6.5" />
          <text
            x={right - cx < 60 ? cx - 10 : cx + 10}
            y={bottom - py(error) > 34 ? py(error) + 20 : py(error) - 11}
            textAnchor={right - cx < 60 ? 'end' : 'start'}
          >
            {percent(error)}
          </text>
        </g>
      )}
    </g>
  );
}

export default function SweepPlot({ sweep, methods, hero = sweep.series.find((s) => s.slot === 'hero')?.method, looked, onLook, onPick }: SweepPlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(
    () => sweep.x.map((_, i) => Object.fromEntries([['place', i], ...sweep.series.map((s): [string, number | null] => [s.method, s.y[i] ?? null])])),
    [sweep],
  );
  const ticks = useMemo(() => {
    const values = sweep.series.flatMap((s) => s.y).filter((v): v is number => v !== null && Number.isFinite(v));
    return ticksFromZero(Math.max(0, ...values));
  }, [sweep]);
  const top = ticks.at(-1)!;
  const last = sweep.x.length - 1;

  /** Nearest sample to the pointer. */
  const at = (event: MouseEvent): number => {
    const { left, width } = box.current!.getBoundingClientRect();
    const along = (event.clientX - left - LEFT) / Math.max(1, width - LEFT - MARGIN.right);
    return Math.max(0, Math.min(last, Math.round(along * last)));
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
            dataKey="place" type="number" domain={[0, Math.max(1, last)]} ticks={sweep.x.map((_, i) => i)} interval="equidistantPreserveStart" height={BOTTOM}
            axisLine={{ stroke: 'var(--line2)' }} tickLine={false} minTickGap={4}
            tick={<SampleTick sweep={sweep} />}
          />
          <YAxis
            type="number" domain={[0, top]} ticks={ticks} width={LEFT} axisLine={false} tickLine={false} interval={0}
            tick={<ErrorTick />}
          />
          {sweep.series.map((s) => (
            <Line
              key={s.method} dataKey={s.method} type="linear" stroke={`var(--${s.slot})`} strokeWidth={s.method === hero ? 2.5 : 1.5}
              isAnimationActive={false} activeDot={false} legendType="none" connectNulls={false}
              dot={s.flat ? false : <SampleDot slot={s.slot} />}
            />
          ))}
          <Annotations sweep={sweep} methods={methods} hero={hero} top={top} looked={looked} />
          <text x={0} y={11} className="sweep-axis">relative error, %</text>
          <text x={LEFT} y={HEIGHT - 6} className="sweep-axis">{sweep.xLabel}{evenlySpaced(sweep.x) ? '' : ', points evenly spaced'}</text>
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
