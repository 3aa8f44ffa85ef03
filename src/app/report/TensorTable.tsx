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
  readonly toggle: (name: string) => void;
}

const Line = memo(function Line({ row, index, columns, scale, open, reachable, narrow, toggle }: LineProps) {
  const { tensor, skipped } = row;
  return (
    <tr className={skipped === undefined ? undefined : 'tensor-skipped'} aria-rowindex={index + 2} data-tensor={tensor.name} data-measured={row.report ? true : undefined}>
      <th scope="row">
        <button type="button" className="tensor-name" aria-expanded={open} tabIndex={reachable ? 0 : -1} title={tensor.name} onClick={() => toggle(tensor.name)}>
          <span aria-hidden="true">{middle(tensor.name, narrow ? 30 : 34)}</span><span className="visually-hidden">{tensor.name}</span>
        </button>
        {narrow && <small>{shapeText(tensor.shape)} · {tensor.dtype}{row.report ? ` · ${(100 * row.report.stats.outlierShare).toFixed(2)} % outliers` : ''}</small>}
      </th>
      {skipped === undefined
        ? columns.map((column) => <td key={column.name} className={column.left ? 'left' : undefined}>{column.cell(row, scale)}</td>)
        : columns.slice(0, narrow ? 0 : 2).map((column) => <td key={column.name} className="left">{column.cell(row, scale)}</td>)}
      {skipped !== undefined && <td className="left tensor-why" colSpan={columns.length - (narrow ? 0 : 2)} title={skipped}>{whyShort(tensor.name, skipped)}</td>}
    </tr>
  );
});

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
  const anchor = useRef<string>(undefined);

  const shown = useMemo(() => (narrow ? columns.filter(({ on }) => on !== 'wide') : columns), [columns, narrow]);
  const open = openName === undefined ? -1 : rows.findIndex(({ tensor }) => tensor.name === openName);
  const layout: Layout = useMemo(() => ({ row: narrow ? ROW.narrow : ROW.wide, open, details: detailsHeight }), [narrow, open, detailsHeight]);
  const { first, last, before, after } = windowOf(rows.length, view.top, view.height, layout);
  const drawn = rows.slice(first, last);
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
  // The row at the top of the view stays there when others come in above it.
  const latest = useRef(layout);
  useLayoutEffect(() => {
    const { current } = box;
    const at = anchor.current === undefined ? -1 : rows.findIndex(({ tensor }) => tensor.name === anchor.current);
    if (current && current.scrollTop > 0 && at >= 0) {
      const inside = current.scrollTop % latest.current.row;
      const wanted = topOf(at, latest.current) + inside;
      if (Math.abs(wanted - current.scrollTop) > latest.current.row / 2) current.scrollTop = wanted;
    }
    // Moving a row within the document takes its focus away: it is given back.
    if (focused.current !== undefined && document.activeElement === document.body) nameButton(current, focused.current)?.focus({ preventScroll: true });
  }, [rows]);
  useEffect(() => {
    latest.current = layout;
    anchor.current = rows[Math.min(rows.length - 1, Math.max(0, Math.floor(view.top / layout.row)))]?.tensor.name;
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
    <section ref={box} className="tensors-box" tabIndex={0} aria-label="Tensors" onScroll={look} onKeyDown={move} onFocus={(event) => { focused.current = (event.target as HTMLElement).closest<HTMLElement>('[data-tensor]')?.dataset.tensor; }}>
      <table className="tensors" aria-rowcount={rows.length + 1}>
        <colgroup>
          <col className="tensors-first" />
          {shown.map(({ name, width }) => <col key={name} style={{ width }} />)}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="left" aria-sort={head('tensor')}><button type="button" onClick={() => by('tensor')}>tensor{arrow('tensor')}</button></th>
            {shown.map(({ id, head: text, name, left }) => (
              <th key={name} scope="col" className={left ? 'left' : undefined} aria-sort={head(id)} title={name}>
                {id === undefined ? text : <button type="button" onClick={() => by(id)}><span>{text}{arrow(id)}</span></button>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true" className="tensors-gap"><td colSpan={shown.length + 1} style={{ height: before }}>{GAP}</td></tr>}
          {drawn.map((row, i) => {
            const { name } = row.tensor;
            return [
              <Line key={name} row={row} index={first + i} columns={shown} scale={scale} open={name === openName} reachable={name === reachable} narrow={narrow} toggle={toggle} />,
              name === openName && <Details key={`${name} details`} row={row} span={shown.length + 1} width={view.width} tell={setDetailsHeight} />,
            ];
          })}
          {after > 0 && <tr aria-hidden="true" className="tensors-gap"><td colSpan={shown.length + 1} style={{ height: after }}>{GAP}</td></tr>}
          {rows.length === 0 && <tr><td colSpan={shown.length + 1} className="left tensors-none">No tensor of the file is like that.</td></tr>}
        </tbody>
      </table>
      <p className="visually-hidden" role="status">{count(rows.length, 'tensor')} in the table</p>
    </section>
  );
}

const nameButton = (box: HTMLElement | null, name: string): HTMLElement | undefined =>
  box?.querySelector<HTMLElement>(`[data-tensor="${CSS.escape(name)}"] .tensor-name`) ?? undefined;
