/** `npm run lab -- svg --video FILE`: a clip in place of the lab's own, and what is said where it is none. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/lab';
import { writeNpy } from '../../src/inputs/npy';
import { drawnClip } from '../../src/inputs/video/drawn';
import { written } from './written';

const text = written();

const folder = mkdtempSync(join(tmpdir(), 'video-'));
function file(name: string, shape: readonly number[], scale = 255): string {
  const { pixels } = drawnClip({ kind: 'crossing', frames: 6, side: 16, speed: 0.5, cut: 0, seed: 1 });
  writeFileSync(join(folder, name), scale === 255 ? writeNpy('|u1', shape, pixels.map((v) => Math.round(255 * v))) : writeNpy('<f4', shape, pixels));
  return join(folder, name);
}

interface Result {
  readonly metrics: { readonly methods: readonly { readonly id: string; readonly relativeError: number }[] };
  readonly provenance: { readonly inputs: Record<string, string>; readonly link: string };
}
const TINY = ['--frames', '4', '--grid', '4', '--dim', '16'];
async function run(...argv: string[]): Promise<Result> {
  text.out = '';
  expect(await main(['svg', ...TINY, ...argv, '--json']), text.err).toBe(0);
  return JSON.parse(text.out) as Result;
}
const errors = ({ metrics }: Result): number[] => metrics.methods.map((m) => m.relativeError);

test('a clip of bytes and the same of floats give nearly the same errors, which are not those of the toy; the link names the file', async () => {
  const toy = await run();
  const bytes = await run('--video', file('clip.npy', [6, 16, 16, 3]));
  expect(bytes.provenance.inputs.video).toMatch(/clip\.npy.*6 frames of 16 × 16, values from 0 to 255/);
  expect(bytes.provenance.link).toMatch(/video=clip\.npy/);
  expect(errors(bytes)).not.toEqual(errors(toy));
  const floats = await run('--video', file('float.npy', [6, 16, 16, 3], 1));
  for (const [i, error] of errors(floats).entries()) expect(Math.abs(error - errors(bytes)[i])).toBeLessThan(0.05);
});

test('what is no clip is refused with a sentence, and --help says what one is', async () => {
  expect(await main(['svg', ...TINY, '--video', file('first.npy', [6, 3, 16, 16])])).toBe(2);
  expect(text.err).toMatch(/has the shape \[6, 3, 16, 16\].*\[frames, side, side, 3\]/);
  expect(await main(['svg', '--video', join(folder, 'absent.npy')])).toBe(2);
  expect(await main(['svg', '--video', 'x.npy', '--transpose-video'])).toBe(2);
  expect(text.err).toMatch(/--transpose-video is not known/);
  expect(await main(['svg', '--help'])).toBe(0);
  expect(text.out).toMatch(/--video FILE .*\[frames, side, side, 3\]/);
  expect(text.out).not.toMatch(/transpose-video/);
});
