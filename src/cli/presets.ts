/** `npm run presets`: computes the stored runs that the page draws first, `public/presets/<lab>/<preset>.bin`. Same input, same bytes. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PaperSeed, Preset } from '../../seeds/paper';
import { ReferenceEngine } from '../engine/reference';
import type { Paper, Phase } from '../papers/contract';
import { Memo } from '../run/memo';
import { mergeRun, type Run } from '../run/run';
import { clamp, defaultsOf } from '../run/schema';
import { encodeRun } from '../run/store';
import { labs } from './labs';

/** All but times, which belong to a machine. */
const PHASES: readonly Phase[] = ['methods', 'refine', 'sweeps', 'landscape'];

const seedModules = import.meta.glob<Record<string, unknown>>(['../../seeds/*.ts', '!../../seeds/paper.ts'], { eager: true });

const isSeed = (value: unknown): value is PaperSeed => typeof value === 'object' && value !== null && 'presets' in value && 'id' in value;

export const presetsOf = (lab: string): readonly Preset[] =>
  Object.values(seedModules).flatMap((module) => Object.values(module).filter(isSeed)).find((seed) => seed.id === lab)?.presets ?? [];

/** One preset on the reference engine. */
export async function runPreset(paper: Paper, preset: Preset, phases: readonly Phase[] = PHASES): Promise<Run> {
  const engine = new ReferenceEngine();
  const params = { ...defaultsOf(paper.schema) } as Record<string, number | string | boolean>;
  for (const [name, value] of Object.entries(preset.params)) params[name] = clamp(paper.schema[name], value);
  let run: Partial<Run> = {};
  const experiment = paper.experiment({
    engine, params, memo: new Memo(), files: {}, want: new Set(phases), signal: new AbortController().signal, pause: () => Promise.resolve(),
  });
  for await (const patch of experiment) run = mergeRun(run, patch);
  return { ...run, stageTimes: {} } as Run; // the first patch of every experiment holds all parts
}

/** @param argv folder to write to, instead of public/presets */
export async function main(argv: readonly string[]): Promise<number> {
  const folder = argv[0] ?? join(import.meta.dirname, '../../public/presets');
  for (const [id, paper] of labs) {
    await mkdir(join(folder, id), { recursive: true });
    for (const preset of presetsOf(id)) {
      const bytes = encodeRun(await runPreset(paper, preset));
      await writeFile(join(folder, id, `${preset.id}.bin`), new Uint8Array(bytes));
      process.stderr.write(`${id}/${preset.id}: ${Math.round(bytes.byteLength / 1024)} KiB\n`);
    }
  }
  return 0;
}
