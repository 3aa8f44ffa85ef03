/** Every weight by its value and its sensitivity: the two thresholds of the split, and what lies beyond them. */

import { useEffect, useMemo, useRef } from 'react';

import type { Run, StageTensor } from '../../run/run';
import { useWidth } from '../../ui/charts/useWidth';
import { maxAbs } from '../../ui/color/scale';
import { MINUS, number, percent } from '../../ui/format';
import { useCrosshair } from '../../ui/heatmap/crosshair';
import { NumbersTable } from '../../ui/panels/NumbersTable';
import { Panel } from '../../ui/panels/Panel';
import { Sym } from '../../ui/symbol/Symbol';

const HEIGHT = 292;
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 10, 36, 36];
/** Room under the log axis for weights without any sensitivity. */
const ZERO = 16;
/** Decades of F that are drawn; less counts as none. */
const DECADES = 8;
/** Dots fall on a grid of so many px; how many share a place is said by ink. */
const GRID = 2;

interface Frame {
  readonly width: number;
  readonly reach: number;
  readonly low: number;
  readonly high: number;
}

const bottom = HEIGHT - BOTTOM;
const xOf = ({ width, reach }: Frame, w: number): number => LEFT + ((w / reach + 1) / 2) * (width - LEFT - RIGHT);
const yOf = ({ low, high }: Frame, f: number): number => {
  if (!(f > 0) || Math.log10(f) < low) return bottom - ZERO / 2;
  const floor = bottom - ZERO;
  return high > low ? floor - ((Math.log10(f) - low) / (high - low)) * (floor - TOP) : (TOP + floor) / 2;
};

function frameOf(w: Float32Array, f: Float32Array, width: number): Frame {
  const top = maxAbs(f);
  let least = top;
  for (const v of f) if (v > 0 && v < least) least = v;
  const high = top > 0 ? Math.log10(top) : 0;
  const low = least > 0 ? Math.max(high - DECADES, Math.log10(least)) : high;
  return { width, reach: maxAbs(w) || 1, low, high };
}

interface Dots {
  readonly faint: string;
  readonly middle: string;
  readonly dense: string;
  readonly outliers: string;
  readonly sensitive: string;
}

