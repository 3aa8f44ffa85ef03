/** The report as CSV, JSON and Markdown, with its origin; one line of JSON per tensor for the terminal. */

import type { ReportMeasure, ReportMethodId, ReportOptions, SkippedTensor, TensorReport } from './contract';
import { METHOD_LABELS } from './options';
import { summarise } from './summary';

/** Where a report came from. */
export interface ReportOrigin {
  readonly file: string;
  readonly options: ReportOptions;
  /** 'float64, CPU, reference engine' */
  readonly engine: string;
  /** 'Paperkernels 0.1.0' */
  readonly version: string;
  /** ISO 8601 */
  readonly date: string;
  readonly link?: string;
}

/** JSON has no infinity: an error of 0 has the SQNR null. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

const measure = ({ id, bits, relativeError, sqnrDb, bitsPerWeight, bulkError }: ReportMeasure): object =>
  ({ id, relativeError, sqnrDb: finite(sqnrDb), bitsPerWeight, bits, bulkError: finite(bulkError) });

/** One tensor as plain data. */
export function reportEntry(item: TensorReport | SkippedTensor): object {
  if ('reason' in item) return { tensor: item.tensor, shape: item.shape, dtype: item.dtype, bytes: item.bytes, skipped: item.reason };
  const { tensor, shape, dtype, matrix, bytes, stats, methods, others, sampledRows, notes, seconds } = item;
  return {
    tensor, shape, dtype, matrix, bytes, methods: methods.map(measure),
    ...(others.length ? { others: others.map(measure) } : {}),
    stats, ...(sampledRows === undefined ? {} : { sampledRows }), ...(notes ? { notes } : {}), seconds: Number(seconds.toFixed(3)),
  };
}

/** One line, without a line break. */
export const reportLine = (item: TensorReport | SkippedTensor): string => JSON.stringify(reportEntry(item));

export function reportJson(reports: readonly TensorReport[], skipped: readonly SkippedTensor[], origin: ReportOrigin): string {
  return `${JSON.stringify({ ...origin, summary: summarise(reports, skipped), tensors: reports.map(reportEntry), skipped: skipped.map(reportEntry) }, null, 2)}\n`;
}

function originLines({ file, options, engine, version, date, link }: ReportOrigin): string[] {
  return [`file: ${file}`, `options: ${optionsText(options)}`, `engine: ${engine}`, `version: ${version}`, `date: ${date}`, ...(link ? [`link: ${link}`] : [])];
}

/** '4 bits, groups of 64, rank 16, 0.45 % sparse, sensitivity uniform' */
export function optionsText({ bits, group, rank, outlierPercent, sensitivePercent, sensitivity, maxRows }: ReportOptions): string {
  const sparse = sensitivity !== 'uniform' && sensitivePercent > 0 ? `${sensitivePercent} % sensitive and ${outlierPercent} % large weights sparse` : `${outlierPercent} % sparse`;
  return [`${bits} bits`, `groups of ${group}`, `rank ${rank}`, sparse, `sensitivity ${sensitivity}`, ...(maxRows > 0 ? [`up to ${maxRows} rows of each tensor`] : [])].join(', ');
}

