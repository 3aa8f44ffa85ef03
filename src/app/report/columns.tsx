import type { ReactNode } from 'react';
import type { ReportMeasure, ReportMethodId } from '../../report/contract';
import { Marker } from '../../ui/markers/Marker';
import { bits, number, PENDING, percent } from '../../ui/format';
import { Distribution } from './Distribution';
import { measureName, METHODS } from './methods';
import { errorOf, type ColumnId, type Row } from './rows';

export interface Column {
  /** Absent where the column cannot be sorted by. */
  readonly id?: ColumnId;
  readonly head: ReactNode;
  /** In words, for the sort menu. */
  readonly name: string;
  /** More of it, where the name is not enough. */
  readonly title?: string;
  readonly width: number;
  /** 'wide': not on a narrow page; 'phone': only there. */
  readonly on?: 'wide';
  readonly left?: boolean;
  /** Set off from the column before. */
  readonly apart?: boolean;
  readonly cell: (row: Row, scale: number) => ReactNode;
}

const known = (row: Row, text: () => ReactNode): ReactNode => (row.report ? text() : row.skipped === undefined ? <span className="pending">{PENDING}</span> : '');

export const shapeText = (shape: readonly number[]): string => shape.join(' × ') || 'scalar';

/** An error in percent over a bar of its share of the table's largest. */
function ErrorCell({ row, id, scale }: { readonly row: Row; readonly id: ReportMethodId; readonly scale: number }) {
  const error = errorOf(row.report, id);
  if (error === undefined) return known(row, () => '–');
  const best = row.best?.id === id && row.report!.methods.some((m) => m === row.best);
  return (
    <span className={best ? 'error-cell error-best' : 'error-cell'}>
      {(100 * error).toFixed(2)}{best && <span className="visually-hidden"> best within the budget</span>}
      <i style={{ width: `${scale > 0 ? Math.min(100, (1e4 * error) / scale) : 0}%`, background: `var(--${METHODS[id].slot})` }} />
    </span>
  );
}

/** Whole percent: beyond 100 the error is larger than an ordinary weight. */
export const bulkText = (measure: ReportMeasure | undefined): string => (measure && Number.isFinite(measure.bulkError) ? (100 * measure.bulkError).toFixed(measure.bulkError < 1 ? 1 : 0) : '–');

export function columnsFor(methods: readonly ReportMethodId[], budget: number): readonly Column[] {
  return [
    { id: 'shape', name: 'Size', head: 'shape', width: 96, left: true, on: 'wide', cell: ({ tensor }) => shapeText(tensor.shape) },
    { id: 'dtype', name: 'Type', head: 'type', width: 46, left: true, on: 'wide', cell: ({ tensor }) => tensor.dtype },
    { name: 'Distribution', head: 'values', width: 94, left: true, on: 'wide', cell: (row) => (row.report ? <Distribution stats={row.report.stats} width={82} height={20} /> : known(row, () => '')) },
    { id: 'spread', name: 'Spread (standard deviation)', head: 'spread', width: 62, on: 'wide', cell: (row) => known(row, () => number(row.report!.stats.std)) },
    { id: 'kurtosis', name: 'Excess kurtosis', head: <>excess<br />kurtosis</>, width: 64, on: 'wide', cell: (row) => known(row, () => number(row.report!.stats.excessKurtosis)) },
    { id: 'outliers', name: 'Outlier share', head: <>outliers<br />%</>, width: 62, on: 'wide', cell: (row) => known(row, () => (100 * row.report!.stats.outlierShare).toFixed(2)) },
    {
      id: 'bulk', name: 'Error against the bulk', title: `Error of ${METHODS[methods[0]].label} against the spread of the bulk of the weights (interquartile range ÷ 1.349)`, head: <>{METHODS[methods[0]].short} error<br />/ bulk %</>, width: 74, on: 'wide',
      cell: (row) => known(row, () => bulkText(row.report!.methods[0])),
    },
    ...methods.map((id): Column => ({
      id: `error:${id}`, name: `Error of ${METHODS[id].label}`, head: <><Marker slot={METHODS[id].slot} size={10} /><span className={METHODS[id].short.includes(' ') ? undefined : 'column-name'}>{METHODS[id].short}</span></>, width: 64, on: 'wide', cell: (row, scale) => <ErrorCell row={row} id={id} scale={scale} />,
    })),
    {
      id: 'best', name: `Best error within ${bits(budget)} bits`, head: <>best within<br />{bits(budget)} bits</>, width: 148, left: true, apart: true,
      cell: (row) => known(row, () => (row.best
        ? <span className="best-cell" title={measureName(row.best)}><Marker slot={METHODS[row.best.id].slot} /><span>{METHODS[row.best.id].tiny ?? METHODS[row.best.id].short}{METHODS[row.best.id].anyBits ? ` ${row.best.bits}` : ''}</span><b>{percent(row.best.relativeError)}</b><small>at {bits(row.best.bitsPerWeight)}</small></span>
        : 'none fits')),
    },
    { id: 'bits', name: 'Bits per weight of the best', head: <>its bits per<br />weight</>, width: 66, on: 'wide', cell: (row) => known(row, () => (row.best ? bits(row.best.bitsPerWeight) : '–')) },
  ];
}
