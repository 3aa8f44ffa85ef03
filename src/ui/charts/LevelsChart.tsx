/** One row's weights and the levels that each method gives them, over one axis; the cells of a chosen set, closely. */

import { useMemo, useState } from 'react';
import type { PointerEvent, ReactNode } from 'react';
import { MINUS, number, percent } from '../format';
import { Marker, slotColor } from '../markers/Marker';
import { NumbersTable } from '../panels/NumbersTable';
import { sharedPower } from '../panels/numbers';
import { Panel } from '../panels/Panel';
import { Sym } from '../symbol/Symbol';
import { binCount, binsOf, boundariesOf, cellIndex, cellsOf, rangeOf, totalOf } from './levels';
import type { LevelCell, LevelSet, Row } from './levels';
import { axisFromZero, linearTicks } from './scale';
import { useWidth } from './useWidth';
import './charts.css';

export interface LevelsChartProps extends Row {
  readonly title: string;
  readonly note?: ReactNode;
  readonly axisLabel: string;
  /** Lanes, in this order. */
  readonly sets: readonly LevelSet[];
  /** Number of the set whose cells are drawn at first; default: the last. */
  readonly chosen?: number;
  readonly id?: string;
  /** Beside the switch: the control that chooses the row. */
  readonly children?: ReactNode;
}

/** From this width on, lanes are named at their left. */
const WIDE = 560;
const [TOP, AXIS, LANE] = [22, 34, 22];

const whole = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
const end = (value: number): string => (Number.isFinite(value) ? number(value) : `${value < 0 ? MINUS : ''}∞`);

interface Described {
  readonly cells: readonly LevelCell[];
  readonly index: number;
  readonly weighted: boolean;
}

/** One level in words, for the readout and for the slider. */
function describe({ cells, index, weighted }: Described): readonly string[] {
  const cell = cells[index];
  if (!cell) return [];
  const [count, weight, error, weightedError] = (['count', 'weight', 'error', 'weightedError'] as const).map((key) => totalOf(cells, key));
  const share = (part: number, all: number): string => percent(all > 0 ? part / all : 0, 1);
  return [
    `level ${index + 1} of ${cells.length}: ${number(cell.level)}`,
    `from ${end(cell.from)} to ${end(cell.to)}`,
    `${whole(cell.count, 'weight', 'weights')}, ${share(cell.count, count)}${weighted ? `, ${share(cell.weight, weight)} of their sensitivity` : ''}`,
    `squared error ${number(cell.error)}, ${share(cell.error, error)} of the row’s`,
    ...(weighted ? [`by sensitivity ${number(cell.weightedError)}, ${share(cell.weightedError, weightedError)}`] : []),
  ];
}

