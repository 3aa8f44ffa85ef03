/** `npm run lab -- squeezellm`: the JSON contract, files in each role, and refusals. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/lab';
import { writeNpy } from '../../src/inputs/npy';
import { paper } from '../../src/papers/squeezellm/paper';
import { written } from './written';

const text = written();

interface Result {
  params: Record<string, unknown>;
  engine: string;
  metrics: { methods: Record<string, number | string>[]; scalars: Record<string, number> };
  claims: { id: string; holds: boolean | null }[];
  provenance: { seed: number | null; inputs: Record<string, string>; link: string };
}

const IDS = ['rtn', 'rtn-group', 'nf4', 'gptq', 'awq', 'kmeans', 'dense-only', 'dense-and-sparse'];
const TINY = ['--source', 'self-labelled', '--calibration', '60', '--evaluation', '60'];

async function run(...argv: string[]): Promise<Result> {
  text.out = '';
  expect(await main(['squeezellm', ...argv, '--json']), text.err).toBe(0);
  return JSON.parse(text.out) as Result;
}

const folder = mkdtempSync(join(tmpdir(), 'squeezellm-'));
function file(name: string, rows: number, cols: number, value: (i: number) => number = (i) => Math.sin(1 + i * 1.3)): string {
  writeFileSync(join(folder, name), writeNpy('<f4', [rows, cols], Float32Array.from({ length: rows * cols }, (_, i) => value(i))));
  return join(folder, name);
}

test('--help shows every parameter and the three file roles', async () => {
  expect(await main(['squeezellm', '--help'])).toBe(0);
  for (const name of Object.keys(paper.schema)) expect(text.out).toContain(`--${name} `);
  for (const role of ['weights', 'activations', 'sensitivity']) expect(text.out).toContain(`--${role} FILE[#TENSOR]`);
});

test.each(['reference', 'webgpu'])('--json on the %s engine: every method, with its loss', async (engine) => {
  const result = await run(...TINY, '--engine', engine);
  expect(result.engine).toBe(engine);
  expect(result.metrics.methods.map(({ id }) => id)).toEqual(IDS);
  for (const m of result.metrics.methods) {
    for (const name of ['relativeError', 'sqnrDb', 'bitsPerWeight', 'weightedError', 'loss', 'accuracy']) expect(m[name], `${m.id} ${name}`).toEqual(expect.any(Number));
  }
  expect(result.metrics.methods.find(({ id }) => id === 'dense-only')?.bitsPerWeight).toBeCloseTo(3 + (16 * 8) / 48, 12);
  for (const { id, holds } of result.claims) expect(typeof holds, id).toBe('boolean');
});

test('both engines tell the same', async () => {
  const [a, b] = [await run(...TINY), await run(...TINY, '--engine', 'webgpu')];
  a.metrics.methods.forEach((m, i) => {
    const other = b.metrics.methods[i];
    // GPTQ and AWQ choose among near ties; the others differ by float32 sums only.
    const digits = m.id === 'gptq' || m.id === 'awq' ? 1 : 4;
    expect(other.loss, String(m.id)).toBeCloseTo(Number(m.loss), digits);
    expect(other.weightedError, String(m.id)).toBeCloseTo(Number(m.weightedError), digits);
  });
});

test('weights from a file have no loss; without activations GPTQ and AWQ are left out; all numbers are finite', async () => {
  const result = await run('--weights', file('w.npy', 12, 40));
  expect(result.metrics.methods.map(({ id }) => id)).toEqual(IDS.filter((id) => id !== 'gptq' && id !== 'awq'));
  for (const m of result.metrics.methods) {
    expect(m).not.toHaveProperty('loss');
    expect(m.weightedError).toBeGreaterThan(0);
  }
  expect(result.claims.find(({ id }) => id === 'loss-order')?.holds).toBeNull();
  expect(result.provenance).toMatchObject({ seed: null, inputs: { weights: 'w.npy' }, link: '#/squeezellm?v=1&weights=w.npy' });
  expect(await main(['squeezellm', '--weights', join(folder, 'w.npy')])).toBe(0);
  expect(text.out).toContain('no Fisher diagonal');
  expect(text.out).toContain('GPTQ and AWQ');
});

test('a file of sensitivities decides the weighted error; activations bring GPTQ and AWQ', async () => {
  const w = file('w.npy', 12, 40);
  const [ones, zero] = [file('ones.npy', 12, 40, () => 1), file('f.npy', 12, 40, (i) => (i % 40 === 7 ? 5 : 0.1))];
  const plain = await run('--weights', w, '--importance', 'uniform');
  const same = await run('--weights', w, '--sensitivity', ones);
  expect(same.metrics.methods).toEqual(plain.metrics.methods);
  const other = await run('--weights', w, '--sensitivity', zero, '--activations', file('x.npy', 50, 40));
  expect(other.metrics.methods.map(({ id }) => id)).toEqual(IDS);
  const error = (id: string): number => Number(other.metrics.methods.find((m) => m.id === id)?.weightedError);
  expect(error('dense-only')).toBeLessThan(error('kmeans'));
});

test.each([
  [['--sensitivity', file('turned.npy', 40, 12)], 'turned.npy is 40 × 12, but the weights are 12 × 40'],
  [['--sensitivity', file('minus.npy', 12, 40, () => -1)], 'negative'],
  [['--activations', file('narrow.npy', 9, 39)], '39 channels'],
])('%j does not fit and exits 2', async (argv, says) => {
  expect(await main(['squeezellm', '--weights', file('w.npy', 12, 40), ...argv, '--json'])).toBe(2);
  expect(text.err).toContain(says);
  expect(text.out).toBe('');
});

test('the table shows loss and weighted error', async () => {
  expect(await main(['squeezellm', ...TINY])).toBe(0);
  expect(text.out.split('\n')[0]).toMatch(/Method +Relative error +SQNR +Weighted error +Loss +Accuracy +Per weight/);
});
