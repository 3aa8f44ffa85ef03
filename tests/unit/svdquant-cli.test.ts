/** `npm run lab`: exit codes, sentences that name the argument, and the JSON contract. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/lab';
import { writeNpy } from '../../src/inputs/npy';
import { paper } from '../../src/papers/svdquant/paper';
import { written } from './written';

const text = written();

const TINY = ['--tokens', '16', '--in', '32', '--out', '24', '--outliers', '2', '--rank', '4'];

test('alone it lists the labs; --help shows every parameter', async () => {
  expect(await main([])).toBe(0);
  expect(text.out).toContain('svdquant');
  text.out = '';
  expect(await main(['svdquant', '--help'])).toBe(0);
  for (const name of Object.keys(paper.schema)) expect(text.out).toContain(`--${name} `);
});

test.each([
  [['nope'], 'nope'],
  [['svdquant', '--rnk', '3'], '--rnk'],
  [['svdquant', '--rank', 'abc'], '--rank'],
  [['svdquant', '--rank', '513'], '--rank'],
  [['svdquant', '--rank'], '--rank'],
  [['svdquant', '--rank', '--json'], '--rank'],
  [['svdquant', '--format', 'int5'], '--format'],
  [['svdquant', '--gelu', 'perhaps'], '--gelu'],
  [['svdquant', '--engine', 'gpu'], '--engine'],
  [['svdquant', '--json=yes'], '--json'],
  [['svdquant', 'stray'], 'stray'],
  [['svdquant', '--weights', '/no/such/file.npy'], '--weights'],
  [['svdquant', '--transpose-activations'], '--transpose-activations'],
  [['svdquant', '--toString', '1'], '--toString'],
])('%j is refused with a sentence', async (argv, named) => {
  expect(await main(argv)).toBe(2);
  expect(text.err).toContain(named);
  expect(text.err.trim().split('\n')).toHaveLength(1);
  expect(text.out).toBe('');
});

test('--json prints one object with metrics, claims and provenance; progress goes to stderr', async () => {
  expect(await main(['svdquant', ...TINY, '--gelu', '--json'])).toBe(0);
  const result = JSON.parse(text.out) as Record<string, never> & { params: object; metrics: { methods: object[] }; claims: object[] };
  expect(Object.keys(result)).toEqual(['lab', 'params', 'engine', 'device', 'metrics', 'claims', 'provenance']);
  expect(result.params).toMatchObject({ tokens: 16, gelu: true, rank: 4 });
  expect(result.metrics.methods).toHaveLength(10);
  expect(result.metrics.methods[0]).toEqual({ id: 'rtn', relativeError: expect.any(Number), sqnrDb: expect.any(Number), bitsPerWeight: expect.any(Number) });
  expect(result.claims[0]).toEqual({ id: expect.any(String), holds: expect.any(Boolean), statement: expect.any(String), numbers: expect.any(Object) });
  expect(text.err).toContain('SVDQuant');
});

test('--json tells claims that the run did not test from those it did, in plain words', async () => {
  expect(await main(['svdquant', ...TINY, '--json'])).toBe(0);
  const { claims } = JSON.parse(text.out) as { claims: { id: string; holds: unknown; statement: string }[] };
  expect(claims.length).toBeGreaterThan(8);
  for (const { id, holds, statement } of claims) {
    expect(typeof holds, id).toBe(id === 'search-not-worse' ? 'object' : 'boolean');
    expect(statement).not.toMatch(/[*^_]/);
  }
  expect(claims.find(({ id }) => id === 'search-not-worse')?.holds).toBeNull();
  expect(claims.find(({ id }) => id === 'smoothing-identity')?.statement).toContain('X\u0302\u0174 = XW');
});

test('files, turned on request; matrices that do not fit exit 2', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'));
  const file = (name: string, rows: number, cols: number): string => {
    writeFileSync(join(folder, name), writeNpy('<f4', [rows, cols], Float32Array.from({ length: rows * cols }, (_, i) => Math.sin(i * 1.3))));
    return join(folder, name);
  };
  const [w, x] = [file('w.npy', 16, 12), file('x.npy', 20, 16)];
  expect(await main(['svdquant', '--weights', w, '--activations', x, '--rank', '2'])).toBe(2);
  expect(text.err).toContain('12 inputs per row');
  expect(await main(['svdquant', '--weights', w, '--transpose-weights', '--activations', x, '--rank', '2', '--json'])).toBe(0);
  expect(JSON.parse(text.out)).toMatchObject({ provenance: { inputs: { weights: expect.stringContaining('transposed') }, link: '#/svdquant?v=1&rank=2&weights=w.npy&transpose-weights=1&activations=x.npy' } });
});
