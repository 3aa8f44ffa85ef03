/** `npm run lab -- report`: "Your model" from a terminal. The report on stdout, progress on stderr. */

import { stat, writeFile } from 'node:fs/promises';
import { EngineError, type Engine } from '../engine/engine';
import { openNodeEngine } from '../engine/node';
import { InputError } from '../inputs/error';
import type { Model } from '../inputs/model';
import { pathSource, pathSources } from '../inputs/node';
import { openModel } from '../inputs/open-model';
import type { Choice, ReportOptions, SkippedTensor, TensorReport } from '../report/contract';
import { exportModel } from '../report/export';
import { bulkText, percentText, reportCsv, reportJson, reportLine, reportMarkdown, worstFirst, type ReportOrigin } from '../report/format';
import { measureModel } from '../report/measure';
import { bestUnder, suggestMix, type Mix } from '../report/mix';
import { bitsOf, METHOD_LABELS } from '../report/options';
import { summarise } from '../report/summary';
import { fileSink } from './file-sink';
import { UsageError } from './lab-arguments';
import { parseReportArguments, reportHelp, type ReportArguments } from './report-arguments';

/** @returns exit code: 0, 1 for a failed run, 2 for arguments or files that cannot be used */
export async function report(argv: readonly string[]): Promise<number> {
  try {
    const given = parseReportArguments(argv);
    if (given === 'help') {
      process.stdout.write(`${reportHelp()}\n`);
      return 0;
    }
    await run(given);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof InputError) && !(error instanceof EngineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof EngineError ? 1 : 2;
  }
}

const note = (text: string): void => void process.stderr.write(`${text}\n`);

async function openPaths(paths: readonly string[]): Promise<Model> {
  return openModel(paths.length === 1 ? await pathSources(paths[0]) : await Promise.all(paths.map(pathSource)));
}

async function run(given: ReportArguments): Promise<void> {
  const model = await openPaths(given.files);
  for (const name of given.tensors) if (!model.tensors.some((t) => t.name === name)) throw new UsageError(`--tensor is "${name}", but ${model.name} has no such tensor.`);
  const sensitivities = given.sensitivities === undefined ? undefined : await openPaths([given.sensitivities]);
  const engine = await openNodeEngine(given.engine);
  try {
    const device = `${engine.device.label}${engine.device.software ? ', software adapter' : ''}`;
    note(`${model.name}: ${model.tensors.length} tensors, on ${device}`);
    const { reports, skipped } = await measure(model, engine, given, sensitivities);
    const mix = given.budget === undefined ? undefined : suggestMix(reports, given.budget, { objective: given.objective });
    const text = closing(reports, skipped, given, mix);
    if (given.json) note(text);
    else process.stdout.write(`${table(reports)}\n${skippedText(skipped)}${text}\n`);
    const origin: ReportOrigin = { file: model.name, options: given.options, engine: `${device}, ${engine.kind === 'webgpu' ? 'WebGPU' : 'reference engine'}`, version: 'Paperkernels', date: new Date().toISOString() };
    if (given.output !== undefined) {
      const written = /\.csv$/i.test(given.output) ? reportCsv : /\.md$/i.test(given.output) ? reportMarkdown : reportJson;
      await writeFile(given.output, written(reports, skipped, origin));
    }
    if (given.exported) await exportTo(given.exported.file, model, engine, choicesOf(given, reports, mix), given.options, sensitivities);
  } finally {
    engine.dispose();
  }
}

async function measure(model: Model, engine: Engine, { options, tensors, json }: ReportArguments, sensitivities?: Model): Promise<{ reports: TensorReport[]; skipped: SkippedTensor[] }> {
  const reports: TensorReport[] = [];
  const skipped: SkippedTensor[] = [];
  const control = { signal: new AbortController().signal, pause: () => Promise.resolve(), sensitivities, ...(tensors.length ? { only: new Set(tensors) } : {}) };
  for await (const event of measureModel(model, engine, options, control)) {
    if (event.kind === 'progress') continue;
    const item = event.kind === 'tensor' ? event.report : event.skipped;
    if (event.kind === 'tensor') reports.push(event.report);
    else skipped.push(event.skipped);
    if (json) process.stdout.write(`${reportLine(item)}\n`);
    note(event.kind === 'skipped' ? `  ${event.skipped.reason}` : `  ${progressText(event.report)}`);
    if (event.kind === 'tensor') for (const sentence of event.report.notes ?? []) note(`    ${sentence}`);
  }
  return { reports, skipped };
}

