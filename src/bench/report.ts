/** What a benchmark run found, as plain data. Seconds, FLOP/s, bytes/s. */

import type { Dims } from '../../kernels/define';
import type { DeviceInfo } from '../engine/engine';

export interface Spread {
  readonly median: number;
  /** Quartiles over the rounds. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/**
 * variant: one of our kernels, by the engine's timing contract. reference: its TypeScript oracle on the CPU.
 * queue: operations enqueued, then one wait for the device, the same for ours and the rivals'.
 */
export type Clock = 'timestamp' | 'wall' | 'cpu' | 'queue';

export interface BenchRow {
  readonly kernel: string;
  readonly dims: Dims;
  readonly contender: string;
  readonly kind: 'variant' | 'reference' | 'rival';
  readonly clock: Clock;
  /** Checked before it was timed; a contender that is wrong is not timed. */
  readonly correct: boolean;
  /** 'nmse 3.1e-15', 'codes 65536 codes equal', … */
  readonly check: string;
  readonly time?: Spread;
  readonly flopsPerSecond?: number;
  readonly bytesPerSecond?: number;
  /** Of the least time that the two measured ceilings allow, 0 to 1. */
  readonly rooflineShare?: number;
  /** Time of each rival divided by this one's, on the same clock: above 1, this one is faster. */
  readonly rivals?: Readonly<Record<string, number>>;
}

/** Sparse attention against dense attention of the same tokens, in one run. */
export interface DensityRow {
  readonly kernel: string;
  readonly what: string;
  readonly tokens: number;
  readonly channels: number;
  /** Share of pairs, or of tiles, that is computed: 0 to 1. */
  readonly share: number;
  /** Time over dense time: median and quartiles over the turns. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

export interface BenchReport {
  readonly host: 'browser' | 'dawn';
  readonly device: DeviceInfo;
  readonly ceilings: { readonly bytesPerSecond: number; readonly flopsPerSecond: number };
  readonly rows: readonly BenchRow[];
  /** Present where sparse attention was timed. */
  readonly density?: readonly DensityRow[];
  /** 'TensorFlow.js 4.22.0', …; and why one did not take part. */
  readonly notes: readonly string[];
}

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly program: string;
  readonly system: string;
  /** Mean number of running processes over the last minute, before and after. */
  readonly load: readonly [number, number];
}

const UNITS = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [0, 'ns']] as const;

export function formatSeconds(seconds: number): string {
  const [scale, unit] = UNITS.find(([limit]) => seconds >= limit) ?? UNITS[3];
  return `${(seconds / (scale || 1e-9)).toPrecision(3)} ${unit}`;
}

const giga = (value: number | undefined): string => (value === undefined ? '' : (value / 1e9).toPrecision(3));
const percent = (value: number | undefined): string => (value === undefined ? '' : `${Number((100 * value).toPrecision(2))} %`);
const sizes = (dims: Dims): string => Object.entries(dims).map(([name, n]) => `${name} ${n}`).join(', ');

const HEAD = ['kernel', 'sizes', 'contender', 'correct', 'median', 'quartiles', 'clock', 'GFLOP/s', 'GB/s', 'of roofline'];

function cells(row: BenchRow): string[] {
  const { time } = row;
  return [
    row.kernel, sizes(row.dims), row.contender, `${row.correct ? '' : 'WRONG: '}${row.check}`,
    time ? formatSeconds(time.median) : 'not timed',
    time ? `${formatSeconds(time.low)} – ${formatSeconds(time.high)}` : '',
    row.clock, giga(row.flopsPerSecond), giga(row.bytesPerSecond), percent(row.rooflineShare),
  ];
}

const DENSITY_HEAD = ['kernel', 'sizes', 'keys kept', 'share computed', 'time / dense time', 'quartiles', 'ratio / share'];

const densityCells = ({ kernel, what, tokens, channels, share, ratio, low, high }: DensityRow): string[] => [
  kernel, `N ${tokens}, D ${channels}`, what, `${(100 * share).toFixed(1)} %`, ratio.toFixed(3), `${low.toFixed(3)} – ${high.toFixed(3)}`, (ratio / share).toFixed(2),
];

function textTable(table: readonly (readonly string[])[]): string[] {
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  return table.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}

/** Tables for a terminal. */
export function toText({ rows, density = [] }: BenchReport): string {
  const sparse = density.length > 0 ? ['', ...textTable([DENSITY_HEAD, ...density.map(densityCells)])] : [];
  return [...textTable([HEAD, ...rows.map(cells)]), '', ...ratioLines(rows), ...sparse].join('\n').trimEnd();
}

/** Of each kernel's default variant, which comes first. */
function ratioLines(rows: readonly BenchRow[]): string[] {
  const defaults = rows.filter((row, i) => row.rivals && rows.findIndex((other) => other.rivals && other.kernel === row.kernel) === i);
  return defaults.flatMap((row) =>
    Object.entries(row.rivals ?? {}).map(([rival, ratio]) => `${row.kernel}, ${row.contender}: ${rival} takes ${ratio.toPrecision(3)} times as long.`));
}

const markdownTable = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');

/** The document that `--write` stores. */
export function toMarkdown(report: BenchReport, machine: Machine, command: string): string {
  const { device, ceilings, rows, density = [], notes } = report;
  const ratios = ratioLines(rows);
  return `${[
    '# Benchmarks',
    `Written by \`${command}\` on ${machine.date}; do not edit.`,
    markdownTable(['', ''], [
      ['adapter', device.label + (device.software ? ' — **software: these are the times of a CPU, not of a GPU**' : '')],
      ['features', device.features.join(', ') || 'none'],
      ['CPU', machine.cpu],
      ['system', machine.system],
      ['program', machine.program],
      ['load before and after', machine.load.map((n) => n.toFixed(1)).join(', ')],
      ['ceilings measured', `copy ${giga(ceilings.bytesPerSecond)} GB/s, multiply-add ${giga(ceilings.flopsPerSecond)} GFLOP/s`],
    ]),
    device.software
      ? 'No GPU took part in this run. Nothing here says how fast the kernels are on one; ratios between contenders hold for this machine only.'
      : '',
    '## Kernels',
    'Every contender of a kernel gets the same numbers, is checked against the float64 oracle before it is timed, and takes turns with the others. Median and quartiles are over the rounds. `timestamp` and `wall` time one launch by the engine’s timing contract; `cpu` is the oracle itself, in TypeScript; `queue` is the time per operation of many enqueued together, up to the moment the device has done them all: the clock that libraries can share.',
    'Share of the roofline: the least time that the two measured ceilings allow for the kernel’s FLOPs and bytes (each tensor moved once), divided by the median. A small tensor can stay in a cache that the copy does not fit into, so a share above 100 % is possible for kernels that only move data.',
    markdownTable(HEAD, rows.map(cells)),
    ratios.length > 0 ? `## Rivals\n\n${ratios.map((line) => `- ${line}`).join('\n')}` : '',
    density.length > 0
      ? `## Sparse attention\n\nTime follows the work where ratio / share is 1. A time is the least of a turn, a ratio is of two times from the same turn; median and quartiles over the turns.\n\n${markdownTable(DENSITY_HEAD, density.map(densityCells))}`
      : '',
    notes.length > 0 ? `## Notes\n\n${notes.map((line) => `- ${line}`).join('\n')}` : '',
  ].filter(Boolean).join('\n\n')}\n`;
}