/** Quoted where needed (RFC 4180). Text that a spreadsheet would run as a formula is kept text by an apostrophe. */
function csvCell(cell: string | number | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const FACTS = ['tensor', 'shape', 'dtype', 'bytes', 'rows', 'cols', 'min', 'max', 'mean', 'std', 'bulk_spread', 'excess_kurtosis', 'outlier_share', 'sampled_rows'] as const;

/** Lines of origin (`# file: …`), then a row per tensor: statistics, and per method and width its error, SQNR and bits. */
export function reportCsv(reports: readonly TensorReport[], skipped: readonly SkippedTensor[], origin: ReportOrigin): string {
  const keys = measureKeys(reports);
  const head = [...FACTS, ...keys.flatMap((k) => [`${k}_relative_error`, `${k}_sqnr_db`, `${k}_bulk_error`, `${k}_bits_per_weight`]), 'note'];
  const rows = reports.map((r) => {
    const by = new Map([...r.methods, ...r.others].map((m) => [keyOf(m), m]));
    return [
      r.tensor, r.shape.join('x'), r.dtype, r.bytes, ...r.matrix, r.stats.min, r.stats.max, r.stats.mean, r.stats.std, r.stats.bulk, r.stats.excessKurtosis, r.stats.outlierShare, r.sampledRows,
      ...keys.flatMap((k) => [by.get(k)?.relativeError, by.get(k)?.sqnrDb, by.get(k)?.bulkError, by.get(k)?.bitsPerWeight]), r.notes?.join(' '),
    ];
  });
  const without = skipped.map((s) => head.map((column) => ({ tensor: s.tensor, shape: s.shape.join('x'), dtype: s.dtype, bytes: s.bytes, note: s.reason })[column]));
  const comments = originLines(origin).map((line) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`);
  return `${[...comments, ...[head, ...rows, ...without].map((row) => row.map(csvCell).join(','))].join('\r\n')}\r\n`;
}

const keyOf = ({ id, bits }: { readonly id: ReportMethodId; readonly bits: number }): string => `${id.replaceAll('-', '_')}_${bits}`;
const measureKeys = (reports: readonly TensorReport[]): string[] => [...new Set(reports.flatMap((r) => [...r.methods, ...r.others].map(keyOf)))];

const escaped = (text: string): string => text.replaceAll(/([\\|*_`[\]<>])/g, '\\$1').replaceAll(/[\r\n]+/g, ' ');
export const percentText = (ratio: number): string => `${(100 * ratio).toFixed(2)} %`;

/** Root mean square error of the first method over the spread of the bulk. */
export const bulkText = ({ methods: [first] }: TensorReport): string => (first ? `${(100 * first.bulkError).toFixed(1)} %` : '');

/** The tensor whose ordinary weights the first method hurts most first. */
export function worstFirst(reports: readonly TensorReport[]): TensorReport[] {
  const error = (r: TensorReport): number => r.methods[0]?.bulkError ?? 0;
  return reports.toSorted((a, b) => error(b) - error(a));
}

/** A table at the chosen bits, worst first, the whole model below, then what was skipped and the origin. */
export function reportMarkdown(reports: readonly TensorReport[], skipped: readonly SkippedTensor[], origin: ReportOrigin): string {
  const { methods } = summarise(reports, skipped);
  const ids = methods.map((m) => m.id);
  const cell = (r: TensorReport, id: ReportMethodId): string => {
    const found = r.methods.find((m) => m.id === id);
    return found ? percentText(found.relativeError) : '';
  };
  const lines = [
    `| Tensor | Shape | Spread | Kurtosis | Outliers | Bulk error | ${ids.map((id) => METHOD_LABELS[id]).join(' | ')} |`,
    `| --- | --- | ---: | ---: | ---: | ---: | ${ids.map(() => '---:').join(' | ')} |`,
    ...worstFirst(reports).map((r) => `| ${escaped(r.tensor)} | ${r.shape.join(' × ')} | ${r.stats.std.toPrecision(3)} | ${r.stats.excessKurtosis.toFixed(1)} | ${percentText(r.stats.outlierShare)} | ${bulkText(r)} | ${ids.map((id) => cell(r, id)).join(' | ')} |`),
    `| Whole model | | | | | | ${methods.map((m) => `${percentText(m.relativeError)}, ${m.bitsPerWeight.toFixed(2)} bits`).join(' | ')} |`,
    ...(methods.length ? ['', `Relative errors, and before them the ${METHOD_LABELS[methods[0].id]} error of ordinary weights, over the spread of the bulk.`] : []),
    ...(skipped.length ? ['', 'Not measured:', '', ...skipped.map((s) => `- ${escaped(s.reason)}`)] : []),
    '', originLines(origin).map(escaped).join('; '),
  ];
  return `${lines.join('\n')}\n`;
}
