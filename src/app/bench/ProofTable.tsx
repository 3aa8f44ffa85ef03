import type { CSSProperties } from 'react';
import type { TargetRow } from '../../bench/report';
import { seconds, times } from '../../ui/format';
import { VerdictMark, verdictOf } from '../../ui/panels/ClaimsPanel';
import { NONE } from '../../ui/panels/numbers';
import { Panel } from '../../ui/panels/Panel';
import { reach, reachScale, valueText, type ReachScale } from './targets';

const boundText = (row: TargetRow): string => (row.bound === undefined ? '' : `${row.sense} ${valueText(row, row.bound)}`);

/** A bar from the target to what was measured: to the right where it is better than asked for. */
function ReachBar({ row, scale }: { readonly row: TargetRow; readonly scale: ReachScale }) {
  const at = reach(row);
  if (at === undefined) return null;
  const [from, to] = [scale.along(Math.min(1, at)), scale.along(Math.max(1, at))];
  const ends = row.spread && row.bound !== undefined ? [reach({ ...row, value: row.spread.low }), reach({ ...row, value: row.spread.high })].map((v) => scale.along(v ?? 1)).sort((a, b) => a - b) : undefined;
  return (
    <span className="reach" style={{ '--target': `${100 * scale.along(1)}%` } as CSSProperties}>
      <i className={row.held ? undefined : 'reach-short'} style={{ left: `${100 * from}%`, width: `${100 * (to - from)}%` }} />
      {ends && <u style={{ left: `${100 * ends[0]}%`, width: `${100 * (ends[1] - ends[0])}%` }} />}
    </span>
  );
}

/** 'quantize_down + w4a4_up' and, smaller, its variants. */
function Ours({ ours }: { readonly ours: string }) {
  const [kernels, variant] = ours.split(/: (.*)/s);
  return <>{kernels}{variant && <small>{variant}</small>}</>;
}

interface LineProps {
  readonly row: TargetRow;
  /** False where the row above is of the same work. */
  readonly first: boolean;
  /** False where the row above is of the same kernels, too. */
  readonly named: boolean;
  readonly scale: ReachScale;
}

function Line({ row, first, named, scale }: LineProps) {
  const pair = row.ourTime && row.otherTime ? `${seconds(row.ourTime.median)} against ${seconds(row.otherTime.median)}` : '';
  const [head, ...more] = [row.against, row.quantity === 'time' ? pair : row.quantity, row.value === undefined ? row.check : ''].filter(Boolean);
  return (
    <tr data-target={row.id} data-held={row.held === undefined ? 'none' : String(row.held)} className={first ? undefined : named ? 'proof-part' : 'proof-same'}>
      <th scope="row">{first ? <>{row.work}<small>{row.shape}</small></> : <span className="visually-hidden">{row.work}, {row.shape}</span>}</th>
      <td className="left proof-ours">{named ? <Ours ours={row.ours} /> : <span className="visually-hidden">{row.ours}</span>}</td>
      <td className="left proof-against">{head}{more.map((text) => <small key={text}>{text}</small>)}</td>
      <td className="proof-value">{row.value === undefined ? NONE : valueText(row, row.value)}</td>
      <td className="proof-bar"><ReachBar row={row} scale={scale} /></td>
      <td className="left proof-bound">{boundText(row)}</td>
      <td className="left proof-verdict">{row.bound === undefined ? <span className="proof-beside">shown beside</span> : <VerdictMark verdict={verdictOf(row.held ?? null)} />}</td>
    </tr>
  );
}

/** Ours against the libraries and against ourselves: every target, held or not. */
export function ProofTable({ rows, running }: { readonly rows: readonly TargetRow[]; readonly running: boolean }) {
  const tested = rows.filter(({ held }) => held !== undefined);
  const held = tested.filter((row) => row.held).length;
  const scale = reachScale(rows);
  const note = rows.length === 0 ? undefined : `${held} held, ${tested.length - held} not held, ${rows.filter(({ bound, held: is }) => bound !== undefined && is === undefined).length} without a test`;
  return (
    <Panel title="Targets: ours against the libraries" note={note} id="targets">
      {rows.length > 0 && (
        <div className="bench-scroll">
          <table className="bench-table proof">
            <thead>
              <tr>
                <th scope="col" className="left">work</th>
                <th scope="col" className="left proof-ours">ours</th>
                <th scope="col" className="left">against</th>
                <th scope="col">measured</th>
                <th scope="col" className="proof-bar">
                  <span className="visually-hidden">beyond the target</span>
                  <span className="proof-axis">{scale.ticks.map((tick) => <span key={tick} aria-hidden="true" style={{ left: `${100 * scale.along(tick)}%` }}>{tick === 1 ? 'target' : times(tick).replace('.0', '')}</span>)}</span>
                </th>
                <th scope="col" className="left">target</th>
                <th scope="col" className="left">verdict</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => {
                const first = rows[i - 1]?.work !== row.work || rows[i - 1]?.shape !== row.shape;
                return <Line key={row.id} row={row} first={first} named={first || rows[i - 1]?.ours !== row.ours} scale={scale} />;
              })}
            </tbody>
          </table>
        </div>
      )}
      <p className="sub">{rows.length === 0 && running ? 'The first rows come when their race is over.' : 'Ratios are of medians of one race, rival over ours; the line on a bar is the middle half of the ratios of single rounds. Bars run from the target, on a log scale: to the right is better than asked for.'}</p>
    </Panel>
  );
}
