/** Error of every method on this run, worst first in a fixed order, with a pinned run beside it. */

import type { ReactNode } from 'react';
import type { MethodResult } from '../../run/run';
import { Marker } from '../markers/Marker';
import { Sym } from '../symbol/Symbol';
import { bits, decibels, number, PENDING, percent } from '../format';
import { NONE, sharedPower, signed } from './numbers';
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
  /** The measure that the bars show and that a pinned run is compared by; default: the relative error. */
  readonly by?: Lead;
  /** With `by` 'loss': the loss of the network that is not quantized. Bars then show what quantization adds to it. */
  readonly baseline?: number;
  /** What the relative error is of. */
  readonly symbol?: string;
  /** A sentence under the table. */
  readonly children?: ReactNode;
}

export type Lead = 'relativeError' | 'loss' | 'weightedError';

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

/** A number as a cell shows it; '–' where the method has none. */
const shown = (value: number | undefined, write: (v: number) => string): string => (value === undefined || !Number.isFinite(value) ? NONE : write(value));

/** A share under a head that says %. */
const share = (v: number): string => (100 * v).toFixed(1);
/** Decibels; an exact output has infinitely many. */
const level = (db: number | undefined): string => (db === undefined || Number.isNaN(db) ? NONE : decibels(db));

/** '+1.20' points, or '+0.031' nats, against the pinned run. */
const change = (now: number | undefined, before: number | undefined, by: Lead): string => {
  if (now === undefined || before === undefined) return '';
  if (by === 'relativeError') return signed(100 * (now - before), 2);
  return now === before ? '±0' : `${now > before ? '+' : ''}${number(now - before)}`;
};

const CHANGE = { relativeError: 'points', loss: 'nats', weightedError: 'change' } as const;

export function MethodTable({ methods, hero, pendingIds = [], pinned, order, by = 'relativeError', baseline = 0, symbol = '‖E‖/‖Y‖', children }: MethodTableProps) {
  const rows = rowsOf(methods, pendingIds, order);
  const before = new Map((pinned ?? []).map((m) => [m.id, m]));
  const results = [...methods, ...before.values()];
  const some = (key: keyof MethodResult): boolean => results.some((m) => m[key] !== undefined);
  const has = { loss: some('loss'), accuracy: some('accuracy'), weightedError: some('weightedError'), density: some('density'), recall: some('recall'), psnr: some('psnrDb') };
  // Before the first number arrives nothing says which kind of lab this is: bits stand until something else does.
  const stored = some('bitsPerWeight') || results.length === 0;
  const weighted = sharedPower(results.map((m) => m.weightedError));
  // What quantization adds to a loss can be less than nothing on a finite sample: its bar is then empty, its number is not.
  const length = (m: MethodResult | undefined): number => Math.max(0, (m?.[by] ?? Number.NaN) - (by === 'loss' ? baseline : 0));
  const lengths = rows.flatMap((r) => [length(r.result), length(before.get(r.id))]);
  const longest = Math.max(0, ...lengths.filter(Number.isFinite));
  const width = (m: MethodResult): string => `${longest > 0 && Number.isFinite(length(m)) ? (100 * length(m)) / longest : 0}%`;
  const notes = rows.filter((r) => r.result?.note);

  return (
    <Panel title="Error by method" note="lower is better" id="methods">
      <div className="methods-box" data-pairs={has.density}>
        <table className="methods">
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col"><span className="visually-hidden">bar</span></th>
              {has.loss && <th scope="col">loss<br />nats</th>}
              {has.accuracy && <th scope="col" className="methods-wide">accuracy</th>}
              {has.weightedError && <th scope="col" className={by === 'weightedError' ? undefined : 'methods-wide'}>weighted<br />error{weighted.head && ` ${weighted.head}`}</th>}
              <th scope="col"><span className="visually-hidden">relative error </span><Sym text={symbol} /></th>
              {pinned && <th scope="col">{CHANGE[by]}<br />vs pinned</th>}
              {has.density && <th scope="col">density<br />%</th>}
              {has.recall && <th scope="col">recall<br />%</th>}
              <th scope="col" className="methods-wide">{has.psnr ? 'PSNR' : 'SQNR'}<br />dB</th>
              {stored && <th scope="col">bits per<br />weight</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, label, slot, result }) => {
              const old = before.get(id);
              return (
                <tr key={id} className={id === hero ? 'methods-hero' : undefined} data-method={id}>
                  <th scope="row"><span className="methods-name"><Marker slot={slot} />{label}</span></th>
                  <td className="methods-bar">
                    {result && <i style={{ width: width(result), background: `var(--${slot})` }} />}
                    {old && <i className="methods-pinned" style={{ width: width(old), background: `var(--${slot})` }} />}
                  </td>
                  {has.loss && <td>{result ? shown(result.loss, number) : PENDING}</td>}
                  {has.accuracy && <td className="methods-wide">{result ? shown(result.accuracy, (v) => percent(v, 1)) : ''}</td>}
                  {has.weightedError && <td className={by === 'weightedError' ? undefined : 'methods-wide'}>{result ? shown(result.weightedError, weighted.text) : by === 'weightedError' ? PENDING : ''}</td>}
                  <td>{result ? shown(result.relativeError, percent) : has.loss || by === 'weightedError' ? '' : PENDING}</td>
                  {pinned && <td className="methods-change">{change(result?.[by], old?.[by], by)}</td>}
                  {has.density && <td>{result ? shown(result.density, share) : ''}</td>}
                  {has.recall && <td>{result ? shown(result.recall, share) : ''}</td>}
                  <td className="methods-wide">{result ? level(has.psnr ? result.psnrDb : result.sqnrDb) : ''}</td>
                  {stored && <td>{result ? shown(result.bitsPerWeight, bits) : ''}</td>}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {pinned && <p className="sub methods-key">Thin bars: the pinned run, on the same scale.</p>}
      {notes.length > 0 && <p className="sub">{notes.map((r) => `${r.label}: ${r.result?.note?.replace(/\.$/, '')}.`).join(' ')}</p>}
      {children && <div className="sub">{children}</div>}
    </Panel>
  );
}
