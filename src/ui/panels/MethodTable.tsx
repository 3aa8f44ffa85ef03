/** Error of every method on this run, worst first in a fixed order, with a pinned run beside it. */

import type { ReactNode } from 'react';
import type { MethodResult } from '../../run/run';
import { Marker } from '../markers/Marker';
import { Sym } from '../symbol/Symbol';
import { bits, decibels, PENDING, percent } from '../format';
import { NONE, signed } from './numbers';
import { Panel } from './Panel';

export type MethodName = Pick<MethodResult, 'id' | 'label' | 'slot'>;

export interface MethodTableProps {
  /** In the order of display. */
  readonly methods: readonly MethodResult[];
  /** The lab's own method, set in 600. */
  readonly hero: string;
  /** Methods whose number is still being computed, shown as '…': an id of `methods`, or the name of one that is not there yet. */
  readonly pendingIds?: readonly (string | MethodName)[];
  /** The pinned run's methods. */
  readonly pinned?: readonly MethodResult[];
  /** Every id in its place, so that rows keep their order while numbers arrive. */
  readonly order?: readonly string[];
  /** A sentence under the table. */
  readonly children?: ReactNode;
}

interface Row extends MethodName {
  readonly result?: MethodResult;
}

function rowsOf(methods: readonly MethodResult[], pending: readonly (string | MethodName)[], order?: readonly string[]): Row[] {
  const waiting = new Map(pending.map((p): [string, MethodName] => (typeof p === 'string' ? [p, { id: p, label: p, slot: 'rtn' }] : [p.id, p])));
  const rows: Row[] = methods.map((m) => ({ id: m.id, label: m.label, slot: m.slot, result: waiting.has(m.id) ? undefined : m }));
  const have = new Set(methods.map((m) => m.id));
  for (const name of waiting.values()) if (!have.has(name.id)) rows.push({ ...name });
  if (!order) return rows;
  const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return rows.sort((a, b) => place(a.id) - place(b.id));
}

const errorText = ({ relativeError }: MethodResult): string => (Number.isFinite(relativeError) ? percent(relativeError) : NONE);

export function MethodTable({ methods, hero, pendingIds = [], pinned, order, children }: MethodTableProps) {
  const rows = rowsOf(methods, pendingIds, order);
  const before = new Map((pinned ?? []).map((m) => [m.id, m]));
  const errors = [...rows.map((r) => r.result?.relativeError), ...rows.map((r) => before.get(r.id)?.relativeError)];
  const longest = Math.max(0, ...errors.filter((e): e is number => e !== undefined && Number.isFinite(e)));
  const width = (error: number): string => `${longest > 0 && Number.isFinite(error) ? (100 * error) / longest : 0}%`;
  const notes = rows.filter((r) => r.result?.note);

  return (
    <Panel title="Error by method" note="lower is better" id="methods">
      <table className="methods">
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col"><span className="visually-hidden">bar</span></th>
            <th scope="col"><span className="visually-hidden">relative error </span><Sym text="‖E‖/‖Y‖" /></th>
            {pinned && <th scope="col">points<br />vs pinned</th>}
            <th scope="col" className="methods-wide">SQNR<br />dB</th>
            <th scope="col">bits per<br />weight</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, label, slot, result }) => {
            const old = before.get(id);
            return (
              <tr key={id} className={id === hero ? 'methods-hero' : undefined} data-method={id}>
                <th scope="row"><span className="methods-name"><Marker slot={slot} />{label}</span></th>
                <td className="methods-bar">
                  {result && <i style={{ width: width(result.relativeError), background: `var(--${slot})` }} />}
                  {old && <i className="methods-pinned" style={{ width: width(old.relativeError), background: `var(--${slot})` }} />}
                </td>
                <td>{result ? errorText(result) : PENDING}</td>
                {pinned && <td className="methods-change">{result && old ? signed(100 * (result.relativeError - old.relativeError), 2) : ''}</td>}
                <td className="methods-wide">{result ? Number.isNaN(result.sqnrDb) ? NONE : decibels(result.sqnrDb) : ''}</td>
                <td>{result ? bits(result.bitsPerWeight) : ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {pinned && <p className="sub methods-key">Thin bars: the pinned run, on the same scale.</p>}
      {notes.length > 0 && <p className="sub">{notes.map((r) => `${r.label}: ${r.result?.note?.replace(/\.$/, '')}.`).join(' ')}</p>}
      {children && <div className="sub">{children}</div>}
    </Panel>
  );
}
