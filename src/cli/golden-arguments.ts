import type { EngineKind } from '../engine/engine';

export const USAGE = `npm run golden -- FOLDER [--only PREFIX]... [--engine reference|webgpu] [--write DIR]

  FOLDER          holds one folder per case, each with a case.json, in_*.npy and out_*.npy
  --only PREFIX   only algorithms whose name starts with PREFIX; several, or comma-separated
  --engine NAME   reference (float64 sums, the default) or webgpu (float32, ten times the bounds on real numbers)
  --write DIR     also store what was computed, as DIR/<case>/out_*.npy and scalars.json`;

export interface GoldenArguments {
  readonly folder: string;
  readonly only: readonly string[];
  readonly engine: EngineKind;
  readonly write?: string;
}

/** Arguments that cannot be used, with a sentence naming which and why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function parseArguments(argv: readonly string[]): GoldenArguments | 'help' {
  let [folder, write]: (string | undefined)[] = [];
  let engine: EngineKind = 'reference';
  const only: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--help' || argv[i] === '-h') return 'help';
    if (!argv[i].startsWith('--')) {
      if (folder !== undefined) throw new UsageError(`"${argv[i]}" is a second folder; give one (the first is ${folder}).`);
      folder = argv[i];
      continue;
    }
    const [flag, attached] = argv[i].split(/=(.*)/s, 2);
    if (!['--only', '--engine', '--write'].includes(flag)) throw new UsageError(`${flag} is not known here. ${USAGE}`);
    const value = attached ?? argv[++i];
    if (value === undefined || value === '') throw new UsageError(`${flag} needs a value.`);
    if (flag === '--only') only.push(...value.split(',').filter((prefix) => prefix !== ''));
    else if (flag === '--write') write = value;
    else if (value === 'reference' || value === 'webgpu') engine = value;
    else throw new UsageError(`--engine is "${value}", but it must be reference or webgpu.`);
  }
  if (folder === undefined) throw new UsageError(`No folder was given. ${USAGE}`);
  return { folder, only, engine, write };
}
