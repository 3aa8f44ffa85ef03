/** Error (or another measure) over two parameters: measured cells only, in ink; the searched candidates, the best and the current point marked. */

import { useId, useMemo, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import type { Landscape, ParamValue } from '../../run/run';
import { NumbersTable } from '../panels/NumbersTable';
import { Panel } from '../panels/Panel';
import { Sym, SymInChart } from '../symbol/Symbol';
import { cellsOf, inkOf, nearestPoint } from './landscape';
import type { Point } from './landscape';
import { MEASURES } from './measures';
import { useWidth } from './useWidth';
import './charts.css';

export interface LandscapeChartProps {
  readonly landscape: Landscape;
  /** Takes `{ [xParam]: x, [yParam]: y }`. */
  readonly onPick?: (patch: Readonly<Record<string, ParamValue>>) => void;
  /** Symbols of the two parameters (α, β); default: their names. */
  readonly symbols?: readonly [string, string];
  /** Points that the method itself tries; default: those that the landscape tags. */
  readonly isCandidate?: (point: Point) => boolean;
}

/** Without the dust of binary fractions. */
const tidy = (value: number): number => Number(value.toPrecision(4));

const LARGEST = 290;
const LEFT = 34;
const TOP = 22;
const BOTTOM = 36;
const RIGHT = 10;

/** The ends and the middle of what was measured. */
const ticksOf = (values: readonly number[]): number[] => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? [low] : [low, (low + high) / 2, high];
};

export function LandscapeChart(props: LandscapeChartProps) {
  const { title, points, total } = props.landscape;
  if (points.length > 0) return <MeasuredLandscape {...props} />;
  return <Panel title={title} note={`0 of ${total} points`} id="landscape"><div className="landscape-room" /></Panel>;
}