const progressText = ({ tensor, methods, seconds }: TensorReport): string =>
  `${tensor}: ${methods.map((m) => `${m.id} ${percentText(m.relativeError)}`).join(', ')} (${seconds.toFixed(1)} s)`;

/** Columns of text, the first to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[], left = 2): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((r) => r[i].length)));
  return rows.map((r) => r.map((cell, i) => (i < left ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd()).join('\n');
}

/** Worst first. */
function table(reports: readonly TensorReport[]): string {
  const ids = [...new Set(reports.flatMap((r) => r.methods.map((m) => m.id)))];
  const head = ['Tensor', 'Shape', 'Spread', 'Kurtosis', 'Outliers', 'Bulk error', ...ids.map((id) => METHOD_LABELS[id])];
  const rows = worstFirst(reports).map((r) => [
    r.tensor, r.shape.join(' × '), r.stats.std.toPrecision(3), r.stats.excessKurtosis.toFixed(1), percentText(r.stats.outlierShare), bulkText(r),
    ...ids.map((id) => {
      const m = r.methods.find((found) => found.id === id);
      return m ? percentText(m.relativeError) : '–';
    }),
  ]);
  if (reports.length === 0) return 'No tensor was measured.';
  return `${columns([head, ...rows])}\n\nErrors relative to the weights; bulk error: ${METHOD_LABELS[ids[0]]}, relative to the spread of ordinary weights. Worst first by it.`;
}

const skippedText = (skipped: readonly SkippedTensor[]): string => (skipped.length ? `\nNot measured:\n${skipped.map((s) => `  ${s.reason}`).join('\n')}\n` : '');

const megabytes = (bytes: number): string => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`);

/** The whole model, and what the budget suggests. */
function closing(reports: readonly TensorReport[], skipped: readonly SkippedTensor[], given: ReportArguments, mix: Mix | undefined): string {
  if (reports.length === 0) return '';
  const summary = summarise(reports, skipped);
  const rows = summary.methods.map((m) => [METHOD_LABELS[m.id], percentText(m.relativeError), `${m.bitsPerWeight.toFixed(2)} bits`, megabytes(m.bytes)]);
  const lines = ['', `The whole model, ${megabytes(summary.bytes)} as stored:`, columns([['Method', 'Relative error', 'Per weight', 'Size'], ...rows], 1)];
  if (given.budget !== undefined) {
    if (!mix) lines.push('', `No choice of these methods keeps an average of ${given.budget} bits per weight.`);
    else {
      const chosen = reports.map((r) => [r.tensor, choiceText(mix.choices[r.tensor]), bestText(r, given.budget ?? 0)]);
      lines.push('', `At ${given.budget} bits per weight: relative error ${percentText(mix.relativeError)}, ${mix.bitsPerWeight.toFixed(3)} bits${mix.optimal ? '' : ' (near the optimum)'}`, columns([['Tensor', 'Suggested', 'Best alone'], ...chosen], 3));
    }
  }
  return lines.join('\n');
}

const choiceText = (choice: Choice): string => (choice.id === 'keep' ? 'as stored' : `${METHOD_LABELS[choice.id]}, ${choice.bits} bits`);
function bestText(r: TensorReport, budget: number): string {
  const best = bestUnder(r, budget);
  return best ? choiceText(best) : 'none';
}

function choicesOf({ exported, options }: ReportArguments, reports: readonly TensorReport[], mix: Mix | undefined): Record<string, Choice> {
  if (mix && exported?.method === undefined) return { ...mix.choices };
  const id = exported?.method;
  if (id === undefined) throw new UsageError('No choice of these methods keeps the budget, so nothing is exported.');
  return Object.fromEntries(reports.filter((r) => r.methods.some((m) => m.id === id)).map((r) => [r.tensor, { id, bits: bitsOf(id, options.bits) }]));
}

async function exportTo(file: string, model: Model, engine: Engine, choices: Readonly<Record<string, Choice>>, options: ReportOptions, sensitivities?: Model): Promise<void> {
  const sink = await fileSink(file).catch((cause: unknown) => {
    throw new UsageError(`--export ${file} cannot be written (${cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)}).`, { cause });
  });
  try {
    const control = { signal: new AbortController().signal, pause: () => Promise.resolve(), sensitivities };
    let at = '';
    for await (const { tensor } of exportModel(model, engine, choices, options, sink, control)) {
      if (tensor !== at) note(`  writing ${tensor}`);
      at = tensor;
    }
  } finally {
    await sink.discard();
  }
  note(`${file}: ${megabytes((await stat(file)).size)}, ${Object.values(choices).filter((c) => c.id !== 'keep').length} of ${model.tensors.length} tensors quantized`);
}
