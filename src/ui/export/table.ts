/** Tables as CSV and as Markdown, with their origin. */

import type { MethodResult, Run } from '../../run/run';
import { bits, decibels, number, percent } from '../format';
import { originLines } from './origin';
import type { Origin } from './origin';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Quoted where needed. Text that a spreadsheet would run as a formula is kept text by an apostrophe. */
function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 with comment lines in front (`# link: …`); numbers at full precision. */
export function toCsv(table: Table, origin?: Origin): string {
  const comments = origin ? originLines(origin).map((line) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`) : [];
  return [...comments, ...[table.columns, ...table.rows].map((row) => row.map(csvCell).join(','))].join('\r\n') + '\r\n';
}

interface Measured {
  readonly column: string;
  readonly title: string;
  readonly of: (method: MethodResult) => number | undefined;
  readonly text: (value: number) => string;
}

const MEASURED: readonly Measured[] = [
  { column: 'bits_per_weight', title: 'Bits per weight', of: (m) => m.bitsPerWeight, text: bits },
  { column: 'density', title: 'Density', of: (m) => m.density, text: (v) => percent(v, 1) },
  { column: 'recall', title: 'Recall', of: (m) => m.recall, text: (v) => percent(v, 1) },
  { column: 'psnr_db', title: 'PSNR, dB', of: (m) => m.psnrDb, text: decibels },
  { column: 'loss_nats', title: 'Loss, nats', of: (m) => m.loss, text: (v) => number(v) },
  { column: 'accuracy', title: 'Accuracy', of: (m) => m.accuracy, text: (v) => percent(v, 1) },
  { column: 'weighted_error', title: 'Weighted error', of: (m) => m.weightedError, text: (v) => number(v) },
];
/** What this lab measures beyond the relative error. */
const measuredBy = ({ methods }: Run): readonly Measured[] => MEASURED.filter(({ of }) => methods.some((m) => of(m) !== undefined));

export function methodsTable(run: Run): Table {
  const more = measuredBy(run);
  return {
    columns: ['id', 'method', 'relative_error', 'sqnr_db', ...more.map((c) => c.column), 'note'],
    rows: run.methods.map((m) => [m.id, m.label, m.relativeError, m.sqnrDb, ...more.map((c) => c.of(m) ?? null), m.note ?? null]),
  };
}

const escapeMarkdown = (text: string): string => text.replaceAll(/([\\|*_`[\]<>])/g, '\\$1').replaceAll(/[\r\n]+/g, ' ');
/** Symbols between asterisks become plain text, hats as combining circumflexes: X̂ is not X. */
const plain = (text: string): string => text.replaceAll(/\*([^*]+)\*/g, (_, symbols: string) => symbols.replaceAll(/\^([A-Za-z])/g, '$1\u0302').replaceAll('_', ''));

const VERDICT = new Map<boolean | null, string>([[true, 'held'], [false, '**not held**'], [null, 'no test']]);

/** Methods, claims and origin, ready for a slide or a paper. */
export function toMarkdown(run: Run, origin: Origin): string {
  const more = measuredBy(run);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lines = [
    row(['Method', 'Relative error', 'SQNR, dB', ...more.map((c) => c.title)]),
    row(['---', '---:', '---:', ...more.map(() => '---:')]),
    ...run.methods.map((m) => row([
      escapeMarkdown(m.label), percent(m.relativeError), decibels(m.sqnrDb),
      ...more.map(({ of, text }) => { const value = of(m); return value === undefined ? '' : text(value); }),
    ])),
  ];
  if (run.claims.length) {
    lines.push('', ...run.claims.map((c) => `- ${VERDICT.get(c.holds)}: ${escapeMarkdown(plain(c.statement))} (${escapeMarkdown(plain(c.shown))})`));
  }
  lines.push('', `${origin.version}, seed ${origin.seed}, ${escapeMarkdown(origin.device)}, ${escapeMarkdown(origin.inputs)}. <${origin.link}>`);
  return `${lines.join('\n')}\n`;
}