function MeasuredLandscape({ landscape, onPick, symbols = [landscape.xParam, landscape.yParam], isCandidate }: LandscapeChartProps) {
  const { points, best, current, done, total } = landscape;
  const [looked, look] = useState<number | null>(null);
  const words = MEASURES[landscape.measure ?? 'relativeError'];
  const measure = words.label.replace(/, %.*/, '');
  const ramp = useId();
  const [frame, room] = useWidth<HTMLDivElement>(LEFT + LARGEST + RIGHT);
  const size = Math.max(120, Math.min(LARGEST, room - LEFT - RIGHT));
  const { cells, candidates, box } = useMemo(() => cellsOf(points, isCandidate), [points, isCandidate]);
  const errors = points.map((p) => p.error).filter(Number.isFinite);
  const [low, high] = [Math.min(...errors), Math.max(...errors)];

  const px = (x: number): number => LEFT + ((x - box.x0) / (box.x1 - box.x0)) * size;
  const py = (y: number): number => TOP + (1 - (y - box.y0) / (box.y1 - box.y0)) * size;
  const set = (p: Point | undefined): void => { if (p) onPick?.({ [landscape.xParam]: tidy(p.x), [landscape.yParam]: tidy(p.y) }); };
  const at = (event: MouseEvent<HTMLElement>): number => {
    const rect = event.currentTarget.querySelector('svg')!.getBoundingClientRect();
    const x = box.x0 + ((event.clientX - rect.left - LEFT) / size) * (box.x1 - box.x0);
    const y = box.y0 + (1 - (event.clientY - rect.top - TOP) / size) * (box.y1 - box.y0);
    return nearestPoint(points, x, y);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = points[looked ?? nearestPoint(points, current.x, current.y)];
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    if (!way) return;
    look(nearestPoint(points, from.x, from.y, [way[0], way[1]]));
    event.preventDefault();
    event.stopPropagation();
  };
  const seen = looked === null ? undefined : points[looked];
  const bestPoint = points[best];
  const value = (p: Point) => <><Sym text={symbols[0]} /> {tidy(p.x)}, <Sym text={symbols[1]} /> {tidy(p.y)}: <b>{words.text(p.error)}</b></>;
  const name = `${landscape.title}. Best ${bestPoint ? `${landscape.xParam} ${tidy(bestPoint.x)}, ${landscape.yParam} ${tidy(bestPoint.y)}, ${words.text(bestPoint.error)}` : 'not known yet'}.`;

  const picture = (
    <svg width={LEFT + size + RIGHT} height={TOP + size + BOTTOM} aria-hidden="true">
      {cells.map(({ point, x0, x1, y0, y1 }) => (
        <rect key={`${point.x},${point.y}`} className="landscape-cell" x={px(x0)} y={py(y1)} width={px(x1) - px(x0)} height={py(y0) - py(y1)} fillOpacity={inkOf(point.error, low, high)} />
      ))}
      <rect className="landscape-frame" x={LEFT} y={TOP} width={size} height={size} />
      {candidates.map((p) => <circle key={`${p.x},${p.y}`} className="landscape-candidate" cx={px(p.x)} cy={py(p.y)} r="3" />)}
      {bestPoint && <path className="landscape-best" d={`M${px(bestPoint.x)} ${py(bestPoint.y) - 7}l7 7-7 7-7-7z`} />}
      <circle className="landscape-current" cx={px(current.x)} cy={py(current.y)} r="6.5" />
      {seen && <circle className="landscape-looked" cx={px(seen.x)} cy={py(seen.y)} r="9.5" />}
      {ticksOf(points.map((p) => p.x)).map((x) => <text key={x} x={px(x)} y={TOP + size + 15} textAnchor="middle">{tidy(x)}</text>)}
      {ticksOf(points.map((p) => p.y)).map((y) => <text key={y} x={LEFT - 6} y={py(y) + 4} textAnchor="end">{tidy(y)}</text>)}
      <text x={0} y={11} className="landscape-axis"><SymInChart text={symbols[1]} /></text>
      <text x={LEFT + size} y={TOP + size + 31} textAnchor="end" className="landscape-axis"><SymInChart text={symbols[0]} /></text>
    </svg>
  );

  return (
    <Panel title={landscape.title} note={done < total ? `${done} of ${total} points` : landscape.note ?? `${total} full runs`} id="landscape">
      <div className="landscape">
        <div ref={frame}>
          {onPick ? (
            <button
              type="button" className="landscape-plot landscape-pickable" aria-label={`${name} Arrow keys look around, Enter sets both parameters.`}
              onPointerMove={(event) => look(at(event))} onPointerLeave={() => look(null)} onKeyDown={onKeyDown} onBlur={() => look(null)}
              // A click of the keyboard has no place of its own: it takes the cell that was looked at.
              onClick={(event) => set(points[event.detail === 0 ? (looked ?? nearestPoint(points, current.x, current.y)) : at(event)])}
            >
              {picture}
            </button>
          ) : (
            <figure className="landscape-plot" aria-label={name}>{picture}</figure>
          )}
        </div>
        <div className="landscape-side">
          <p className="landscape-readout" aria-live="polite" data-export="omit">{seen ? value(seen) : <span className="sub">Point at a cell for its {landscape.measure ? measure : 'error'}{onPick ? '; choose it to set both' : ''}.</span>}</p>
          <ul className="landscape-key">
            {bestPoint && <li><svg width="14" height="14" viewBox="-8 -8 16 16" aria-hidden="true"><path className="landscape-best" d="M0-7l7 7-7 7-7-7z" /></svg><span>lowest<br />{value(bestPoint)}</span></li>}
            <li><svg width="14" height="14" viewBox="-8 -8 16 16" aria-hidden="true"><circle className="landscape-current" r="6.5" /></svg><span>this run<br /><Sym text={symbols[0]} /> {tidy(current.x)}, <Sym text={symbols[1]} /> {tidy(current.y)}</span></li>
            {candidates.length > 0 && <li><svg width="14" height="14" viewBox="-8 -8 16 16" aria-hidden="true"><circle className="landscape-candidate" r="3" /></svg><span>{isCandidate || points.some((p) => p.candidate) ? `${candidates.length} candidates of the search` : `${candidates.length} points off the grid`}</span></li>}
          </ul>
          <div className="landscape-ramp">
            <svg width="100%" height="8" aria-hidden="true">
              <defs><linearGradient id={ramp}><stop className="landscape-ink" offset="0" stopOpacity={inkOf(0, 0, 1)} /><stop className="landscape-ink" offset="1" stopOpacity={inkOf(1, 0, 1)} /></linearGradient></defs>
              <rect className="landscape-frame" width="100%" height="8" style={{ fill: `url(#${ramp})` }} />
            </svg>
            <span>{words.text(low)}</span><span>{words.text(high)}</span></div>
        </div>
      </div>
      <NumbersTable
        caption={`${landscape.title}, ${measure}`}
        columns={[landscape.xParam, landscape.yParam, measure, 'mark']}
        rows={points.map((p, i) => [tidy(p.x), tidy(p.y), words.text(p.error), i === best ? 'lowest' : ''])}
      />
    </Panel>
  );
}
