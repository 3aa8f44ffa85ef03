/** The report's tables as rows of text, for a terminal, a document and a page's export. */

import type { BenchRow, ColdRow, DensityRow, Ratio, SkewRow, Spread, TargetRow, WholeRunRow } from './report';

export type Table = readonly (readonly string[])[];

const UNITS = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [0, 'ns']] as const;

export function formatSeconds(seconds: number): string {
  const [scale, unit] = UNITS.find(([limit]) => seconds >= limit) ?? UNITS[3];
  return `${(seconds / (scale || 1e-9)).toPrecision(3)} ${unit}`;
}

export const giga = (value: number | undefined): string => (value === undefined ? '' : (value / 1e9).toPrecision(3));
const seconds = (value: number | undefined): string => (value === undefined ? '' : formatSeconds(value));
const percent = (value: number | undefined): string => (value === undefined ? '' : `${Number((100 * value).toPrecision(2))} %`);
const sizes = (dims: Readonly<Record<string, number>>): string => Object.entries(dims).map(([name, n]) => `${name} ${n}`).join(', ');
const quartiles = (time: Spread | undefined): string => (time ? `${formatSeconds(time.low)} – ${formatSeconds(time.high)}` : '');
const range = ({ low, high }: Pick<Ratio, 'low' | 'high'>): string => `${low.toPrecision(3)} – ${high.toPrecision(3)}`;

/** '≥ 6', '≤ 1.2'. */
export const boundText = ({ bound, sense }: TargetRow): string => (bound === undefined ? '' : `${sense === 'at least' ? '≥' : '≤'} ${bound}`);
/** 'held', 'NOT HELD', or that there is no bound. */
export const heldText = ({ bound, held }: TargetRow): string => (bound === undefined ? 'beside' : held === undefined ? 'not measured' : held ? 'held' : 'NOT HELD');

export const targetTable = (rows: readonly TargetRow[]): Table => [
  ['work', 'shape', 'ours', 'against', 'of', 'ratio', 'quartiles', 'of least', 'target', '', 'our median', 'its median', 'check'],
  ...rows.map((row) => [
    row.work, row.shape, row.ours, row.against, row.quantity, row.value?.toPrecision(3) ?? '', row.spread ? range(row.spread) : '', row.spread?.ofLeast?.toPrecision(3) ?? '', boundText(row), heldText(row),
    seconds(row.ourTime?.median), seconds(row.otherTime?.median), row.check,
  ]),
];

export const kernelTable = (rows: readonly BenchRow[]): Table => [
  ['kernel', 'sizes', 'contender', 'correct', 'median', 'quartiles', 'least', 'rounds', 'clock', 'GFLOP/s', 'GB/s', 'of roofline', 'compile', 'first call'],
  ...rows.map((row) => [
    row.kernel, sizes(row.dims), row.contender, `${row.correct ? '' : 'WRONG: '}${row.check}`,
    row.time ? formatSeconds(row.time.median) : 'not timed', quartiles(row.time), seconds(row.time?.min), row.time ? String(row.time.rounds) : '',
    row.clock, giga(row.flopsPerSecond), giga(row.bytesPerSecond), percent(row.rooflineShare), seconds(row.compile), seconds(row.first),
  ]),
];

export const densityTable = (rows: readonly DensityRow[]): Table => [
  ['kernel', 'sizes', 'keys kept', 'share computed', 'time / dense time', 'quartiles', 'ratio / share'],
  ...rows.map(({ kernel, what, heads = 1, tokens, channels, share, ratio, low, high }) => [
    kernel, `H ${heads}, N ${tokens}, D ${channels}`, what, `${(100 * share).toFixed(1)} %`, ratio.toFixed(3), `${low.toFixed(3)} – ${high.toFixed(3)}`, (ratio / share).toFixed(2),
  ]),
];

export const skewTable = (rows: readonly SkewRow[]): Table => [
  ['kernel', 'sizes', 'rows', 'time / time of even rows', 'quartiles'],
  ...rows.map(({ kernel, dims, what, ratio, low, high }) => [kernel, sizes(dims), what, ratio.toFixed(3), `${low.toFixed(3)} – ${high.toFixed(3)}`]),
];

export const coldTable = (rows: readonly ColdRow[]): Table => [
  ['contender', 'up to', 'in all', 'quartiles', 'rounds', 'steps', 'browser'],
  ...rows.map(({ contender, what, total, times, steps, fresh }) => [
    contender, what, formatSeconds(total), quartiles(times), times ? String(times.rounds) : '1',
    steps.map((step) => `${step.label} ${formatSeconds(step.seconds)}`).join(', '), fresh ? 'fresh each time' : 'the one of this run',
  ]),
];

export const wholeRunTable = (rows: readonly WholeRunRow[]): Table => [
  ['lab', 'engine', 'median', 'quartiles', 'rounds', 'time / time of TypeScript', 'quartiles'],
  ...rows.map(({ lab, engine, time, overTypeScript }) => [
    lab, engine, formatSeconds(time.median), quartiles(time), String(time.rounds), overTypeScript?.ofMedians.toPrecision(3) ?? '', overTypeScript ? range(overTypeScript) : '',
  ]),
];
