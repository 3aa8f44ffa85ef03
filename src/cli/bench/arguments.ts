/** The benchmark's command line. */

import { kernels } from '../../../kernels/registry';

export const USAGE = `npm run bench [-- options]

Times every kernel in headless Chromium against its oracle, and ours against TensorFlow.js, ONNX Runtime Web
and jax-js on the same numbers: the table of targets.

  --only NAME    this kernel only; may be given several times, or as NAME,NAME
  --rounds N     turns of each contender, 3 to 99 (default 7); half as many for the variants of a kernel
  --proof        the table of targets only
  --no-rivals    without the libraries
  --dawn         in Node, through Dawn, without the libraries
  --json FILE    the whole report as JSON
  --write        the report as docs/benchmarks.md (docs/benchmarks-dawn.md with --dawn)
`;

export interface Arguments {
  readonly only: string[];
  readonly rounds: number;
  readonly proof: boolean;
  readonly rivals: boolean;
  readonly dawn: boolean;
  readonly write: boolean;
  readonly json?: string;
  readonly help: boolean;
}

/** An argument that cannot be used, with a sentence that names it. */
export class ArgumentError extends Error {}

export function parse(argv: readonly string[]): Arguments {
  const parsed = { only: [] as string[], rounds: 7, proof: false, rivals: true, dawn: false, write: false, help: false, json: undefined as string | undefined };
  for (let i = 0; i < argv.length; i++) {
    const flag = argv[i];
    const value = (): string => {
      const next = argv[++i];
      if (next === undefined || next.startsWith('--')) throw new ArgumentError(`${flag} needs a value.`);
      return next;
    };
    if (flag === '--only') parsed.only.push(...value().split(','));
    else if (flag === '--json') parsed.json = value();
    else if (flag === '--rounds') parsed.rounds = Number(value());
    else if (flag === '--proof') parsed.proof = true;
    else if (flag === '--no-rivals') parsed.rivals = false;
    else if (flag === '--dawn') parsed.dawn = true;
    else if (flag === '--write') parsed.write = true;
    else if (flag === '--help') parsed.help = true;
    else throw new ArgumentError(`${flag} is not an option of the benchmark; --help lists them.`);
  }
  const names = kernels.map(({ name }) => name);
  const unknown = parsed.only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ArgumentError(`--only is "${unknown}", but the kernels are ${names.join(', ')}.`);
  if (!Number.isInteger(parsed.rounds) || parsed.rounds < 3 || parsed.rounds > 99) throw new ArgumentError('--rounds must be a whole number from 3 to 99.');
  return parsed;
}
