/** What the page draws first is what a computation gives now: run `npm run presets` when it is not. */

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seed as svg } from '../../seeds/svg';
import { seed as svg2 } from '../../seeds/svg2';
import { runPreset } from '../../src/cli/presets';
import { paper as svgPaper } from '../../src/papers/svg/paper';
import { paper as svg2Paper } from '../../src/papers/svg2/paper';
import { decodeRun } from '../../src/run/store';

const fileOf = (lab: string, preset: string): URL => new URL(`../../public/presets/${lab}/${preset}.bin`, import.meta.url);

test.each([svg, svg2])('$id: every preset is stored', ({ id, presets }) => {
  expect(presets.filter((preset) => !existsSync(fileOf(id, preset.id))).map((preset) => preset.id)).toEqual([]);
});

test.each([[svg, svgPaper], [svg2, svg2Paper]])('%#: the stored default has the numbers of now', async ({ id, presets }, paper) => {
  const file = readFileSync(fileOf(id, 'default'));
  const stored = decodeRun(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
  const now = await runPreset(paper, presets[0], []);
  for (const name of ['density', 'recall', 'relativeError']) expect(stored.scalars[name], name).toBeCloseTo(now.scalars[name], 6);
  expect(stored.claims.every((claim) => claim.holds !== null)).toBe(true);
});
