/** How evenly threads share the nonzeros of a sparse matrix: one row each, against equal shares. One scale for both. */

import type { StageVector } from '../../run/run';
import { number, times } from '../format';
import { NumbersTable } from '../panels/NumbersTable';
import { Panel } from '../panels/Panel';
import { axisFromZero } from './scale';
import { useWidth } from './useWidth';
import { columnsOf, workOf } from './work';
import './charts.css';

export interface WorkChartProps {
  readonly title?: string;
  readonly note?: string;
  /** Nonzeros per row, where a thread does not take exactly one row. */
  readonly perRow?: StageVector;
  /** Nonzeros of each thread when each takes one row. */
  readonly plain: StageVector;
  /** Nonzeros of each thread when all take the same number. */
  readonly balanced: StageVector;
  readonly unit?: string;
  readonly id?: string;
}

const [TOP, HEIGHT, BOTTOM, LEFT, RIGHT] = [8, 104, 20, 40, 4];

interface LaneProps {
  readonly vector: StageVector;
  readonly width: number;
  readonly top: ReturnType<typeof axisFromZero>;
  readonly mark: string;
}

function Lane({ vector, width, top, mark }: LaneProps) {
  const { data } = vector;
  const work = workOf(data);
  const room = Math.max(40, width - LEFT - RIGHT);
  const bottom = TOP + HEIGHT;
  const py = (v: number): number => bottom - top.along(v) * HEIGHT;
  const columns = columnsOf(data, room);
  const step = room / columns.length;
  const d = Array.from(columns, (v, i) => (v > 0 ? `M${(LEFT + i * step).toFixed(2)} ${bottom}V${Math.min(py(v), bottom - 1).toFixed(2)}h${Math.max(0.5, step > 3 ? step - 0.7 : step).toFixed(2)}V${bottom}Z` : '')).join('');
  const x = LEFT + ((work.at + 0.5) / Math.max(1, data.length)) * room;
  const after = x < LEFT + room / 2;
  return (
    <svg width={width} height={bottom + BOTTOM} aria-hidden="true">
      {top.ticks.map((v) => (
        <g key={v}>
          <path className="chart-grid" d={`M${LEFT} ${Math.round(py(v)) + 0.5}h${room}`} />
          <text x={LEFT - 6} y={py(v) + 4} textAnchor="end">{number(v, 3).replace(/\.0+$/, '')}</text>
        </g>
      ))}
      <path className="work-bars" d={d} />
      <path className="work-mean" d={`M${LEFT} ${py(work.mean).toFixed(1)}h${room}`} />
      <path className="chart-base" d={`M${LEFT} ${bottom}.5h${room}`} />
      {mark && work.max > 0 && <text className="work-longest" x={x + (after ? 7 : -7)} y={Math.min(py(work.max) + 10, bottom - 6)} textAnchor={after ? 'start' : 'end'}>{mark} {work.at}: {number(work.max)}</text>}
      <text x={LEFT} y={bottom + 15}>0</text>
      <text x={LEFT + room} y={bottom + 15} textAnchor="end">{Math.max(0, data.length - 1)}</text>
    </svg>
  );
}

export function WorkChart({ title = 'Work per thread', note, perRow, plain, balanced, unit = 'nonzeros', id = 'work' }: WorkChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>(560);
  const lanes = [...(perRow ? [{ vector: perRow, mark: 'row' }] : []), { vector: plain, mark: perRow ? 'thread' : 'row' }, { vector: balanced, mark: '' }];
  const works = lanes.map((l) => workOf(l.vector.data));
  const top = axisFromZero(works.map((w) => w.max), 4);
  // With no work, or one thread, there is nothing to compare.
  const ratio = (max: number, mean: number): string => (mean > 0 ? `${times(max / mean)} the mean` : 'no work');
  return (
    <Panel title={title} note={note ?? `${unit}, one scale`} id={id}>
      <div ref={frame} className="work">
        {lanes.map(({ vector, mark }, i) => (
          <figure key={vector.id} className="work-lane" data-vector={vector.id} aria-label={`${vector.name}: the longest of ${vector.data.length} has ${number(works[i].max)} ${unit}, ${ratio(works[i].max, works[i].mean)}`}>
            <figcaption>
              <span>{vector.name}</span>
              <span className="work-ratio"><b>{ratio(works[i].max, works[i].mean)}</b> for the slowest</span>
            </figcaption>
            <Lane vector={vector} width={width} top={top} mark={mark} />
          </figure>
        ))}
        <p className="sub">Dashed: the mean over all threads. A launch lasts as long as its slowest thread.</p>
      </div>
      <NumbersTable
        caption={title}
        columns={['', 'threads', 'idle', `most ${unit}`, 'mean', 'most over mean']}
        rows={lanes.map(({ vector }, i) => [vector.name, vector.data.length, works[i].idle, number(works[i].max), number(works[i].mean), works[i].mean > 0 ? times(works[i].max / works[i].mean) : '–'])}
      />
    </Panel>
  );
}