export function LevelsChart(props: LevelsChartProps) {
  const { values, weights, removed, sets, title, note, axisLabel, chosen: first = sets.length - 1, id = 'levels', children } = props;
  const [wanted, choose] = useState<string>();
  const [byWeight, setByWeight] = useState(false);
  const [looked, look] = useState<number | null>(null);
  const [frame, room] = useWidth<HTMLDivElement>(880);

  const row = useMemo<Row>(() => ({ values, weights, removed }), [values, weights, removed]);
  const range = useMemo(() => rangeOf(row, sets), [row, sets]);
  const cells = useMemo(() => sets.map((set) => cellsOf(row, set)), [row, sets]);
  const named = sets.findIndex((s) => (s.id ?? s.label) === wanted);
  const chosen = named >= 0 ? named : Math.max(0, Math.min(sets.length - 1, first));
  const set = sets[chosen];
  const own = cells[chosen] ?? [];
  const boundaries = useMemo(() => boundariesOf(set?.levels ?? []), [set]);
  const weighted = weights !== undefined;
  const measure = weighted && byWeight ? 'weightedError' : 'error';

  const errors = sharedPower(cells.map((c) => totalOf(c, measure)));

  const wide = room >= WIDE;
  const [left, right] = wide ? [200, 92] : [36, 8];
  const width = Math.max(120, room - left - right);
  const height = wide ? 176 : 150;
  const px = (value: number): number => left + ((Math.max(range.low, Math.min(range.high, value)) - range.low) / (range.high - range.low)) * width;
  const bins = useMemo(() => {
    const n = binCount(values.length, width);
    return binsOf(weighted && byWeight ? row : { values, removed }, range.low, range.high, n);
  }, [row, values, removed, weighted, byWeight, range, width]);

  if (values.length === 0 || !set) {
    return <Panel title={title} note={note} id={id}>{children}<p className="sub">{values.length === 0 ? 'This row holds no weights.' : 'No levels yet.'}</p></Panel>;
  }

  const stacked = Array.from(bins.dense, (v, i) => v + bins.removed[i]);
  const y = axisFromZero(stacked, 4);
  const bottom = TOP + height;
  const py = (value: number): number => bottom - y.along(value) * height;
  const step = width / bins.dense.length;
  /** Bars from one height to another; what is there is at least a pixel tall. */
  const bars = (from: ArrayLike<number>, part: Float64Array): string => Array.from(part, (v, i) => {
    if (v <= 0) return '';
    const [low, high] = [py(from[i] ?? 0), py((from[i] ?? 0) + v)];
    return `M${(left + i * step).toFixed(2)} ${low.toFixed(2)}V${Math.min(high, low - 1).toFixed(2)}h${Math.max(0.6, step - 0.7).toFixed(2)}V${low.toFixed(2)}Z`;
  }).join('');
  const apart = range.sensitive + range.outliers;
  const index = looked ?? own.reduce((best, c, i) => (c.count > own[best].count ? i : best), 0);
  const words = describe({ cells: own, index, weighted });
  const onMove = (event: PointerEvent<HTMLElement>): void => {
    const along = (event.clientX - event.currentTarget.getBoundingClientRect().left - left) / width;
    look(along < -0.02 || along > 1.02 ? null : cellIndex(boundaries, range.low + along * (range.high - range.low)));
  };

  return (
    <Panel title={title} note={note} id={id}>
      {(weighted || children) && (
        <div className="levels-bar" data-export="omit">
          {weighted && (
            <fieldset className="chart-modes">
              <legend className="visually-hidden">Height of the bars</legend>
              <button type="button" aria-pressed={!byWeight} onClick={() => setByWeight(false)}>count</button>
              <button type="button" aria-pressed={byWeight} onClick={() => setByWeight(true)}>sensitivity</button>
            </fieldset>
          )}
          {children}
        </div>
      )}
      <div ref={frame} className="levels" data-wide={wide} onPointerMove={onMove} onPointerLeave={() => look(null)}>
        <div className="levels-plot">
          <input
            type="range" className="visually-hidden" min={0} max={Math.max(0, own.length - 1)} step={1} value={index} aria-label={`${title}: levels of ${set.label}`}
            aria-valuetext={words.join('; ')} onChange={(event) => look(event.target.valueAsNumber)} onBlur={() => look(null)}
          />
          <svg width={room} height={bottom + AXIS} aria-hidden="true">
            {apart > 0 && range.dense && <rect className="levels-dense" x={px(range.dense[0])} y={TOP} width={Math.max(1, px(range.dense[1]) - px(range.dense[0]))} height={height} />}
            {looked !== null && own[looked] && (
              <rect className="levels-cell" x={px(own[looked].from)} y={TOP} width={Math.max(1, px(own[looked].to) - px(own[looked].from))} height={height} />
            )}
            {y.ticks.map((v) => (
              <g key={v}>
                <path className="chart-grid" d={`M${left} ${Math.round(py(v)) + 0.5}h${width}`} />
                <text x={left - 6} y={py(v) + 4} textAnchor="end">{byWeight && weighted ? Number((100 * v).toPrecision(6)) : v}</text>
              </g>
            ))}
            <path className="levels-edges" d={boundaries.map((b) => `M${px(b).toFixed(2)} ${TOP}V${bottom}`).join('')} />
            <path className="levels-bars" d={bars([], bins.dense)} />
            <path className="levels-bars levels-apart" d={bars(bins.dense, bins.removed)} />
            {looked !== null && own[looked] && <path d={`M${px(own[looked].level)} ${TOP}V${bottom}`} stroke={slotColor(set.slot)} strokeWidth="2" />}
            <path className="chart-base" d={`M${left} ${bottom}.5h${width}`} />
            {linearTicks(range.low, range.high).map((v) => <text key={v} x={px(v)} y={bottom + 15} textAnchor="middle">{v < 0 ? MINUS : ''}{Math.abs(v)}</text>)}
            <text x={wide ? left : 0} y={11}>{byWeight && weighted ? 'sensitivity, % of the row’s' : 'weights'}</text>
            <text x={left} y={bottom + AXIS - 4}>{axisLabel}</text>
            {apart > 0 && range.dense && px(range.dense[1]) - px(range.dense[0]) > 90 && <text className="levels-dense-label" x={px(range.dense[0]) + 5} y={TOP + 12}>dense range</text>}
          </svg>
        </div>
        <div className="levels-head"><span>Levels</span><span>{measure === 'error' ? <Sym text="Σ (w − c)²" /> : <Sym text="Σ F(w − c)²" />}{errors.head && ` ${errors.head}`}</span></div>
        <ul className="levels-lanes">
          {sets.map((s, i) => (
            <li key={s.id ?? s.label} data-set={s.id ?? s.label} data-chosen={i === chosen}>
              <button type="button" aria-pressed={i === chosen} onClick={() => { choose(s.id ?? s.label); look(null); }}>
                <Marker slot={s.slot} size={10} /><span>{s.label}</span>
              </button>
              <svg width={room} height={LANE} aria-hidden="true">
                <path className="chart-grid" d={`M${left} ${LANE / 2 + 0.5}h${width}`} />
                <path
                  d={Array.from(s.levels, (v) => `M${px(v).toFixed(2)} ${i === chosen ? 2 : 5}V${LANE - (i === chosen ? 2 : 5)}`).join('')}
                  stroke={slotColor(s.slot)} strokeWidth={s.levels.length > 64 ? 1 : i === chosen ? 2.4 : 1.6} fill="none"
                />
              </svg>
              <span className="levels-error">{errors.text(totalOf(cells[i], measure))}</span>
            </li>
          ))}
          {apart > 0 && (
            <li className="levels-removed">
              <span className="levels-key">
                {range.sensitive > 0 && <span><svg width="8" height="8" aria-hidden="true"><circle className="levels-sensitive" cx="4" cy="4" r="3" /></svg>{range.sensitive} sensitive</span>}
                {range.outliers > 0 && <span><svg width="8" height="8" aria-hidden="true"><circle className="levels-outlier" cx="4" cy="4" r="3" /></svg>{whole(range.outliers, 'outlier', 'outliers')}</span>}
              </span>
              <svg width={room} height={2 * LANE} aria-hidden="true">
                {Array.from(values, (v, i) => (removed?.[i] && Number.isFinite(v)
                  ? <circle key={i} className={removed[i] === 1 ? 'levels-sensitive' : 'levels-outlier'} cx={px(v)} cy={removed[i] === 1 ? LANE / 2 : LANE * 1.5} r="3" />
                  : null))}
              </svg>
              <span className="levels-error">kept apart</span>
            </li>
          )}
        </ul>
      </div>
      <p className="levels-readout" aria-hidden="true" data-export="omit">
        <Marker slot={set.slot} size={10} />
        {looked === null ? <span className="sub">Point at a level of {set.label} for what it holds. Hairlines are the edges of its cells.</span> : words.map((w, i) => (i ? <span key={i}>{w}</span> : <b key={i}>{w}</b>))}
      </p>
      <NumbersTable
        caption={`${title}: ${set.label}`}
        columns={['level', 'value', 'from', 'to', 'weights', ...(weighted ? ['sensitivity'] : []), 'squared error', ...(weighted ? ['by sensitivity'] : [])]}
        rows={own.map((c, i) => [i + 1, number(c.level), end(c.from), end(c.to), c.count, ...(weighted ? [number(c.weight)] : []), number(c.error), ...(weighted ? [number(c.weightedError)] : [])])}
      />
    </Panel>
  );
}
