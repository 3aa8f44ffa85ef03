import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { count } from '../../ui/format';
import type { Column } from './columns';
import { shapeText } from './columns';
import { TensorDetails } from './TensorDetails';
import { middle, type ColumnId, type Row, type Sort } from './rows';
import { topOf, windowOf, type Layout } from './window';

/** What rows outside the view are hidden behind says nothing. */
const GAP = '\u00a0';

const NARROW = '(max-width: 760px)';
/** Least width of the names, pixels. */
const NAME = 180;
/** Of a letter of a name, about, pixels. */
const LETTER = 7.2;
/** Rows of a screen, about. */
const IN_VIEW = 30;
const ROW = { wide: 36, narrow: 58 };

function useNarrow(): boolean {
  const [narrow, set] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const changed = (): void => set(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  return narrow;
}

interface LineProps {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly Column[];
  readonly scale: number;
  readonly open: boolean;
  readonly reachable: boolean;
  readonly narrow: boolean;
  /** Of the name, before its middle is left out. */
  readonly letters: number;
  readonly toggle: (name: string) => void;
}

const Line = memo(function Line({ row, index, columns, scale, open, reachable, narrow, letters, toggle }: LineProps) {
  const { tensor, skipped } = row;
  return (
    <tr className={skipped === undefined ? undefined : 'tensor-skipped'} aria-rowindex={index + 2} data-tensor={tensor.name} data-measured={row.report ? true : undefined}>
      <th scope="row">
        <button type="button" className="tensor-name" aria-expanded={open} tabIndex={reachable ? 0 : -1} title={tensor.name} onClick={() => toggle(tensor.name)}>
          <span aria-hidden="true">{middle(tensor.name, letters)}</span><span className="visually-hidden">{tensor.name}</span>
        </button>
        {narrow && <small>{shapeText(tensor.shape)} · {tensor.dtype}{row.report ? ` · ${(100 * row.report.stats.outlierShare).toFixed(2)} % outliers` : ''}</small>}
      </th>
      {skipped === undefined
        ? columns.map((column) => <td key={column.name} className={classOf(column)}>{column.cell(row, scale)}</td>)
        : columns.slice(0, narrow ? 0 : 2).map((column) => <td key={column.name} className="left">{column.cell(row, scale)}</td>)}
      {skipped !== undefined && <td className="left tensor-why" colSpan={columns.length - (narrow ? 0 : 2)} title={skipped}><span>{whyShort(tensor.name, skipped)}</span></td>}
    </tr>
  );
});

const classOf = ({ left, apart }: Pick<Column, 'left' | 'apart'>): string | undefined => [left && 'left', apart && 'column-apart'].filter(Boolean).join(' ') || undefined;

/** A row of the old order that holds the view: where it was and where it is. Rows that were just measured have moved and do not count. */
function steady(was: readonly Row[], now: readonly Row[], top: number, focused: string | undefined): { readonly from: number; readonly to: number } | undefined {
  const places = new Map(now.map(({ tensor }, i) => [tensor.name, i]));
  const held = focused === undefined ? -1 : was.findIndex(({ tensor }) => tensor.name === focused);
  for (const from of [held, ...Array.from({ length: IN_VIEW }, (_, i) => top + i)]) {
    const row = was[from];
    const to = row && places.get(row.tensor.name);
    if (to !== undefined && (from === held || now[to].report === row.report)) return { from, to };
  }
  return undefined;
}

/** The name stands at the row's head already. */
const whyShort = (name: string, sentence: string): string => `not measured: ${sentence.startsWith(`${name} `) ? sentence.slice(name.length + 1) : sentence}`;

/** The open row's details; their height is told, so that the rows below are placed. */
function Details({ row, span, width, tell }: { readonly row: Row; readonly span: number; readonly width: number; readonly tell: (height: number) => void }) {
  const line = useRef<HTMLTableRowElement>(null);
  useLayoutEffect(() => {
    const element = line.current!;
    const watch = new ResizeObserver(() => tell(element.offsetHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, [tell]);
  return <tr ref={line} className="tensor-details"><td colSpan={span}><div style={{ width }}><TensorDetails row={row} /></div></td></tr>;
}

export interface TensorTableProps {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  /** The largest error of the whole report, which the bars are measured against. */
  readonly scale: number;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
}

/**
 * Every tensor in one table that scrolls in its own box. Of a long one only the rows in view are in the document; rows
 * that arrive above leave the view and the focus where they are.
 */
export function TensorTable({ rows, columns, scale, sort, setSort }: TensorTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const [view, setView] = useState({ top: 0, height: 900, width: 900 });
  const [openName, setOpen] = useState<string>();
  const [detailsHeight, setDetailsHeight] = useState(0);
  const [active, setActive] = useState<string>();
  const focused = useRef<string>(undefined);

  const shown = useMemo(() => (narrow ? columns.filter(({ on }) => on !== 'wide') : columns), [columns, narrow]);
  const open = openName === undefined ? -1 : rows.findIndex(({ tensor }) => tensor.name === openName);
  const layout: Layout = useMemo(() => ({ row: narrow ? ROW.narrow : ROW.wide, open, details: detailsHeight }), [narrow, open, detailsHeight]);
  const { first, last, before: above, after: below } = windowOf(rows.length, view.top, view.height, layout);
  const drawn = rows.slice(first, last);
  const others = shown.reduce((sum, { width }) => sum + width, 0);
  const letters = narrow ? 28 : Math.floor((Math.max(NAME, view.width - others) - 10) / LETTER);
  const reachable = drawn.some(({ tensor }) => tensor.name === active) ? active : drawn[0]?.tensor.name;

  const look = useCallback((): void => {
    const { scrollTop, clientHeight, clientWidth } = box.current!;
    setView({ top: scrollTop, height: clientHeight, width: clientWidth });
  }, []);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(look);
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, [look]);
  // When rows come in or move, the row with the focus, or else the first in view that is what it was, stays in its place.
  const before = useRef({ rows, layout });
  useLayoutEffect(() => {
    const was = before.current;
    before.current = { rows, layout };
    const { current } = box;
    if (!current || was.rows === rows || current.scrollTop === 0) return;
    const place = steady(was.rows, rows, Math.floor(current.scrollTop / was.layout.row), focused.current);
    if (!place) return;
    const moved = topOf(place.to, layout) - topOf(place.from, was.layout);
    if (moved === 0) return;
    current.scrollTop += moved;
    look();
  }, [rows, layout, look]);
  // Moving a row within the document takes its focus away: it is given back.
  useLayoutEffect(() => {
    if (focused.current !== undefined && document.activeElement === document.body) nameButton(box.current, focused.current)?.focus({ preventScroll: true });
  });
  useEffect(() => {
    const leave = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) focused.current = undefined;
    };
    for (const event of ['pointerdown', 'focusin']) document.addEventListener(event, leave);
    return () => { for (const event of ['pointerdown', 'focusin']) document.removeEventListener(event, leave); };
  }, []);

  const toggle = useCallback((name: string): void => {
    setActive(name);
    setOpen((now) => (now === name ? undefined : name));
  }, []);

  const move = (event: KeyboardEvent): void => {
    const at = rows.findIndex(({ tensor }) => tensor.name === reachable);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (to === undefined || !(event.target as HTMLElement).classList.contains('tensor-name')) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, to));
    const name = rows[next]?.tensor.name;
    if (name === undefined) return;
    const { current } = box;
    const top = topOf(next, layout);
    const head = current!.querySelector('thead')!.offsetHeight;
    if (top < current!.scrollTop) current!.scrollTop = top;
    else if (top + layout.row + head > current!.scrollTop + current!.clientHeight) current!.scrollTop = top + layout.row + head - current!.clientHeight;
    look();
    setActive(name);
    requestAnimationFrame(() => nameButton(current, name)?.focus({ preventScroll: true }));
  };

  const by = (id: ColumnId): void => setSort({ column: id, descending: sort.column === id ? !sort.descending : !['tensor', 'dtype'].includes(id) });
  const head = (id: ColumnId | undefined): 'ascending' | 'descending' | undefined => (id === undefined || id !== sort.column ? undefined : sort.descending ? 'descending' : 'ascending');
  const arrow = (id: ColumnId): string => (head(id) === undefined ? '' : sort.descending ? ' ↓' : ' ↑');

  return (
    // The box scrolls, so the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions
    <section ref={box} className="tensors-box" tabIndex={0} aria-label="Table of tensors" onScroll={look} onKeyDown={move} onFocus={(event) => { focused.current = (event.target as HTMLElement).closest<HTMLElement>('[data-tensor]')?.dataset.tensor; }}>
      <table className="tensors" aria-rowcount={rows.length + 1} style={narrow ? undefined : { minWidth: NAME + others }}>
        <colgroup>
          <col className="tensors-first" />
          {shown.map(({ name, width }) => <col key={name} style={{ width }} />)}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="left" aria-sort={head('tensor')}><button type="button" onClick={() => by('tensor')}>tensor{arrow('tensor')}</button></th>
            {shown.map(({ id, head: text, name, title = name, left, apart }) => (
              <th key={name} scope="col" className={classOf({ left, apart })} aria-sort={head(id)} title={title}>
                {id === undefined ? <span className="column-plain">{text}</span> : <button type="button" onClick={() => by(id)}><span>{text}{arrow(id)}</span></button>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" className="tensors-gap"><td colSpan={shown.length + 1} style={{ height: above }}>{GAP}</td></tr>}
          {drawn.map((row, i) => {
            const { name } = row.tensor;
            return [
              <Line key={name} row={row} index={first + i} columns={shown} scale={scale} open={name === openName} reachable={name === reachable} narrow={narrow} letters={letters} toggle={toggle} />,
              name === openName && <Details key={`${name} details`} row={row} span={shown.length + 1} width={view.width} tell={setDetailsHeight} />,
            ];
          })}
          {below > 0 && <tr aria-hidden="true" className="tensors-gap"><td colSpan={shown.length + 1} style={{ height: below }}>{GAP}</td></tr>}
          {rows.length === 0 && <tr><td colSpan={shown.length + 1} className="left tensors-none">No tensor of the file is like that.</td></tr>}
        </tbody>
      </table>
      <p className="visually-hidden" role="status">{count(rows.length, 'tensor')} in the table</p>
    </section>
  );
}

const nameButton = (box: HTMLElement | null, name: string): HTMLElement | undefined =>
  box?.querySelector<HTMLElement>(`[data-tensor="${CSS.escape(name)}"] .tensor-name`) ?? undefined;
