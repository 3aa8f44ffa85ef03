/** The rows of the tensor table: what is known of each tensor, in the order and selection the reader asked for. */

import type { ModelTensor } from '../../inputs/model';
import type { ReportMeasure, ReportMethodId, TensorReport, TensorStats } from '../../report/contract';

export interface Row {
  readonly tensor: ModelTensor;
  readonly report?: TensorReport;
  /** Why it is not measured, as a sentence. */
  readonly skipped?: string;
  /** Of all that was measured of it, the smallest error within the budget. */
  readonly best?: ReportMeasure;
}

export type ColumnId = 'tensor' | 'shape' | 'dtype' | 'spread' | 'kurtosis' | 'outliers' | 'bulk' | 'bits' | 'best' | `error:${ReportMethodId}`;

export interface Sort {
  readonly column: ColumnId;
  readonly descending: boolean;
}

export type Only = 'all' | 'measured' | 'skipped';

export interface Filter {
  readonly text: string;
  /** '' for every kind. */
  readonly kind: string;
  readonly only: Only;
}

export const NO_FILTER: Filter = { text: '', kind: '', only: 'all' };

export const errorOf = (report: TensorReport | undefined, id: ReportMethodId): number | undefined => report?.methods.find((m) => m.id === id)?.relativeError;

/** What a column is sorted by; undefined for what is not known. */
export function keyOf({ tensor, report, best }: Row, column: ColumnId): number | string | undefined {
  switch (column) {
    case 'tensor': return tensor.name;
    case 'shape': return tensor.shape.reduce((product, n) => product * n, 1);
    case 'dtype': return tensor.dtype;
    case 'spread': return report?.stats.std;
    case 'kurtosis': return report?.stats.excessKurtosis;
    case 'outliers': return report?.stats.outlierShare;
    case 'bulk': return report?.methods[0]?.bulkError;
    case 'bits': return best?.bitsPerWeight;
    case 'best': return best?.relativeError;
    default: return errorOf(report, column.slice('error:'.length) as ReportMethodId);
  }
}

const names = new Intl.Collator('en', { numeric: true });

/** Rows without the sorted value (pending, left alone) keep the file's order and stand last. */
export function sortRows(rows: readonly Row[], { column, descending }: Sort): Row[] {
  const keyed = rows.map((row, at) => ({ row, at, key: keyOf(row, column) }));
  const group = ({ row, key }: (typeof keyed)[number]): number => (key !== undefined ? 0 : row.skipped === undefined ? 1 : 2);
  return keyed
    .sort((a, b) => {
      const apart = group(a) - group(b);
      if (apart !== 0 || a.key === undefined || b.key === undefined) return apart || a.at - b.at;
      const order = typeof a.key === 'string' ? names.compare(a.key, String(b.key)) : a.key - Number(b.key);
      return (descending ? -order : order) || a.at - b.at;
    })
    .map(({ row }) => row);
}

export function filterRows(rows: readonly Row[], { text, kind, only }: Filter, kindOf: (name: string) => string): Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ tensor, report, skipped }) => {
    if (only === 'measured' && !report) return false;
    if (only === 'skipped' && skipped === undefined) return false;
    if (kind && kindOf(tensor.name) !== kind) return false;
    const name = `${tensor.name} ${tensor.dtype} ${tensor.shape.join('×')}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

/** For each bin of the histogram whether its middle lies beyond the outlier fence. */
export const outlierBins = ({ histogram: { counts, limit }, fence }: TensorStats): boolean[] =>
  counts.map((n, i) => n > 0 && Math.abs(((2 * i + 1) / counts.length - 1) * limit) >= fence);

/** The middle left out: 'model.layers…q_proj.weight'. Both ends tell tensors apart. */
export function middle(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.ceil((most - 1) * 0.6);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(-tail)}`;
}
