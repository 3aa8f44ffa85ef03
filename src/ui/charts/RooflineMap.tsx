/** Many kernels under the two measured ceilings, and what others need for the same work: log–log, to be looked around in. */

import { useMemo, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import { rate } from '../panels/numbers';
import { boxesAlong, placeLabels, textWidth, type Box, type Wanted } from './labels';
import { nearest } from './scatter';
import { decades, powerOfTen, roofAt, rooflineScale, type Roof } from './scale';
import { useWidth } from './useWidth';
import './charts.css';

export interface MapPoint {
  /** What is computed: points of one work stand above each other. */
  readonly work: string;
  /** As the drawing names it. */
  readonly label: string;
  /** Who computes it; absent for ours. */
  readonly rival?: string;
  /** Where a rival has several ways: which. */
  readonly way?: string;
  /** FLOP per byte of the cost model. */
  readonly intensity: number;
  /** FLOP/s. */
  readonly rate: number;
}

export interface RooflineMapProps {
  readonly points: readonly MapPoint[];
  readonly roof: Roof;
  /** The work that is looked at, here or elsewhere on the page. */
  readonly looked?: string;
  readonly onLook: (work: string | undefined) => void;
  readonly onPick: (work: string) => void;
}

interface Mark extends MapPoint {
  readonly x: number;
  readonly y: number;
}

const [LEFT, RIGHT, TOP, BOTTOM] = [44, 10, 24, 42];

/** An open shape for each rival, in the order in which they come; 12 units wide. */
const OPEN: readonly ReactNode[] = [
  <rect key="0" x="2" y="2" width="8" height="8" />,
  <path key="1" d="M6 1.6 10.8 10.2H1.2z" />,
  <path key="2" d="M6 1 11 6 6 11 1 6z" />,
  <path key="3" d="M1.2 1.8h9.6L6 10.4z" />,
];

/** The marker of a rival, or ours, as SVG content. */
function Shape({ rivals, rival }: { readonly rivals: readonly string[]; readonly rival?: string }) {
  if (rival === undefined) return <circle cx="6" cy="6" r="4.6" className="roofline-point" />;
  return <g className="roofline-open">{OPEN[rivals.indexOf(rival) % OPEN.length]}</g>;
}

/** What each marker stands for. */
export function RooflineKey({ rivals }: { readonly rivals: readonly string[] }) {
  return (
    <ul className="roofline-key">
      {[undefined, ...rivals].map((rival) => (
        <li key={rival ?? ''}><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><Shape rivals={rivals} rival={rival} /></svg>{rival ?? 'this page’s kernel'}</li>
      ))}
    </ul>
  );
}

export const rivalsOf = (points: readonly MapPoint[]): string[] => [...new Set(points.flatMap(({ rival }) => (rival === undefined ? [] : [rival])))];

export function RooflineMap({ points, roof, looked, onLook, onPick }: RooflineMapProps) {
  const [box, room] = useWidth<HTMLDivElement>(760);
  const [active, setActive] = useState(false);
  const width = Math.max(260, room);
  const height = Math.round(Math.max(300, Math.min(440, width * 0.56)));
  const bottom = height - BOTTOM;
  const { intensities, rates, ridge, px, py, path } = useMemo(
    () => rooflineScale(points, roof, { left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM }),
    [points, roof, width, height],
  );
  const rivals = useMemo(() => rivalsOf(points), [points]);
  const marks: Mark[] = points.map((p) => ({ ...p, x: px(p.intensity), y: py(p.rate) }));
  const ours = marks.filter(({ rival }) => rival === undefined);
  const seen = ours.find(({ work }) => work === looked);
  const column = looked === undefined ? [] : marks.filter(({ work }) => work === looked);

  const copyAt = Math.sqrt(intensities[0] * ridge);
  const copyText = `copy ${rate(roof.bytesPerSecond, 'B/s')}`;
  const fmaText = `multiply-add ${rate(roof.flopsPerSecond, 'FLOP/s')}`;
  const around: Box = { x: LEFT + 2, y: TOP, width: width - RIGHT - LEFT - 2, height: bottom - TOP - 2 };
  const roofBoxes = boxesAlong([{ x: px(intensities[0]), y: py(roofAt(roof, intensities[0])) }, { x: px(ridge), y: py(roof.flopsPerSecond) }, { x: width - RIGHT, y: py(roof.flopsPerSecond) }]);
  const copyBox: Box = { x: Math.max(LEFT + 4, px(copyAt) - textWidth(copyText, 11) - 8), y: py(roofAt(roof, copyAt)) - 16, width: textWidth(copyText, 11), height: 12 };
  const fmaBox: Box = { x: width - RIGHT - textWidth(fmaText, 11), y: py(roof.flopsPerSecond) - 17, width: textWidth(fmaText, 11), height: 12 };
  const dots = marks.map((m): Box => ({ x: m.x - 5, y: m.y - 5, width: 10, height: 10 }));
  // Who stands highest is named first: near the roof is where a reader looks.
  const named = [...ours].sort((a, b) => b.rate / roofAt(roof, b.intensity) - a.rate / roofAt(roof, a.intensity));
  const tags = placeLabels(named.map((m): Wanted => ({ x: m.x, y: m.y, width: textWidth(m.label, 11), height: 12 })), [...dots, copyBox, fmaBox, ...roofBoxes], around);

  const at = (event: MouseEvent<HTMLElement>): Mark | undefined => {
    const frame = event.currentTarget.getBoundingClientRect();
    return marks[nearest(marks, event.clientX - frame.left, event.clientY - frame.top)];
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!way || ours.length === 0) return;
    const next = seen ? nearest(ours, seen.x, seen.y, [way[0], way[1]]) : 0;
    if (next >= 0) onLook(ours[next].work);
    event.preventDefault();
  };

  return (
    <div ref={box} className="roofline roofline-map">
      <button
        type="button" className="scatter-plot" disabled={ours.length === 0}
        aria-label={`Roofline: ${fmaText} and ${copyText} measured, ${ours.length} kernels. Arrow keys look around, Enter shows a kernel in the table.`}
        onPointerMove={(event) => onLook(at(event)?.work)} onPointerLeave={() => onLook(undefined)}
        onFocus={() => setActive(true)} onBlur={() => { setActive(false); onLook(undefined); }} onKeyDown={onKeyDown}
        onClick={(event) => { const work = event.detail === 0 ? looked : at(event)?.work; if (work !== undefined) onPick(work); }}
      >
        <svg width={width} height={height} aria-hidden="true">
          {decades(rates[0], rates[1]).map((v) => (
            <g key={v}>
              <path className="chart-grid" d={`M${LEFT} ${Math.round(py(v)) + 0.5}H${width - RIGHT}`} />
              <text x={LEFT - 6} y={py(v) + 4} textAnchor="end">{powerOfTen(v / 1e9)}</text>
            </g>
          ))}
          {decades(intensities[0], intensities[1]).map((v) => <text key={v} x={px(v)} y={bottom + 15} textAnchor="middle">{powerOfTen(v)}</text>)}
          <path className="chart-base" d={`M${LEFT} ${bottom}.5H${width - RIGHT}`} />
          <text x={0} y={11}>GFLOP/s, log scale</text>
          <text x={LEFT} y={height - 8}>FLOP per byte of the cost model, log scale</text>
          <path className="roofline-roof" d={path} />
          <text className="roofline-ceiling" x={fmaBox.x + fmaBox.width} y={fmaBox.y + 11} textAnchor="end">{fmaText}</text>
          <text className="roofline-ceiling" x={copyBox.x + copyBox.width} y={copyBox.y + 10} textAnchor="end">{copyText}</text>
          {column.length > 1 && <path className="roofline-same" d={`M${column[0].x} ${Math.min(...column.map((m) => m.y))}V${Math.max(...column.map((m) => m.y))}`} />}
          {marks.map((m) => (
            <g key={`${m.work} ${m.way ?? m.rival ?? ''}`} transform={`translate(${m.x - 4.5} ${m.y - 4.5}) scale(.75)`} opacity={looked === undefined || m.work === looked ? undefined : 0.35}>
              <Shape rivals={rivals} rival={m.rival} />
            </g>
          ))}
          {tags.map((tag, i) => tag && named[i].work !== looked && (
            <text key={named[i].work} className="roofline-name" x={tag.x} y={tag.y + 10} opacity={looked === undefined ? undefined : 0.35}>{named[i].label}</text>
          ))}
          {seen && (
            <>
              <circle className="scatter-looked" cx={seen.x} cy={seen.y} r="9" />
              <text className="roofline-name roofline-seen" x={Math.max(LEFT + 4, Math.min(width - RIGHT - textWidth(seen.label, 12), seen.x - textWidth(seen.label, 12) / 2))} y={seen.y < TOP + 30 ? seen.y + 24 : seen.y - 14}>{seen.label}</text>
            </>
          )}
        </svg>
      </button>
      <p className="sweep-readout scatter-readout" aria-live={active ? 'polite' : 'off'}>
        {seen
          ? <><b>{seen.label}</b><span>{powerOfTen(seen.intensity)} FLOP per byte</span>{column.map((m) => <span key={m.way ?? m.rival ?? ''}>{m.rival ?? 'here'} {rate(m.rate, 'FLOP/s')}</span>)}<span>{(100 * seen.rate / roofAt(roof, seen.intensity)).toFixed(0)} % of the roof</span></>
          : <span className="sweep-hint">Point at a kernel, or go through them with the arrow keys; it lights up in the table too.</span>}
      </p>
    </div>
  );
}