const circle = (x: number, y: number, r: number): string => `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

function dotsOf(w: Float32Array, f: Float32Array, mask: Float32Array | undefined, frame: Frame): Dots {
  const columns = Math.ceil(frame.width / GRID) + 1;
  const counts = new Map<number, number>();
  let [outliers, sensitive] = ['', ''];
  for (let i = 0; i < w.length; i += 1) {
    const [x, y] = [xOf(frame, w[i]!), yOf(frame, f[i]!)];
    if (mask?.[i] === 2) outliers += circle(x, y, 2);
    else if (mask?.[i] === 1) sensitive += circle(x, y, 2.6);
    else {
      const place = Math.floor(y / GRID) * columns + Math.floor(x / GRID);
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  const parts = ['', '', ''];
  for (const [place, count] of counts) {
    parts[count > 4 ? 2 : count > 1 ? 1 : 0] += `M${(place % columns) * GRID} ${Math.floor(place / columns) * GRID}h${GRID}v${GRID}h${-GRID}z`;
  }
  return { faint: parts[0]!, middle: parts[1]!, dense: parts[2]!, outliers, sensitive };
}

/** At most five powers of ten. */
function decadesOf({ low, high }: Frame): number[] {
  const step = Math.max(1, Math.ceil((high - low) / 4));
  const ticks = [];
  for (let p = Math.ceil(low); p <= high; p += step) ticks.push(p);
  return ticks;
}

/** The weight under the linked crosshair, ringed. */
function Linked({ w, f, frame }: { readonly w: StageTensor; readonly f: StageTensor; readonly frame: Frame }) {
  const crosshair = useCrosshair();
  const ring = useRef<SVGCircleElement>(null);
  useEffect(() => crosshair.subscribe((cell) => {
    const [k, n] = [cell?.['k'], cell?.['n']];
    const seen = k !== undefined && n !== undefined && k < w.rows && n < w.cols;
    ring.current?.setAttribute('visibility', seen ? 'visible' : 'hidden');
    if (!seen) return;
    ring.current?.setAttribute('cx', String(xOf(frame, w.data[k * w.cols + n]!)));
    ring.current?.setAttribute('cy', String(yOf(frame, f.data[k * w.cols + n]!)));
  }), [crosshair, w, f, frame]);
  return <circle ref={ring} r="6" fill="none" stroke="var(--ink)" strokeWidth="1.5" visibility="hidden" />;
}

const KINDS = ['stays dense', 'sensitive', 'outlier'] as const;

/** Of each kind: how many, their share of the weights and of the sensitivity, and their largest |w|. */
function tally(w: Float32Array, f: Float32Array, mask: Float32Array | undefined): (string | number)[][] {
  const rows = KINDS.map(() => ({ count: 0, weight: 0, largest: 0 }));
  let all = 0;
  for (let i = 0; i < w.length; i += 1) {
    const row = rows[mask?.[i] ?? 0] ?? rows[0]!;
    row.count += 1;
    row.weight += f[i]!;
    row.largest = Math.max(row.largest, Math.abs(w[i]!));
    all += f[i]!;
  }
  return rows.map((row, i) => [KINDS[i]!, row.count, percent(row.count / w.length), percent(all > 0 ? row.weight / all : 0), number(row.largest)]);
}

export function SplitPlane({ stages, scalars }: Pick<Run, 'stages' | 'scalars'>) {
  const [box, room] = useWidth<HTMLDivElement>(456);
  const { w, f, mask } = stages as Partial<Record<string, StageTensor>>;
  const width = Math.max(200, room);
  const frame = useMemo(() => (w && f ? frameOf(w.data, f.data, width) : undefined), [w, f, width]);
  const dots = useMemo(() => (w && f && frame ? dotsOf(w.data, f.data, mask?.data, frame) : undefined), [w, f, mask, frame]);
  const rows = useMemo(() => (w && f ? tally(w.data, f.data, mask?.data) : []), [w, f, mask]);
  if (!w || !f || !frame || !dots) return null;
  const { threshold, sensitivityThreshold, outlierCount = 0, sensitiveCount = 0, denseRange } = scalars;
  const right = width - RIGHT;
  const beyond = threshold !== undefined && threshold <= frame.reach ? [-threshold, threshold].map((v) => xOf(frame, v)) : [];
  const above = sensitivityThreshold !== undefined && sensitiveCount > 0 ? yOf(frame, sensitivityThreshold) : undefined;
  return (
    <Panel title="Split" note="each dot a weight; darker: more of them" id="split">
      <div ref={box} className="split-plane">
        <svg width={width} height={HEIGHT} role="img" aria-label={`Weights by value and sensitivity: ${outlierCount} lie beyond the threshold of size, ${sensitiveCount} above that of sensitivity.`}>
          {beyond.length === 2 && <path d={`M${LEFT} ${TOP}H${beyond[0]!.toFixed(1)}V${bottom}H${LEFT}ZM${beyond[1]!.toFixed(1)} ${TOP}H${right}V${bottom}H${beyond[1]!.toFixed(1)}Z`} fill="var(--bg2)" />}
          {above !== undefined && <path d={`M${LEFT} ${TOP}H${right}V${above.toFixed(1)}H${LEFT}Z`} fill="var(--bg2)" />}
          {decadesOf(frame).map((p) => (
            <g key={p}>
              <path d={`M${LEFT} ${yOf(frame, 10 ** p).toFixed(1)}H${right}`} stroke="var(--line)" />
              <text x={LEFT - 6} y={yOf(frame, 10 ** p) + 4} textAnchor="end">{number(10 ** p, 1).replace('1·', '')}</text>
            </g>
          ))}
          <path d={`M${LEFT} ${bottom}.5H${right}`} stroke="var(--line2)" shapeRendering="crispEdges" />
          <text x={LEFT - 6} y={bottom - ZERO / 2 + 4} textAnchor="end">0</text>
          <path d={dots.faint} fill="var(--line2)" opacity=".55" />
          <path d={dots.middle} fill="var(--line2)" />
          <path d={dots.dense} fill="var(--ink3)" />
          {beyond.map((x) => <path key={x} d={`M${x.toFixed(1)} ${TOP}V${bottom}`} stroke="var(--ink)" strokeDasharray="2 3" />)}
          {above !== undefined && <path d={`M${LEFT} ${above.toFixed(1)}H${right}`} stroke="var(--ink)" strokeDasharray="2 3" />}
          <path d={dots.outliers} fill="var(--hero)" />
          <path d={dots.sensitive} fill="var(--bg)" stroke="var(--hero)" strokeWidth="1.5" />
          <Linked w={w} f={f} frame={frame} />
          {[-1, 0, 1].map((at) => (
            <text key={at} x={xOf(frame, at * frame.reach)} y={bottom + 14} textAnchor={at < 0 ? 'start' : at > 0 ? 'end' : 'middle'}>{at < 0 ? MINUS : ''}{at === 0 ? 0 : number(frame.reach)}</text>
          ))}
          <text x="0" y="11" className="sweep-axis">sensitivity F, log scale</text>
          <text x={LEFT} y={HEIGHT - 6} className="sweep-axis">weight w</text>
        </svg>
        {beyond.map((x, i) => <span key={x} style={{ left: x }}>{i === 0 ? MINUS : ''}<Sym text="T" /></span>)}
      </div>
      <p className="sub">
        <i className="split-key" data-kind="outlier" />{outlierCount} leave for their size, <i className="split-key" data-kind="sensitive" />{sensitiveCount} for their sensitivity.
        {denseRange !== undefined && ` What stays spans ${percent(denseRange, 0)} of the range.`}
      </p>
      <NumbersTable caption="The split" columns={['Part', 'weights', 'share', 'share of sensitivity', 'largest |w|']} rows={rows} />
    </Panel>
  );
}
