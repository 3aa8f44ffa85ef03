/** Tables as CSV and as Markdown, with their origin. */

import type { Run } from '../../run/run';
import { bits, decibels, percent } from '../format';
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

export const methodsTable = ({ methods }: Run): Table => ({
  columns: ['id', 'method', 'relative_error', 'sqnr_db', 'bits_per_weight', 'note'],
  rows: methods.map((m) => [m.id, m.label, m.relativeError, m.sqnrDb, m.bitsPerWeight, m.note ?? null]),
});

const escapeMarkdown = (text: string): string => text.replaceAll(/([\\|*_`[\]<>])/g, '\\$1').replaceAll(/[\r\n]+/g, ' ');
/** Symbols between asterisks become plain text, hats as combining circumflexes: X̂ is not X. */
const plain = (text: string): string => text.replaceAll(/\*([^*]+)\*/g, (_, symbols: string) => symbols.replaceAll(/\^([A-Za-z])/g, '$1\u0302').replaceAll('_', ''));

const VERDICT = new Map<boolean | null, string>([[true, 'held'], [false, '**not held**'], [null, 'no test']]);

/** Methods, claims and origin, ready for a slide or a paper. */
export function toMarkdown(run: Run, origin: Origin): string {
  const lines = [
    '| Method | Relative error | SQNR, dB | Bits per weight |',
    '| --- | ---: | ---: | ---: |',
    ...run.methods.map((m) => `| ${escapeMarkdown(m.label)} | ${percent(m.relativeError)} | ${decibels(m.sqnrDb)} | ${bits(m.bitsPerWeight)} |`),
  ];
  if (run.claims.length) {
    lines.push('', ...run.claims.map((c) => `- ${VERDICT.get(c.holds)}: ${escapeMarkdown(plain(c.statement))} (${escapeMarkdown(plain(c.shown))})`));
  }
  lines.push('', `${origin.version}, seed ${origin.seed}, ${escapeMarkdown(origin.device)}, ${escapeMarkdown(origin.inputs)}. <${origin.link}>`);
  return `${lines.join('\n')}\n`;
}
