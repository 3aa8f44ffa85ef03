/** Byte model of the layer: what a path moves, in segments. Traffic, never a time. */

import type { Traffic, TrafficRow } from '../../run/run';
import { hatched } from '../charts/split';
import { NumbersTable } from './NumbersTable';
import { byteUnit, bytesIn, signed } from './numbers';
import { Panel } from './Panel';

const totalOf = (row: TrafficRow): number => row.segments.reduce((sum, s) => sum + s.bytes, 0);

const GREYS = ['var(--line2)', 'var(--ink3)', 'var(--ink2)', 'var(--ink)'];

/** What other rows add to the base: full, hatched, pale. */
const ADDED = ['var(--hero)', hatched('var(--hero)'), 'color-mix(in oklab, var(--hero) 45%, var(--bg))'];

/** Parts of the base row are grey; what another row adds to it has the colour of the lab's method, each part its own make. */
export function partColours(rows: readonly TrafficRow[]): ReadonlyMap<string, string> {
  const base = new Set(rows[0]?.segments.map((s) => s.part));
  const colours = new Map<string, string>();
  let added = 0;
  for (const { part } of rows.flatMap((row) => row.segments)) {
    if (!colours.has(part)) colours.set(part, base.has(part) ? GREYS[Math.min(colours.size, GREYS.length - 1)] : ADDED[Math.min(added++, ADDED.length - 1)]);
  }
  return colours;
}

/** '+111 %', '+2.1 %', '' for the base itself. */
export const overBase = (total: number, base: number): string => {
  const more = (100 * (total - base)) / base;
  return Number.isFinite(more) ? `${signed(more, Math.abs(more) < 10 ? 1 : 0)} %` : '';
};

/** Always named a byte model, and named so once. */
const modelled = (title: string): string => (title.startsWith('byte model') ? title : `byte model, ${title}`);

function TrafficModel({ traffic }: { readonly traffic: Traffic }) {
  const { rows } = traffic;
  const colours = partColours(rows);
  const totals = rows.map(totalOf);
  const longest = Math.max(...totals);
  const unit = byteUnit(longest);
  return (
    <>
      <div className="traffic" aria-hidden="true">
        {rows.map((row, i) => (
          <div key={row.id} className="traffic-row" data-row={row.id}>
            <span>{row.label}</span>
            <div className="traffic-line">
              <span className="traffic-bar" style={{ width: `calc(var(--traffic-room) * ${longest > 0 ? totals[i] / longest : 0})` }}>
                {row.segments.map((s) => <i key={s.part} style={{ flexGrow: s.bytes, background: colours.get(s.part) }} />)}
              </span>
              <span className="traffic-total"><b>{bytesIn(totals[i], unit)}</b>{i > 0 && ` ${overBase(totals[i], totals[0])}`}</span>
            </div>
          </div>
        ))}
      </div>
      <p className="sub traffic-key" aria-hidden="true">
        {[...colours].map(([part, colour]) => <span key={part}><i style={{ background: colour }} />{part}</span>)}
      </p>
      <NumbersTable
        caption={`Traffic: ${traffic.title}`}
        columns={['Path', ...colours.keys(), 'total', 'over the base', 'dispatches']}
        rows={rows.map((row, i) => [
          row.label,
          ...Array.from(colours.keys(), (part) => bytesIn(row.segments.filter((s) => s.part === part).reduce((sum, s) => sum + s.bytes, 0), unit)),
          bytesIn(totals[i], unit),
          i ? overBase(totals[i], totals[0]) : '',
          row.dispatches,
        ])}
      />
    </>
  );
}

/** @param stack true (the default): every model, one below another; false: only the first. */
export function TrafficPanel({ traffic, stack = true }: { readonly traffic: readonly Traffic[]; readonly stack?: boolean }) {
  return (
    <div className="traffic-models">
      {(stack ? traffic : traffic.slice(0, 1)).map((model, i) => (
        <Panel key={model.title} title={i ? model.title : 'Traffic'} note={i ? 'byte model' : modelled(model.title)} id="traffic" nested={i > 0}>
          <TrafficModel traffic={model} />
        </Panel>
      ))}
    </div>
  );
}
