/** The report as text for a terminal, and as the document that is stored or copied. */

import type { BenchReport, CeilingRates, Machine, TargetRow } from './report';
import { coldTable, densityTable, giga, kernelTable, skewTable, targetTable, wholeRunTable, type Table } from './tables';

function textTable(table: Table): string[] {
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  return table.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}

export function markdownTable([head, ...lines]: Table): string {
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

/** '12 of 14 targets held'; empty where none has a bound. */
export function verdictOf(targets: readonly TargetRow[]): string {
  const bounded = targets.filter(({ bound }) => bound !== undefined);
  const measured = bounded.filter(({ held }) => held !== undefined);
  if (bounded.length === 0) return '';
  const missing = bounded.length - measured.length;
  return `${measured.filter(({ held }) => held).length} of ${measured.length} targets held${missing > 0 ? `, ${missing} not measured` : ''}`;
}

const ceilingText = ({ bytesPerSecond, flopsPerSecond }: CeilingRates): string => `copy ${giga(bytesPerSecond)} GB/s, multiply-add ${giga(flopsPerSecond)} GFLOP/s`;

/** Tables for a terminal. */
export function toText({ targets, rows, density, skew, cold, runs, ceilings }: BenchReport): string {
  const part = (table: Table): string[] => (table.length > 1 ? ['', ...textTable(table)] : []);
  return [
    `ceilings: ${ceilingText(ceilings)}`,
    ...part(kernelTable(rows)), ...part(densityTable(density)), ...part(skewTable(skew)), ...part(coldTable(cold)), ...part(wholeRunTable(runs)), ...part(targetTable(targets)),
    ...(targets.length > 0 ? ['', verdictOf(targets)] : []),
  ].join('\n');
}

/** @param machine what is known of it: a page knows less than a terminal @param command absent on a page */
export function toMarkdown(report: BenchReport, machine: Partial<Machine>, command?: string): string {
  const { device, ceilings, targets, rows, density, skew, cold, runs, notes } = report;
  const part = (title: string, table: Table, ...words: string[]): string[] => (table.length > 1 ? [`## ${title}`, ...words, markdownTable(table)] : []);
  return `${[
    '# Benchmarks',
    ...(command ? [`Written by \`${command}\` on ${machine.date}; do not edit.`] : []),
    markdownTable([['', ''],
      ['adapter', device.label + (device.software ? ' — **software: these are the times of a CPU, not of a GPU**' : '')],
      ['features', device.features.join(', ') || 'none'],
      ...(machine.cpu ? [['CPU', machine.cpu]] : []),
      ...(machine.system ? [['system', machine.system]] : []),
      ...(machine.program ? [['program', machine.program]] : []),
      ...(machine.load ? [['load before and after', machine.load.map((n) => n.toFixed(1)).join(', ')]] : []),
      ['ceilings measured', `${ceilingText(ceilings)} (before: ${ceilingText(ceilings.before)}; after: ${ceilingText(ceilings.after)})`],
    ]),
    ...(device.software ? ['No GPU took part in this run. Nothing here says how fast the kernels are on one; ratios between contenders hold for this machine only.'] : []),
    ...part('Targets', targetTable(targets),
      `${verdictOf(targets)}. Ratios of medians: for a library, its time over ours (above 1, ours is faster); for work of ours, over the work named. Quartiles are of the ratios of each single round. Contenders take turns on one clock: operations enqueued together, then one wait for the device, the same for all. What is wrong against float64 is not timed. Lines without a target are shown beside.`),
    ...part('Cold start', coldTable(cold), 'Everything that passes before there is a first result: what is loaded, opened and compiled.'),
    ...part('Whole runs', wholeRunTable(runs), 'From a lab’s inputs to its first result, pipelines compiled, nothing remembered.'),
    ...part('Kernels', kernelTable(rows),
      'Every contender of a kernel gets the same numbers, is checked against the float64 oracle before it is timed, and takes turns with the others. Median and quartiles are over the rounds. `timestamp` and `wall` time one launch by the engine’s timing contract; `cpu` is the oracle itself, in TypeScript; `queue` is the time per operation of many enqueued together, up to the moment the device has done them all: the clock that libraries can share. `compile` is the pipeline’s own; `first call` is the wall time of the first call with its result read back. Neither is part of a time.',
      'Share of the roofline: the least time that the two measured ceilings allow for the kernel’s FLOPs and bytes (each tensor moved once), divided by the median. A small tensor can stay in a cache that the copy does not fit into, so a share above 100 % is possible for kernels that only move data.'),
    ...part('Sparse attention', densityTable(density), 'Time follows the work where ratio / share is 1. A time is the least of a turn, a ratio is of two times from the same turn; median and quartiles over the turns.'),
    ...part('Skewed rows', skewTable(skew), 'Sparse products whose rows hold unequal numbers of nonzeros, against even rows with as many.'),
    ...(notes.length > 0 ? [`## Notes\n\n${notes.map((line) => `- ${line}`).join('\n')}`] : []),
  ].join('\n\n')}\n`;
}

/** The JSON form, the same from a terminal and from a page. */
export const toJson = (report: BenchReport, machine: Partial<Machine>): string => `${JSON.stringify({ machine, ...report }, null, 2)}\n`;
