/** How many tokens each cluster holds, largest first: one lane per set of clusters, one scale, the side of a tile marked. */

import type { MethodSlot } from '../../run/run';
import { count, number } from '../format';
import { Marker, slotColor } from '../markers/Marker';
import { NumbersTable } from '../panels/NumbersTable';
import { Panel } from '../panels/Panel';
import { axisFromZero } from './scale';
import { sizesOf } from './sizes';
import { useWidth } from './useWidth';
import { columnsOf } from './work';
import './charts.css';

export interface SizesSeries {
  readonly id: string;
  readonly label: string;
  readonly slot: MethodSlot;
  /** Tokens of each cluster, in any order. */
  readonly sizes: ArrayLike<number>;
}

export interface SizesChartProps {
  readonly title?: string;
  readonly note?: string;
  readonly id?: string;
  readonly series: readonly SizesSeries[];
  /** Side of a tile, tokens. */
  readonly tile?: number;
  readonly unit?: string;
}

const [TOP, HEIGHT, BOTTOM, LEFT, RIGHT] = [8, 96, 20, 40, 4];

function Lane({ series, width, axis, tile }: { readonly series: SizesSeries; readonly width: number; readonly axis: ReturnType<typeof axisFromZero>; readonly tile?: number }) {
  const { sorted } = sizesOf(series.sizes);
  const room = Math.max(40, width - LEFT - RIGHT);
  const bottom = TOP + HEIGHT;
  const py = (v: number): number => bottom - axis.along(v) * HEIGHT;
  const columns = columnsOf(sorted, room);
  const step = room / columns.length;
  const d = Array.from(columns, (v, i) => (v > 0 ? `M${(LEFT + i * step).toFixed(2)} ${bottom}V${Math.min(py(v), bottom - 1).toFixed(2)}h${Math.max(0.5, step > 3 ? step - 0.8 : step).toFixed(2)}V${bottom}Z` : '')).join('');
  return (
    <svg width={width} height={bottom + BOTTOM} aria-hidden="true">
      {axis.ticks.map((v) => (
        <g key={v}>
          <path className="chart-grid" d={`M${LEFT} ${Math.round(py(v)) + 0.5}h${room}`} />
          <text x={LEFT - 6} y={py(v) + 4} textAnchor="end">{number(v, 3).replace(/\.0+$/, '')}</text>
        </g>
      ))}
      <path d={d} fill={slotColor(series.slot)} />
      {tile !== undefined && tile <= axis.high && (
        <g>
          <path className="sizes-tile" d={`M${LEFT} ${py(tile).toFixed(1)}h${room}`} />
          <text className="sizes-label" x={LEFT + room} y={py(tile) - 4} textAnchor="end">tile {tile}</text>
        </g>
      )}
      <path className="chart-base" d={`M${LEFT} ${bottom}.5h${room}`} />
      <text x={LEFT} y={bottom + 15}>largest</text>
      <text x={LEFT + room} y={bottom + 15} textAnchor="end">smallest</text>
    </svg>
  );
}

export function SizesChart({ title = 'Sizes of clusters', note, id = 'sizes', series, tile, unit = 'tokens' }: SizesChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>(460);
  const all = series.map((s) => sizesOf(s.sizes));
  const axis = axisFromZero([...all.map((s) => s.max), tile ?? 0], 4);
  const words = (i: number): string => {
    const { mean, min, max, empty } = all[i];
    return `mean ${number(mean)}, ${min} to ${max} ${unit}${empty > 0 ? `, ${empty} empty` : ''}`;
  };
  return (
    <Panel title={title} note={note ?? `${unit}, one scale`} id={id}>
      <div ref={frame} className="work sizes">
        {series.map((s, i) => (
          <figure key={s.id} className="work-lane" data-series={s.id} aria-label={`${s.label}: ${count(s.sizes.length, 'cluster')}, ${words(i)}`}>
            <figcaption>
              <span className="sizes-name"><Marker slot={s.slot} size={9} />{s.label}, {count(s.sizes.length, 'cluster')}</span>
              <span className="work-ratio">{words(i)}</span>
            </figcaption>
            <Lane series={s} width={width} axis={axis} tile={tile} />
          </figure>
        ))}
      </div>
      <NumbersTable
        caption={title}
        columns={['Rank', ...series.map((s) => s.label)]}
        rows={Array.from({ length: Math.max(0, ...all.map((s) => s.sorted.length)) }, (_, r) => [r + 1, ...all.map((s) => s.sorted[r] ?? '')])}
      />
    </Panel>
  );
}
