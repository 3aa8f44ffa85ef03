/** `npm run lab -- report`: exit codes, the JSON lines, the table, the files it writes; and the report's text formats. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { report } from '../../src/cli/report';
import { parseReportArguments } from '../../src/cli/report-arguments';
import { pathSource } from '../../src/inputs/node';
import { openModel } from '../../src/inputs/open-model';
import { writeSafetensors } from '../../src/inputs/safetensors';
import { DEFAULT_OPTIONS } from '../../src/report/options';
import { reportCsv, reportMarkdown } from '../../src/report/format';
import { compareQuantized, readQuantized } from '../../src/report/quantized';
import { control, f32, heavy, measured, modelOf } from './report-fixtures';
import { written } from './written';

const text = written();

const folder = mkdtempSync(join(tmpdir(), 'report-'));
const file = join(folder, 'model.safetensors');
const tensors = [f32('h.0.up.weight', [12, 40], heavy(12, 40, 1)), f32('h.1.up.weight', [12, 40], heavy(12, 40, 2)), f32('h.0.bias', [12], heavy(1, 12, 3)), f32('zero', [2, 2], new Float32Array(4))];
writeFileSync(file, writeSafetensors(tensors));

test('--help names every argument', async () => {
  expect(await report(['--help'])).toBe(0);
  for (const name of ['--file', '--bits', '--methods', '--group', '--rank', '--outliers', '--sensitivity', '--budget', '--tensor', '--engine', '--export', '--output', '--json']) expect(text.out).toContain(name);
});

test.each([
  [[], '--file'],
  [['--file'], '--file'],
  [['--file', '/no/such.safetensors'], '/no/such.safetensors'],
  [['--file', file, '--bits', '9'], '--bits'],
  [['--file', file, '--bits', 'x'], '--bits'],
  [['--file', file, '--bits', '4', '--bits', '3'], '--bits'],
  [['--file', file, '--methods', 'rtn,magic'], 'magic'],
  [['--file', file, '--group', '0'], '--group'],
  [['--file', file, '--outliers', '101'], '--outliers'],
  [['--file', file, '--sensitive', '1'], '--sensitive'],
  [['--file', file, '--sensitivity', '/no/fisher.safetensors'], '/no/fisher.safetensors'],
  [['--file', file, '--tensor', 'none'], '--tensor'],
  [['--file', file, '--budget', '0'], '--budget'],
  [['--file', file, '--engine', 'gpu'], '--engine'],
  [['--file', file, '--json=1'], '--json'],
  [['--file', file, '--output', 'a.txt'], '--output'],
  [['--file', file, '--export', 'a.safetensors'], '--export'],
  [['--file', file, '--export', 'a.safetensors', '--method', 'nf4', '--methods', 'rtn'], '--method'],
  [['--file', file, '--method', 'nf4'], '--method'],
  [['--file', file, '--toString', '1'], '--toString'],
  [['stray'], 'stray'],
])('%j is refused with a sentence', async (argv, named) => {
  expect(await report(argv)).toBe(2);
  expect(text.err.trim().split('\n').at(-1)).toContain(named);
  expect(text.out).toBe('');
});

test('--json: one line per tensor, in the file’s order, and nothing else on stdout', async () => {
  expect(await report(['--file', file, '--json', '--methods', 'rtn,kmeans', '--bits', '3', '--group', '16'])).toBe(0);
  const lines = text.out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  const model = await openModel([await pathSource(file)]);
  expect(lines.map((l) => l.tensor)).toEqual(model.tensors.map((t) => t.name));
  const measure = (id: string) => ({ id, relativeError: expect.any(Number), sqnrDb: expect.any(Number), bitsPerWeight: expect.any(Number), bits: 3, bulkError: expect.any(Number) });
  expect(lines.find((l) => l.tensor === 'h.0.up.weight')).toMatchObject({ shape: [12, 40], dtype: 'F32', methods: [measure('rtn'), measure('kmeans')] });
  expect(lines.find((l) => l.tensor === 'h.0.bias')).toMatchObject({ shape: [12], dtype: 'F32', skipped: expect.stringMatching(/^h\.0\.bias .*\.$/) });
  expect(lines.find((l) => l.tensor === 'zero')).toMatchObject({ methods: [{ relativeError: 0, sqnrDb: null }, { relativeError: 0, sqnrDb: null }] });
  expect(text.err).toContain('The whole model');
});

test('the table has the worst first; --output and --export write their files', async () => {
  const quantized = join(folder, 'quantized.safetensors');
  const paths = ['csv', 'json', 'md'].map((ending) => join(folder, `report.${ending}`));
  expect(await report(['--file', file, '--budget', '4.9', '--export', quantized, '--output', paths[0]])).toBe(0);
  expect(text.out).toMatch(/^Tensor +Shape/);
  expect(text.out).toContain('At 4.9 bits per weight');
  for (const path of paths.slice(1)) expect(await report(['--file', file, '--methods', 'rtn', '--output', path])).toBe(0);
  expect(readFileSync(paths[0], 'utf8')).toContain('# file: model.safetensors');
  expect((JSON.parse(readFileSync(paths[1], 'utf8')) as { tensors: unknown[] }).tensors).toHaveLength(3);
  expect(readFileSync(paths[2], 'utf8')).toContain('| Whole model |');
  expect(readdirSync(folder).filter((name) => name.includes('section'))).toEqual([]);
  const [original, read] = await Promise.all([file, quantized].map(async (path) => openModel([await pathSource(path)])));
  const back = await readQuantized(read);
  expect(back.kept).toContain('h.0.bias');
  for (const { name, relativeError } of back.tensors) expect(await compareQuantized(original, back, name, control())).toBeCloseTo(relativeError, 12);
});

test('an export that fails leaves nothing behind', async () => {
  const clash = join(folder, 'clash.safetensors');
  const target = join(folder, 'never.safetensors');
  writeFileSync(clash, writeSafetensors([f32('w', [2, 2], [1, 2, 3, 4]), f32('w.codes', [3], [1, 2, 3])]));
  expect(await report(['--file', clash, '--methods', 'rtn', '--export', target, '--method', 'rtn'])).toBe(2);
  expect(text.err).toContain('"w.codes"');
  expect(existsSync(target)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.includes('never'))).toEqual([]);
});

test('a sensitivity brings its own shares', () => {
  const given = parseReportArguments(['--file', 'f', '--sensitivity', 'magnitude']);
  expect(given).toMatchObject({ options: { sensitivity: 'magnitude', sensitivePercent: 0.05, outlierPercent: 0.4 } });
  expect(parseReportArguments(['--file', 'f'])).toMatchObject({ options: DEFAULT_OPTIONS, engine: 'reference', json: false });
  expect(parseReportArguments(['--file=f', '--sensitivity', 'fisher.safetensors', '--outliers=1', '--widths', '2,8'])).toMatchObject({ sensitivities: 'fisher.safetensors', options: { sensitivity: 'file', outlierPercent: 1, otherBits: [2, 8] } });
});

test('names of tensors can do no harm in a spreadsheet or a document', async () => {
  const { reports, skipped } = await measured(await modelOf([f32('=1+1,"x"', [2, 4], heavy(2, 4, 1)), f32('a|b*c', [2, 4], heavy(2, 4, 2)), f32('@sum', [3], [1, 2, 3])]), { methods: ['rtn'] });
  const origin = { file: 'm\nx.safetensors', options: DEFAULT_OPTIONS, engine: 'reference', version: 'Paperkernels', date: '2026-01-01T00:00:00Z' };
  const csv = reportCsv(reports, skipped, origin).trimEnd().split('\r\n').filter((line) => !line.startsWith('#'));
  expect(csv.map((line) => line.slice(0, 13))).toEqual(['tensor,shape,', `"'=1+1,""x""",`, 'a|b*c,2x4,F32', "'@sum,3,F32,1"].map((line) => line.slice(0, 13)));
  for (const line of csv) expect(line.replaceAll(/"(?:[^"]|"")*"/g, '').split(',')).toHaveLength(csv[0].split(',').length);
  expect(reportMarkdown(reports, skipped, origin)).toContain(String.raw`| a\|b\*c |`);
});
