/** `npm run lab -- <paper> …`: the experiment of the page, from a terminal. Result on stdout, progress on stderr. */

import { basename } from 'node:path';
import { EngineError } from '../engine/engine';
import { openNodeEngine } from '../engine/node';
import { InputError } from '../inputs/error';
import { openMatrix } from '../inputs/open';
import type { Matrix, Paper, Phase } from '../papers/contract';
import { Memo } from '../run/memo';
import { mergeRun, type MethodResult, type Run } from '../run/run';
import { ParamError } from '../run/schema';
import { helpOf, parseLabArguments, UsageError, type LabArguments } from './lab-arguments';
import { labs } from './labs';
import { report } from './report';

/** What a terminal shows; charts are the page's. */
const PHASES: readonly Phase[] = ['methods', 'refine'];

/** @returns exit code: 0, 1 for a failed run, 2 for arguments that cannot be used */
export async function main(argv: readonly string[]): Promise<number> {
  const [id, ...rest] = argv;
  if (id === undefined || id === '--help' || id === '-h') {
    process.stdout.write(`Labs:\n${[...labs.keys()].map((lab) => `  ${lab}`).join('\n')}\n\nYour model:\n  report  every matrix of a model file against every method\n\nnpm run lab -- <name> --help shows its parameters.\n`);
    return 0;
  }
  if (id === 'report') return report(rest);
  const paper = labs.get(id);
  if (!paper) return refuse(`"${id}" is not a lab; there is ${[...labs.keys()].join(', ')}.`);
  let given: LabArguments | 'help';
  try {
    given = parseLabArguments(paper, rest);
  } catch (error) {
    if (error instanceof UsageError || error instanceof ParamError) return refuse(error.message);
    throw error;
  }
  if (given === 'help') {
    process.stdout.write(`${helpOf(paper)}\n`);
    return 0;
  }
  let files: Record<string, Matrix>;
  try {
    files = await openFiles(given);
  } catch (error) {
    if (error instanceof FileArgumentError) return refuse(error.message);
    throw error;
  }
  try {
    const run = await runOnce(paper, given, files);
    process.stdout.write(`${given.json ? JSON.stringify(summary(run)) : table(run)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof InputError) && !(error instanceof EngineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof InputError ? 2 : 1;
  }
}

function refuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 2;
}

/** A file that an argument names and that cannot be used. */
class FileArgumentError extends Error {
  override readonly name = 'FileArgumentError';
}

async function openFiles(given: LabArguments): Promise<Record<string, Matrix>> {
  const files: Record<string, Matrix> = {};
  for (const [role, reference] of Object.entries(given.files)) {
    try {
      files[role] = await openMatrix(reference, { transpose: given.transpose.has(role) });
    } catch (error) {
      if (error instanceof InputError) throw new FileArgumentError(`--${role} ${reference}: ${error.message}`, { cause: error });
      throw error;
    }
  }
  return files;
}

async function runOnce(paper: Paper, given: LabArguments, files: Record<string, Matrix>): Promise<Run> {
  const engine = await openNodeEngine(given.engine);
  try {
    process.stderr.write(`${paper.id} on ${engine.device.label}${engine.device.software ? ' (software adapter)' : ''}\n`);
    let run: Partial<Run> = {};
    const experiment = paper.experiment({
      engine, files, params: given.params, memo: new Memo(), want: new Set(PHASES),
      signal: new AbortController().signal, pause: () => Promise.resolve(),
    });
    for await (const patch of experiment) {
      const known = new Set(run.methods?.map((m) => m.id));
      run = mergeRun(run, patch);
      for (const m of run.methods ?? []) if (!known.has(m.id)) process.stderr.write(`  ${m.label}: ${percent(m.relativeError)}\n`);
    }
    const whole = run as Run; // the first patch of every experiment holds all parts
    return { ...whole, provenance: { ...whole.provenance, link: linkWithFiles(whole.provenance.link, given) } };
  } finally {
    engine.dispose();
  }
}

/** The page's link to this run, which names its files but cannot hold them. */
function linkWithFiles(link: string, given: LabArguments): string {
  const [path, text] = link.split('?', 2);
  const query = new URLSearchParams(text);
  for (const [role, reference] of Object.entries(given.files)) {
    const hash = reference.lastIndexOf('#');
    query.set(role, hash < 0 ? basename(reference) : basename(reference.slice(0, hash)) + reference.slice(hash));
    if (given.transpose.has(role)) query.set(`transpose-${role}`, '1');
  }
  return `${path}?${query}`;
}

const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;

/** A statement without its marks of typesetting: `*^W*` is Ŵ. */
const plain = (text: string): string => text.replaceAll('*', '').replaceAll(/\^([A-Za-z])/g, '$1\u0302').normalize('NFC');

/** Where a lab measures more than the relative error; absent otherwise. */
const measured = ({ bitsPerWeight, weightedError, loss, accuracy, density, recall, psnrDb }: MethodResult): object =>
  Object.fromEntries(Object.entries({ bitsPerWeight, weightedError, loss, accuracy, density, recall, psnrDb }).filter(([, value]) => value !== undefined));

/** The one JSON object. A claim that the terminal's phases do not test has `holds: null`. */
function summary(run: Run): object {
  const methods = run.methods.map((m) => {
    const { id, relativeError, sqnrDb } = m;
    return { id, relativeError, sqnrDb: Number.isFinite(sqnrDb) ? sqnrDb : null, ...measured(m) };
  });
  const claims = run.claims.map(({ id, holds, statement, numbers }) => ({ id, holds, statement: plain(statement), numbers }));
  return { lab: run.lab, params: run.params, engine: run.engine, device: run.device, metrics: { methods, scalars: run.scalars }, claims, provenance: run.provenance };
}

interface Column {
  readonly head: string;
  readonly cell: (m: MethodResult) => string;
}

/** Columns of figures; the optional ones where any method has them. */
function columnsOf(methods: readonly MethodResult[]): Column[] {
  const optional = (key: 'weightedError' | 'loss' | 'accuracy' | 'bitsPerWeight' | 'density' | 'recall' | 'psnrDb', head: string, cell: (x: number) => string): Column[] =>
    (methods.some((m) => m[key] !== undefined) ? [{ head, cell: (m) => (m[key] === undefined ? '' : cell(m[key])) }] : []);
  return [
    { head: 'Relative error', cell: (m) => percent(m.relativeError) },
    { head: 'SQNR', cell: (m) => `${m.sqnrDb.toFixed(1)} dB` },
    ...optional('weightedError', 'Weighted error', (x) => x.toPrecision(3)),
    ...optional('loss', 'Loss', (x) => `${x.toFixed(4)} nats`),
    ...optional('accuracy', 'Accuracy', percent),
    ...optional('density', 'Density', percent),
    ...optional('recall', 'Recall', percent),
    ...optional('psnrDb', 'PSNR', (x) => `${x.toFixed(1)} dB`),
    ...optional('bitsPerWeight', 'Per weight', (x) => `${x.toFixed(2)} bits`),
  ];
}

function table(run: Run): string {
  const columns = columnsOf(run.methods);
  const head = ['Method', ...columns.map((c) => c.head), ''];
  const rows = run.methods.map((m) => [m.label, ...columns.map((c) => c.cell(m)), m.note ?? '']);
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i].length)));
  const text = (cells: readonly string[]): string => cells.map((c, i) => (i === 0 || i === cells.length - 1 ? c.padEnd(widths[i]) : c.padStart(widths[i]))).join('  ').trimEnd();
  const mark = (holds: boolean | null): string => (holds === null ? 'no test ' : holds ? 'held    ' : 'not held');
  return [
    text(head), ...rows.map(text), '',
    ...run.claims.map((c) => `${mark(c.holds)}  ${plain(c.statement)} (${c.shown})`), '',
    ...run.notices.map((n) => `${n.happened} ${n.mend}`),
    ...Object.entries(run.provenance.inputs).map(([role, source]) => `${role}: ${source}`),
    run.provenance.link,
  ].join('\n');
}
