/** One row of a map, largest share first: what each holds, what they hold together, and where a top-p choice stops. */

import { useState, type PointerEvent } from 'react';

import { percent } from '../format';
import { NumbersTable } from '../panels/NumbersTable';
import { Panel } from '../panels/Panel';
import { massOf } from './mass';
import { useWidth } from './useWidth';
import './charts.css';

export interface MassChartProps {
  readonly title?: string;
  readonly note?: string;
  readonly id?: string;
  /** Shares of the row, descending; they sum to 1. */
  readonly values: ArrayLike<number>;
  /** How many of them are kept. */
  readonly kept: number;
  /** The mass that the choice must reach. */
  readonly p?: number;
  /** At least this many are kept, whatever p says. */
  readonly floor?: number;
  /** What the i-th of the sorted shares belongs to. */
  readonly names?: (index: number) => string;
  /** Bars and lines alone, without panel, axis words and table: for a strip. */
  readonly compact?: boolean;
  readonly height?: number;
}

const [LEFT, RIGHT, TOP, BOTTOM] = [34, 8, 20, 36];

export function MassChart({ compact = false, ...props }: MassChartProps) {
  if (compact) return <Plot {...props} compact />;
  const { title = 'One row of the map', note, id = 'mass', values, kept, names } = props;
  const { sums } = massOf(values, kept);
  return (
    <Panel title={title} note={note ?? `${kept} of ${values.length} kept`} id={id}>
      <Plot {...props} compact={false} />
      <NumbersTable
        caption={title} columns={['Rank', ...(names ? ['cluster'] : []), 'share', 'together', 'kept']}
        rows={Array.from(values, (v, i) => [i + 1, ...(names ? [names(i)] : []), percent(v), percent(sums[i]), i < kept ? 'kept' : ''])}
      />
    </Panel>
  );
}

function Plot({ values, kept, p, floor, names, compact, height = compact ? 76 : 220 }: MassChartProps & { readonly compact: boolean }) {
  const [frame, width] = useWidth<HTMLDivElement>(compact ? 128 : 460);
  const [looked, look] = useState<number>();
  const { sums, keptMass } = massOf(values, kept);
  const [left, right, top, bottom] = compact ? [0, width, 2, height - 14] : [LEFT, width - RIGHT, TOP, height - BOTTOM];
  const n = Math.max(1, values.length);
  const step = (right - left) / n;
  const px = (i: number): number => left + i * step;
  const py = (share: number): number => bottom - Math.min(1, Math.max(0, share)) * (bottom - top);
  const thick = step > 3 ? step - 1 : step;
  const bars = (from: number, to: number): string =>
    Array.from({ length: Math.max(0, Math.min(n, to) - from) }, (_, i) => `M${px(from + i).toFixed(2)} ${bottom}V${Math.min(py(values[from + i] ?? 0), bottom - 0.5).toFixed(2)}h${thick.toFixed(2)}V${bottom}Z`).join('');
  const line = Array.from(sums, (s, i) => `${px(i + 0.5).toFixed(1)} ${py(s).toFixed(1)}`).join('L');
  const edge = px(Math.min(kept, n));
  const said = looked === undefined ? undefined : `${names ? names(looked) : `rank ${looked + 1}`}: ${percent(values[looked])}, together ${percent(sums[looked])}, ${looked < kept ? 'kept' : 'dropped'}`;
  const summary = `The largest ${kept} of ${values.length} are kept and hold ${percent(keptMass, 1)}${p === undefined ? '' : `; p is ${percent(p, 0)}`}${floor ? `; at least ${floor} are kept` : ''}.`;
  const at = (event: PointerEvent<Element>): void => {
    const i = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - left) / step);
    look(i >= 0 && i < values.length ? i : undefined);
  };
  const labelRight = right - edge > 90;
  return (
    <div ref={frame} className={compact ? 'mass mass-compact' : 'mass'}>
      <svg width={width} height={height} role="img" aria-label={summary} onPointerMove={at} onPointerLeave={() => look(undefined)}>
        <rect className="mass-kept" x={left} y={top} width={Math.max(0, edge - left)} height={bottom - top} />
        {!compact && [0, 0.5, 1].map((share) => <g key={share}><path className="chart-grid" d={`M${left} ${Math.round(py(share)) + 0.5}H${right}`} /><text x={left - 6} y={py(share) + 4} textAnchor="end">{100 * share}</text></g>)}
        <path className="mass-bars" d={bars(0, kept)} />
        <path className="mass-bars mass-dropped" d={bars(kept, n)} />
        <path className="mass-sum" d={`M${line}`} />
        {p !== undefined && <path className="mass-p" d={`M${left} ${py(p).toFixed(1)}H${right}`} />}
        <path className="mass-edge" d={`M${edge.toFixed(1)} ${top}V${bottom}`} />
        {floor !== undefined && floor > 0 && floor <= n && <path className="mass-floor" d={`M${px(floor).toFixed(1)} ${bottom - 10}V${bottom + 4}`} />}
        <path className="chart-base" d={`M${left} ${bottom}.5H${right}`} />
        {looked !== undefined && <path className="mass-looked" d={`M${px(looked + 0.5).toFixed(1)} ${top}V${bottom}`} />}
        {compact
          ? <><text x={left} y={height - 2}>{kept} kept</text><text x={right} y={height - 2} textAnchor="end">{percent(keptMass, 0)}</text></>
          : (
            <>
              <text x={0} y={11}>share of the row, %</text>
              <text x={left} y={bottom + 15}>1</text><text x={right} y={bottom + 15} textAnchor="end">{values.length}</text>
              <text x={left} y={height - 4}>key clusters, largest share first</text>
              {p !== undefined && <text className="mass-label" x={right} y={py(p) + 13} textAnchor="end">p = {p}</text>}
              <text className="mass-label mass-strong" x={labelRight ? edge + 5 : edge - 5} y={bottom - 0.45 * (bottom - top)} textAnchor={labelRight ? 'start' : 'end'}>{kept} kept, {percent(keptMass, 1)}</text>
              {floor !== undefined && floor > 0 && <text className="mass-label" x={px(Math.min(floor, n))} y={bottom + 15} textAnchor="middle">{floor}</text>}
            </>
          )}
      </svg>
      {!compact && <p className="timeline-said">{said ?? (floor ? `The short tick: at least ${floor} are kept.` : '')}</p>}
    </div>
  );
}
