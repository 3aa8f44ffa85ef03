/** Arguments of `npm run lab`, read by the lab's own schema. */

import type { EngineKind } from '../engine/engine';
import type { Paper } from '../papers/contract';
import type { Params } from '../run/run';
import { defaultsOf, parseStrict, type Field } from '../run/schema';

/** Arguments that cannot be used: a sentence that names the argument. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The role of a clip: it is no matrix that could be turned. */
const CLIP = 'video';

export interface LabArguments {
  readonly params: Params;
  /** FILE[#TENSOR] by role. */
  readonly files: Readonly<Record<string, string>>;
  readonly transpose: ReadonlySet<string>;
  readonly engine: EngineKind;
  readonly json: boolean;
}

export function parseLabArguments(paper: Paper, argv: readonly string[]): LabArguments | 'help' {
  const params: Record<string, number | string | boolean> = { ...defaultsOf(paper.schema) };
  const files: Record<string, string> = {};
  const transpose = new Set<string>();
  let engine: EngineKind = 'reference';
  let json = false;
  for (let i = 0; i < argv.length; i++) {
    const [flag, attached] = argv[i].split(/=(.*)/s, 2);
    if (flag === '--help' || flag === '-h') return 'help';
    if (!flag.startsWith('--')) throw new UsageError(`"${argv[i]}" is not an argument of ${paper.id}; arguments begin with --.`);
    const name = flag.slice(2);
    const field: Field | undefined = Object.hasOwn(paper.schema, name) ? paper.schema[name] : undefined;
    const value = (): string => {
      const text = attached ?? argv[++i];
      if (text === undefined || text === '' || (attached === undefined && text.startsWith('--'))) throw new UsageError(`${flag} needs a value.`);
      return text;
    };
    if (name === 'json') {
      if (attached !== undefined) throw new UsageError('--json takes no value.');
      json = true;
    }
    else if (name === 'engine') engine = engineNamed(value());
    else if (paper.fileInputs.includes(name)) files[name] = value();
    else if (name.startsWith('transpose-') && paper.fileInputs.includes(name.slice(10)) && name.slice(10) !== CLIP) transpose.add(name.slice(10));
    else if (!field) throw new UsageError(`${flag} is not known; see npm run lab -- ${paper.id} --help.`);
    else if (field.kind === 'flag') {
      const next = argv[i + 1];
      params[name] = parseStrict(name, field, attached ?? (next === undefined || next.startsWith('--') ? '' : argv[++i]));
    } else params[name] = parseStrict(name, field, value());
  }
  for (const role of transpose) if (!files[role]) throw new UsageError(`--transpose-${role} turns a file, but --${role} names none.`);
  return { params, files, transpose, engine, json };
}

function engineNamed(text: string): EngineKind {
  if (text === 'reference' || text === 'webgpu') return text;
  throw new UsageError(`--engine is "${text}", but it must be reference or webgpu.`);
}

const range = (field: Field): string => {
  if (field.kind === 'choice') return field.options.map((o) => o.value).join(' | ');
  return field.kind === 'flag' ? 'true | false' : `${field.min} to ${field.max}`;
};

/** Help of one lab, from its schema. */
export function helpOf(paper: Paper): string {
  const rows: [string, string][] = Object.entries(paper.schema).map(([name, field]) =>
    [`--${name}`, `${field.label}${field.symbol ? ` ${field.symbol}` : ''}: ${field.help} ${range(field)}; default ${field.default}`]);
  for (const role of paper.fileInputs) {
    if (role === CLIP) {
      rows.push([`--${role} FILE`, 'a clip in place of the lab\'s own: a .npy of shape [frames, side, side, 3], values from 0 to 1 or from 0 to 255']);
      continue;
    }
    rows.push([`--${role} FILE[#TENSOR]`, `a matrix of a .npy, .safetensors or .gguf file in place of the toy's ${role}`]);
    rows.push([`--transpose-${role}`, 'turn that matrix']);
  }
  rows.push(['--engine reference|webgpu', 'float64 on the CPU (default), or a GPU through Dawn'], ['--json', 'metrics, claims and provenance as one JSON object; holds is null for a claim that this run does not test']);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [`npm run lab -- ${paper.id} [arguments]`, '', ...rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`)].join('\n');
}
