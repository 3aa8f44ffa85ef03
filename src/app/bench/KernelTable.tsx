import { Fragment, useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { BenchRow } from '../../bench/report';
import { decades, logAxis, type Axis } from '../../ui/charts/scale';
import { number, PENDING, percent, seconds, times } from '../../ui/format';
import { groupRows, libraryOf, overTypeScript, sizesText, sortGroups, type ColumnId, type KernelGroup } from './kernel-rows';
import { useBench } from './store';

const giga = (value: number | undefined): string => (value === undefined || value === 0 ? '' : number(value / 1e9));
/** '12×', '3.4×', '0.020×' */
const ratioText = (ratio: number | undefined): string => (ratio === undefined ? '' : ratio >= 1 ? times(ratio) : `${ratio.toPrecision(2)}×`);

/** Median and middle half on the table's one log scale. */
function Whisker({ row, along }: { readonly row: BenchRow; readonly along: (seconds: number) => number }) {
  if (!row.time) return null;
  const at = (value: number): number => Math.max(0, Math.min(1, along(value)));
  const { low, median, high } = row.time;
  return (
    <span className={row.kind === 'variant' ? 'whisker' : 'whisker whisker-other'} title={`middle half ${seconds(low)} to ${seconds(high)}`}>
      <u style={{ left: `${100 * at(low)}%`, width: `${100 * (at(high) - at(low))}%` }} />
      <i style={{ left: `${100 * at(median)}%` }} />
    </span>
  );
}

/** The first and the last power of ten, where both can be read. */
function endsOf({ low, high, along }: Axis): readonly number[] {
  const tens = decades(low, high, 12);
  const ends = [...new Set([tens[0] ?? low, tens.at(-1) ?? high])];
  return ends.length === 2 && along(ends[1]) - along(ends[0]) < 0.4 ? ends.slice(1) : ends;
}

const Share = ({ share }: { readonly share: number | undefined }): ReactNode =>
  (share === undefined ? null : <span className="share-cell">{percent(share, share < 0.1 ? 1 : 0)}<i style={{ width: `${100 * Math.min(1, share)}%` }} /></span>);

/** The verdict of the check before the race: a tick, or in words what is wrong. */
const Check = ({ row }: { readonly row: BenchRow }): ReactNode =>
  (row.correct
    ? <span className="check-right" title={row.check}><svg width="11" height="11" viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true"><path d="M1.5 6.5 4.8 10 10.5 2" /></svg><span className="visually-hidden">right: {row.check}</span></span>
    : <b className="check-wrong">wrong</b>);

/** One that was timed, or was wrong. @param base what its ratio refers to: ours on the same clock */
function Contender({ row, ours, base, along, rivals }: { readonly row: BenchRow; readonly ours: BenchRow | undefined; readonly base: BenchRow | undefined; readonly along: (s: number) => number; readonly rivals: readonly string[] }) {
  const clock = { timestamp: 'GPU timestamps', wall: 'wall clock', cpu: 'on the CPU', queue: 'many enqueued, one wait' }[row.clock];
  const ratio = base?.time && row.time && row !== base ? row.time.median / base.time.median : undefined;
  return (
    <tr className="contender" data-contender={row.contender} data-clock={row.clock}>
      <th scope="row"><span>{row.contender}{row === ours && <small> runs here by default</small>}</span><small className="contender-clock">{[clock, row.compile !== undefined && `compiled in ${seconds(row.compile)}`, row.check].filter(Boolean).join(', ')}</small></th>
      <td>{row.time ? seconds(row.time.median) : 'not timed'}</td>
      <td className="wide"><Whisker row={row} along={along} /></td>
      <td className="wide">{giga(row.flopsPerSecond)}</td>
      <td className="wide">{giga(row.bytesPerSecond)}</td>
      <td><Share share={row.rooflineShare} /></td>
      <td className="wide">{row.kind === 'reference' ? ratioText(ratio) : ''}</td>
      {rivals.map((rival) => <td key={rival} className="wide">{row.kind === 'rival' && libraryOf(row.contender) === rival ? ratioText(ratio) : ''}</td>)}
      <td className="check-cell"><Check row={row} /></td>
    </tr>
  );
}

interface GroupProps {
  readonly group: KernelGroup;
  readonly open: boolean;
  readonly toggle: () => void;
  readonly along: (seconds: number) => number;
  readonly rivals: readonly string[];
}

function Group({ group, open, toggle, along, rivals }: GroupProps) {
  const { looked, look } = useBench();
  const row = group.ours ?? group.reference ?? group.rows[0];
  const more = new Set(group.rows.filter(({ kind }) => kind === 'variant').map(({ contender }) => contender)).size;
  return (
    <Fragment>
      <tr
        className={looked === group.key ? 'kernel-row kernel-looked' : 'kernel-row'} data-kernel={group.kernel} data-key={group.key} data-correct={group.wrong === 0}
        onPointerEnter={() => look(group.key)} onPointerLeave={() => look(undefined)}
      >
        <th scope="row">
          <button type="button" className="tensor-name" aria-expanded={open} onClick={toggle} onFocus={() => look(group.key)} onBlur={() => look(undefined)}>{group.kernel}</button>
          <small>{sizesText(row)}{more > 1 ? `; ${more} variants` : ''}</small>
        </th>
        <td>{row.time ? seconds(row.time.median) : 'not timed'}</td>
        <td className="wide"><Whisker row={row} along={along} /></td>
        <td className="wide">{giga(row.flopsPerSecond)}</td>
        <td className="wide">{giga(row.bytesPerSecond)}</td>
        <td><Share share={row.rooflineShare} /></td>
        <td className="wide">{ratioText(overTypeScript(group))}</td>
        {rivals.map((rival) => <td key={rival} className="wide">{ratioText(group.ratios.get(rival)?.ofMedians)}</td>)}
        <td className="check-cell">{group.wrong > 0 ? <b className="check-wrong">{group.wrong} wrong</b> : <Check row={row} />}</td>
      </tr>
      {open && group.rows.map((one) => (
        <Contender key={`${one.contender} ${one.clock} ${one.kind}`} row={one} ours={group.ours} base={one.clock === 'queue' ? group.rows.find(({ kind, clock }) => kind === 'variant' && clock === 'queue') : group.ours} along={along} rivals={rivals} />
      ))}
    </Fragment>
  );
}

/** Every kernel that was timed, one row each; a name opens its contenders. */
export function KernelTable({ rows }: { readonly rows: readonly BenchRow[] }) {
  const { picked, open, setOpen, sort, sortBy } = useBench();
  const box = useRef<HTMLTableElement>(null);
  const groups = useMemo(() => groupRows(rows), [rows]);
  const rivals = useMemo(() => [...new Set(groups.flatMap(({ ratios }) => [...ratios.keys()]))], [groups]);
  const shown = useMemo(() => sortGroups(groups, sort), [groups, sort]);
  const axis = useMemo(() => logAxis(rows.flatMap(({ time }) => (time ? [time.low, time.high] : [])), 3), [rows]);

  useEffect(() => {
    if (!picked) return;
    const button = box.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(picked.key)}"] button`);
    button?.scrollIntoView({ block: 'center' });
    button?.focus({ preventScroll: true });
  }, [picked]);

  const columns: readonly { readonly id?: ColumnId; readonly text: string; readonly title: string; readonly wide?: boolean; readonly left?: boolean; readonly head?: ReactNode }[] = [
    { id: 'kernel', text: 'kernel', title: 'By name', left: true },
    { id: 'time', text: 'time', title: 'Median of one launch' },
    { text: '', title: 'Median and middle half, log scale', wide: true, head: <span className="whisker-axis">{endsOf(axis).map((tick) => <span key={tick} style={{ left: `${100 * axis.along(tick)}%` }}>{seconds(tick).replace('.0', '')}</span>)}</span> },
    { id: 'flops', text: 'GFLOP/s', title: 'Operations of the cost model per second', wide: true },
    { id: 'bytes', text: 'GB/s', title: 'Bytes of the cost model per second', wide: true },
    { id: 'share', text: 'of the roof', title: 'The least time that both ceilings allow, over the time it took' },
    { id: 'typescript', text: 'TypeScript', title: 'Time of the oracle in plain TypeScript on the CPU over this', wide: true },
    ...rivals.map((rival) => ({ id: `rival:${rival}` as const, text: rival, title: `Time of ${rival}, its fastest way, over this: many enqueued together`, wide: true })),
    { text: 'right', title: 'Compared with the oracle before it was timed' },
  ];
  const way = (id: ColumnId | undefined): 'ascending' | 'descending' | undefined => (id === undefined || id !== sort.column ? undefined : sort.descending ? 'descending' : 'ascending');
  const all = groups.every(({ key }) => open.has(key));

  if (groups.length === 0) return <p className="sub">{PENDING}</p>;
  return (
    <>
      <div className="bench-above">
        <p className="sub">A name opens its variants and what others need. Times are medians of one launch; TypeScript and libraries by their time over ours: above 1, ours is faster.</p>
        <button type="button" className="button" onClick={() => setOpen(all ? [] : groups.map(({ key }) => key))}>{all ? 'Close all' : 'Open all'}</button>
      </div>
      <div className="bench-scroll">
        <table ref={box} className="bench-table kernels-table">
          <thead>
            <tr>
              {columns.map(({ id, text, title, wide, left, head }) => (
                <th key={text || title} scope="col" className={[wide && 'wide', left && 'left'].filter(Boolean).join(' ') || undefined} aria-sort={way(id)} title={title}>
                  {id === undefined ? (head ? <><span className="visually-hidden">{title}</span>{head}</> : text) : <button type="button" onClick={() => sortBy(id)}>{text}{way(id) === undefined ? '' : sort.descending ? ' ↓' : ' ↑'}</button>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((group) => (
              <Group
                key={group.key} group={group} open={open.has(group.key)} along={axis.along} rivals={rivals}
                toggle={() => setOpen(open.has(group.key) ? [...open].filter((key) => key !== group.key) : [...open, group.key])}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
