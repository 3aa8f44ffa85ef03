/** What a total is made of: one bar per path, its parts named and numbered below it, all bars on one scale. */

import type { Measure } from '../../run/run';
import { PENDING } from '../format';
import { NumbersTable } from '../panels/NumbersTable';
import { Panel } from '../panels/Panel';
import { partPaints, splitOf, type SplitRow } from './split';
import { MEASURES } from './measures';
import './charts.css';

export interface SplitBarsProps {
  readonly title: string;
  readonly note?: string;
  readonly id?: string;
  readonly rows: readonly SplitRow[];
  readonly measure?: Measure;
  /** Writes a value where the measure's own words do not fit ('84 MFLOP'). */
  readonly text?: (value: number) => string;
  /** Part in the colour of the lab's method; the others are grey. */
  readonly hero?: string;
}

export function SplitBars({ title, note, id = 'split', rows, measure = 'number', text = MEASURES[measure].text, hero }: SplitBarsProps) {
  const { totals, sums, longest, parts } = splitOf(rows);
  const paints = partPaints(parts, hero);
  const whole = (i: number): string => (totals[i] === undefined ? PENDING : text(totals[i]));
  return (
    <Panel title={title} note={note} id={id}>
      <div className="split" aria-hidden="true">
        {rows.map((row, i) => (
          <div key={row.id} className="split-row" data-row={row.id}>
            <span className="split-name">{row.label}</span>
            <span className="split-line">
              <span className="split-bar" style={{ width: `calc(var(--split-room) * ${longest > 0 ? sums[i] / longest : 0})` }}>
                {row.parts.map(({ part, value }) => (value ? <i key={part} style={{ flexGrow: (100 * value) / sums[i], ...paints.get(part) }} /> : null))}
              </span>
              <b>{whole(i)}</b>{row.note && <span className="split-note">{row.note}</span>}
            </span>
            <span className="split-parts">
              {row.parts.map(({ part, value }) => <span key={part}><i style={paints.get(part)} />{part} {value === null ? PENDING : text(value)}</span>)}
            </span>
          </div>
        ))}
      </div>
      <NumbersTable
        caption={title}
        columns={['Path', ...parts, 'total', '']}
        rows={rows.map((row, i) => [row.label, ...parts.map((part) => { const found = row.parts.find((p) => p.part === part); return !found ? '' : found.value === null ? PENDING : text(found.value); }), whole(i), row.note ?? ''])}
      />
    </Panel>
  );
}
