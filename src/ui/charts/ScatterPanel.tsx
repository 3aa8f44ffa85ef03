/** Two measures of every method against each other (loss against bits per weight), with what no other point beats. */

import { useMemo, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import type { ParamValue, Scatter } from '../../run/run';
import { MINUS, bits } from '../format';
import { Marker, markerShape, slotColor } from '../markers/Marker';
import { NumbersTable } from '../panels/NumbersTable';
import { Panel } from '../panels/Panel';
import { boxesAlong, placeLabels, textWidth, wrapLabel } from './labels';
import type { Box, Wanted } from './labels';
import { MEASURES } from './measures';
import { axesOf, frontierOf, heightOf, nearest, pointsOf } from './scatter';
import type { Placed, ScatterSeries } from './scatter';
import { spread } from './scale';
import { useWidth } from './useWidth';
import './charts.css';

export interface ScatterPanelProps {
  readonly scatter?: Scatter;
  /** The series drawn heavier; default: the one in the slot 'hero'. */
  readonly hero?: string;
  /** Takes the params of the point. */
  readonly onPick?: (patch: Readonly<Record<string, ParamValue>>) => void;
  readonly id?: string;
}

const [TOP, BOTTOM, HEIGHT] = [22, 40, 320];
const LINE = 15;

interface Mark extends Placed {
  readonly x: number;
  readonly y: number;
}

const pathOf = (points: readonly { readonly x: number; readonly y: number }[]): string => points.map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('L');

export function ScatterPanel({ scatter, hero, onPick, id = 'scatter' }: ScatterPanelProps) {
  if (!scatter) return null;
  const { floor, measure } = scatter;
  const low = floor === undefined ? 0 : pointsOf(scatter).filter((p) => p.point.y < floor).length;
  const note = scatter.done < scatter.total ? `${scatter.done} of ${scatter.total} points`
    : low > 0 && floor !== undefined ? `${low} below ${MEASURES[measure ?? 'number'].tick(floor)}, drawn there` : 'each point is a full run';
  return (
    <Panel title={scatter.title} note={note} id={id}>
      <ScatterChart scatter={scatter} hero={hero ?? scatter.series.find((s) => s.slot === 'hero')?.method} onPick={onPick} />
    </Panel>
  );
}

/** Ends of the lines that stand near the right edge, the lab's method and what finds no room are named in the margin, the others beside their point. */
function EndLabels({ ends, right, hero, most, room, taken, soft }: {
  readonly ends: readonly Mark[]; readonly right: number; readonly hero?: string; readonly most: number; readonly room: Box; readonly taken: readonly Box[]; readonly soft: readonly Box[];
}) {
  const inside = ends.filter((e) => right - e.x >= 0.18 * room.width && e.series.method !== hero);
  const found = placeLabels(inside.map((e): Wanted => ({ x: e.x, y: e.y, width: textWidth(e.series.label, 12) + 13, height: 13 })), taken, room, soft);
  const near = ends.filter((e) => !found[inside.indexOf(e)]);
  const lines = near.map((e) => wrapLabel(e.series.label, e.series.method === hero ? most - 2 : most));
  const heights = spread(near.map((e) => e.y), lines.map((l) => LINE + (l.length - 1) * 13), room.y, room.y + room.height - 4);
  const style = (s: ScatterSeries): string => (s.method === hero ? 'scatter-label scatter-hero' : 'scatter-label');
  return (
    <>
      {near.map(({ series, x, y }, i) => (
        <g key={series.method}>
          <path className="scatter-leader" d={`M${x + 7} ${y}L${right + 8} ${heights[i]}`} />
          <g transform={`translate(${right + 10.5} ${heights[i] - 4.5}) scale(.75)`}>{markerShape(series.slot)}</g>
          <text className={style(series)} x={right + 24} y={heights[i] + 4}>
            {lines[i].length === 1 ? series.label : lines[i].map((line, n) => <tspan key={line} x={right + 24} y={heights[i] + 4 + (n - 0.5) * 13}>{line}</tspan>)}
          </text>
        </g>
      ))}
      {inside.map(({ series }, i) => {
        const box = found[i];
        return box && (
          <g key={series.method}>
            <g transform={`translate(${box.x} ${box.y + 2}) scale(.75)`}>{markerShape(series.slot)}</g>
            <text className={style(series)} x={box.x + 12} y={box.y + 10}>{series.label}</text>
          </g>
        );
      })}
    </>
  );
}

function ScatterChart({ scatter, hero, onPick }: ScatterPanelProps & { readonly scatter: Scatter }) {
  const [looked, look] = useState<number | null>(null);
  const [frame, width] = useWidth<HTMLDivElement>(560);
  const words = MEASURES[scatter.measure ?? 'number'];
  const points = useMemo(() => pointsOf(scatter), [scatter]);
  const axes = useMemo(() => axesOf(scatter, points), [scatter, points]);
  const frontier = useMemo(() => frontierOf(points.map((p) => ({ ...p, x: p.point.x, y: p.point.y })), scatter.largerIsBetter), [points, scatter.largerIsBetter]);
  const onFrontier = useMemo(() => new Set(frontier.map((p) => p.point)), [frontier]);

  const left = Math.max(34, ...axes.y.ticks.map((v) => textWidth(words.tick(v), 11) + 10));
  // Names take what the longest needs, a third of the width at most; longer ones break into two lines.
  const longest = Math.max(0, ...scatter.series.map((s) => textWidth(s.label, 12)));
  const margin = Math.min(longest + 30, Math.max(118, width / 3));
  const most = Math.floor((margin - 26) / (12 * 0.54));
  const [right, bottom] = [width - margin, HEIGHT - BOTTOM];
  const px = (v: number): number => left + axes.x.along(v) * (right - left);
  const py = (v: number): number => bottom - Math.max(0, Math.min(1, axes.y.along(heightOf(scatter, v)))) * (bottom - TOP);
  const marks: Mark[] = points.map((p) => ({ ...p, x: px(p.point.x), y: py(p.point.y) }));
  const lines = scatter.series.map((series) => ({ series, marks: marks.filter((m) => m.series === series) })).filter((l) => l.marks.length > 0);
  const ends = lines.map((l) => l.marks.reduce((a, b) => (b.x >= a.x ? b : a)));

  // Names of settings, where they find room: those of the lab's method name the others' columns too, and the frontier's say what to choose.
  const room: Box = { x: left, y: TOP - 10, width: right - left + 6, height: bottom - TOP + 8 };
  const corners = frontier.flatMap((p, i) => [...(i ? [{ x: px(p.point.x), y: py(frontier[i - 1].point.y) }] : []), { x: px(p.point.x), y: py(p.point.y) }]);
  const baseY = scatter.base && py(scatter.base.y);
  const baseText = scatter.base ? `${scatter.base.label} ${words.text(scatter.base.y)}` : '';
  const baseBox = baseY === undefined ? undefined : { x: left + 4, y: baseY > bottom - 16 ? baseY - 14 : baseY + 4, width: textWidth(baseText, 11), height: 11 };
  const soft = [...lines.flatMap((l) => boxesAlong([...l.marks].sort((a, b) => a.x - b.x))), ...boxesAlong(corners), ...(baseY === undefined ? [] : boxesAlong([{ x: left, y: baseY }, { x: right, y: baseY }]))];
  const dots = [...marks.map((m): Box => ({ x: m.x - 5, y: m.y - 5, width: 10, height: 10 })), ...(baseBox ? [baseBox] : [])];
  const tagged = marks.filter((m) => m.point.tag && (onFrontier.has(m.point) || m.series.method === hero || lines.length === 1)).sort((a, b) => Number(b.point.current ?? false) - Number(a.point.current ?? false));
  const tags = placeLabels(tagged.map((m): Wanted => ({ x: m.x, y: m.y, width: textWidth(m.point.tag, 11), height: 12 })), dots, room, soft);
  const taken: readonly Box[] = [...dots, ...tags.flatMap((t) => (t ? [t] : []))];

  const seen = looked === null ? undefined : marks[looked];
  const current = marks.findIndex((m) => m.point.current);
  const say = ({ series, point }: Placed): string => `${series.label}${point.tag ? `, ${point.tag}` : ''}: ${bits(point.x)} and ${words.text(point.y)}`;
  const set = (index: number): void => {
    const params = marks[index]?.point.params;
    if (params) onPick?.(params);
  };
  const at = (event: MouseEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearest(marks, event.clientX - box.left, event.clientY - box.top);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!way || marks.length === 0) return;
    const from = marks[looked ?? Math.max(0, current)];
    const next = looked === null ? marks.indexOf(from) : nearest(marks, from.x, from.y, [way[0], way[1]]);
    if (next >= 0) look(next);
    event.preventDefault();
    event.stopPropagation();
  };

  const name = `${scatter.title}: ${scatter.yLabel} against ${scatter.xLabel}, ${marks.length} points. Nothing beats ${frontier.map(say).join('; ') || 'anything yet'}.`;
  const picture = (
    <svg width={width} height={HEIGHT} aria-hidden="true">
      {axes.y.ticks.map((v) => (
        <g key={v}>
          <path className="chart-grid" d={`M${left} ${Math.round(py(v)) + 0.5}H${right}`} />
          <text x={left - 6} y={py(v) + 4} textAnchor="end">{words.tick(v)}</text>
        </g>
      ))}
      <path className="chart-base" d={`M${left} ${bottom}.5H${right}`} />
      {axes.x.ticks.map((v) => <text key={v} x={px(v)} y={bottom + 15} textAnchor="middle">{v < 0 ? MINUS : ''}{Math.abs(v)}</text>)}
      <text x={0} y={11}>{scatter.yLabel}{scatter.yLog ? ', log scale' : ''}</text>
      <text x={left} y={HEIGHT - 6}>{scatter.xLabel}</text>
      {baseBox && baseY !== undefined && (
        <g>
          <path className="scatter-base" d={`M${left} ${baseY.toFixed(1)}H${right}`} />
          <text className="scatter-halo" x={baseBox.x} y={baseBox.y + 9}>{baseText}</text>
        </g>
      )}
      {frontier.length > 0 && <path className="scatter-frontier" d={`M${pathOf(corners)}H${right}`} />}
      {lines.map(({ series, marks: own }) => own.length > 1 && (
        <path key={series.method} d={`M${pathOf([...own].sort((a, b) => a.point.x - b.point.x))}`} fill="none" stroke={slotColor(series.slot)} strokeWidth={series.method === hero ? 2 : 1} />
      ))}
      {/* The lab's method lies above the rest. */}
      {[...marks].sort((a, b) => Number(a.series.method === hero) - Number(b.series.method === hero)).map(({ series, point, x, y }) => (
        <g key={`${series.method} ${point.tag} ${point.x}`} transform={`translate(${x - 4.5} ${y - 4.5}) scale(.75)`}>{markerShape(series.slot)}</g>
      ))}
      {tags.map((box, i) => box && <text key={`${tagged[i].series.method} ${tagged[i].point.tag} ${tagged[i].point.x}`} className="scatter-halo" x={box.x} y={box.y + 10}>{tagged[i].point.tag}</text>)}
      <EndLabels ends={ends} right={right} hero={hero} most={most} room={room} taken={taken} soft={soft} />
      {marks.filter((m) => m.point.current).map((m) => <circle key={m.series.method} className="scatter-current" cx={m.x} cy={m.y} r="7.5" />)}
      {seen && <circle className="scatter-looked" cx={seen.x} cy={seen.y} r="10" />}
    </svg>
  );

  return (
    <div ref={frame} className="scatter">
      {marks.length === 0 ? <div style={{ height: HEIGHT }} /> : onPick ? (
        <button
          type="button" className="scatter-plot" aria-label={`${name} Arrow keys look around, Enter sets a point.`}
          onPointerMove={(event) => look(at(event))} onPointerLeave={() => look(null)} onKeyDown={onKeyDown} onBlur={() => look(null)}
          // A click of the keyboard has no place of its own: it takes the point that was looked at.
          onClick={(event) => set(event.detail === 0 ? (looked ?? current) : at(event))}
        >
          {picture}
        </button>
      ) : <figure className="scatter-plot" aria-label={name} onPointerMove={(event) => look(at(event))} onPointerLeave={() => look(null)}>{picture}</figure>}
      <p className="sweep-readout scatter-readout" aria-live="polite" data-export="omit">
        {seen
          ? <><Marker slot={seen.series.slot} size={9} /><b>{seen.series.label}{seen.point.tag ? `, ${seen.point.tag}` : ''}</b><span>{scatter.xLabel} {bits(seen.point.x)}</span><span>{scatter.yLabel.replace(', %', '')} {words.text(seen.point.y)}</span>{onFrontier.has(seen.point) && <span>on the frontier</span>}</>
          : <span className="sweep-hint">Grey steps: no point has {scatter.largerIsBetter ? 'more of one for less of the other' : 'less of both'}.{onPick ? ' Choose a point to set it.' : ''}</span>}
      </p>
      <NumbersTable
        caption={scatter.title}
        columns={['Method', 'setting', scatter.xLabel, scatter.yLabel, 'frontier']}
        rows={points.map(({ series, point }) => [series.label, point.tag, bits(point.x), words.text(point.y), onFrontier.has(point) ? 'yes' : ''])}
      />
    </div>
  );
}
