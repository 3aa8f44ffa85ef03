/** `npm run lab -- svg`: the JSON contract, a video as input, and refusals. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/lab';
import { writeNpy } from '../../src/inputs/npy';
import { METHOD_ORDER } from '../../src/papers/svg/names';
import { paper } from '../../src/papers/svg/paper';
import { written } from './written';

const text = written();

const TINY = ['--frames', '4', '--grid', '4', '--dim', '16', '--tile', '16'];

const folder = mkdtempSync(join(tmpdir(), 'svg-'));
function file(name: string, shape: readonly number[]): string {
  const size = shape.reduce((a, b) => a * b, 1);
  writeFileSync(join(folder, name), writeNpy('<f4', shape, Float32Array.from({ length: size }, (_, i) => 0.5 + 0.4 * Math.sin(1 + i * 1.3))));
  return join(folder, name);
}

test('--help shows every parameter and the role of a video', async () => {
  expect(await main(['svg', '--help'])).toBe(0);
  for (const name of Object.keys(paper.schema)) expect(text.out).toContain(`--${name} `);
  expect(text.out).toMatch(/--video FILE/);
});

test('--json: every method with its recall and density, claims tested or not, a link', async () => {
  expect(await main(['svg', ...TINY, '--kept', '0.4', '--json']), text.err).toBe(0);
  const result = JSON.parse(text.out) as { metrics: { methods: Record<string, unknown>[]; scalars: Record<string, number> }; claims: { id: string; holds: boolean | null }[]; provenance: { link: string } };
  expect(result.metrics.methods.map(({ id }) => id)).toEqual(METHOD_ORDER);
  for (const m of result.metrics.methods) for (const name of ['relativeError', 'recall', 'density']) expect(m[name], `${String(m.id)} ${name}`).toEqual(expect.any(Number));
  expect(result.claims.find(({ id }) => id === 'layout-identity')?.holds).toBe(true);
  expect(result.claims.find(({ id }) => id === 'error-falls')?.holds).toBeNull();
  expect(result.provenance.link).toBe('#/svg?v=1&kept=0.4&tile=16&frames=4&grid=4&dim=16');
});

test('the table has density, recall and PSNR, and the words of a video of one’s own', async () => {
  expect(await main(['svg', ...TINY, '--video', file('clip.npy', [5, 8, 8, 3])]), text.err).toBe(0);
  expect(text.out.split('\n')[0]).toMatch(/Method +Relative error +SQNR +Density +Recall +PSNR/);
  expect(text.out).toContain('not a trained model');
  expect(text.out).toContain('clip.npy');
});

test.each([
  [['--video', file('flat.npy', [4, 50])], 'square'],
  [['--kept', '1.5'], 'from 0.02 to 1'],
  [['--sink', 'frames'], 'places, frame, none'],
])('%j is refused and exits 2', async (argv, says) => {
  expect(await main(['svg', ...TINY, ...argv, '--json'])).toBe(2);
  expect(text.err).toContain(says);
  expect(text.out).toBe('');
});
