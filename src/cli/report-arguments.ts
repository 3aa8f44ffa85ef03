/** Arguments of `npm run lab -- report`. */

import type { EngineKind } from '../engine/engine';
import { REPORT_METHODS, type ReportMethodId, type ReportOptions } from '../report/contract';
import { DEFAULT_OPTIONS, isReportMethod, SENSITIVE_SHARES } from '../report/options';
import { UsageError } from './lab-arguments';

export interface ReportArguments {
  readonly files: readonly string[];
  readonly options: ReportOptions;
  /** File of sensitivities, where `options.sensitivity` is 'file'. */
  readonly sensitivities?: string;
  /** Average bits per weight of the suggested mix, and of the best method of a row. */
  readonly budget?: number;
  readonly objective: 'total' | 'relative';
  /** Only these tensors; all where empty. */
  readonly tensors: readonly string[];
  readonly engine: EngineKind;
  readonly json: boolean;
  /** Writes the report too: .csv, .json or .md. */
  readonly output?: string;
  /** Writes the quantized model, with one method for all tensors or with the mix of the budget. */
  readonly exported?: { readonly file: string; readonly method?: ReportMethodId };
}

const ROWS: readonly (readonly [string, string])[] = [
  ['--file FILE', 'a .safetensors, .gguf or .npy file, or the index or the folder of a sharded model; again for each shard'],
  ['--bits N', `bits of the codes, 2 to 8, where the method lets one choose; default ${DEFAULT_OPTIONS.bits}`],
  ['--widths N,N', 'further widths, for the mix of the budget'],
  ['--methods ID,ID', `of ${REPORT_METHODS.join(', ')}; default all`],
  ['--group N', `weights per scale; default ${DEFAULT_OPTIONS.group}`],
  ['--rank N', `of SVDQuant's 16-bit branch; default ${DEFAULT_OPTIONS.rank}`],
  ['--outliers P', `percent of the weights kept sparse by size; default ${DEFAULT_OPTIONS.outlierPercent}, or ${SENSITIVE_SHARES.outlierPercent} with a sensitivity`],
  ['--sensitive P', `percent kept sparse by sensitivity; default ${SENSITIVE_SHARES.sensitivePercent} where there is one`],
  ['--sensitivity S', 'of dense-and-sparse: uniform (default), magnitude (w²), or a FILE with tensors of the same names'],
  ['--rows N', 'measure so many rows of each tensor, evenly spread; default all'],
  ['--tensor NAME', 'only this tensor; again for more'],
  ['--budget B', 'average bits per weight: suggests a method and a width for each tensor'],
  ['--objective O', 'of the budget: total (squared error of the model, default) or relative (of each tensor)'],
  ['--export FILE', 'write the quantized model as .safetensors, with the mix of --budget or with --method for all'],
  ['--method ID', 'of --export, instead of a budget'],
  ['--output FILE', 'write the report as .csv, .json or .md'],
  ['--engine reference|webgpu', 'who multiplies for the low-rank factors: float64 on the CPU (default), or a GPU through Dawn'],
  ['--json', 'one JSON object per tensor and line as it is done; everything else goes to stderr'],
];

export function reportHelp(): string {
  const width = Math.max(...ROWS.map(([name]) => name.length)) + 2;
  return ['npm run lab -- report --file FILE [arguments]', '', 'Every matrix of a model file against every method.', '', ...ROWS.map(([name, text]) => `  ${name.padEnd(width)}${text}`)].join('\n');
}

/** @throws UsageError naming the argument */
export function parseReportArguments(argv: readonly string[]): ReportArguments | 'help' {
  const given = new Map<string, string[]>();
  const known = new Set(ROWS.map(([name]) => name.split(' ')[0].slice(2)));
  for (let i = 0; i < argv.length; i++) {
    const [flag, attached] = argv[i].split(/=(.*)/s, 2);
    if (flag === '--help' || flag === '-h') return 'help';
    if (!flag.startsWith('--')) throw new UsageError(`"${argv[i]}" is not an argument of report; arguments begin with --.`);
    const name = flag.slice(2);
    if (!known.has(name)) throw new UsageError(`${flag} is not known; see npm run lab -- report --help.`);
    if (name === 'json') {
      if (attached !== undefined) throw new UsageError('--json takes no value.');
      given.set(name, ['']);
      continue;
    }
    const text = attached ?? argv[++i];
    if (text === undefined || text === '' || (attached === undefined && text.startsWith('--'))) throw new UsageError(`${flag} needs a value.`);
    if (given.has(name) && name !== 'file' && name !== 'tensor') throw new UsageError(`${flag} is given twice.`);
    given.set(name, [...given.get(name) ?? [], text]);
  }
  return readArguments(new Values(given));
}

class Values {
  constructor(private readonly given: ReadonlyMap<string, readonly string[]>) {}

  all = (name: string): readonly string[] => this.given.get(name) ?? [];
  text = (name: string): string | undefined => this.all(name)[0];

  number(name: string, min: number, max: number, whole: boolean): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : numberOf(name, text, min, max, whole);
  }

  one<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((c) => c === text);
    if (found === undefined) throw new UsageError(`--${name} is "${text}", but it must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`);
    return found;
  }
}

function numberOf(name: string, text: string, min: number, max: number, whole: boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value)) || value < min || value > max) {
    throw new UsageError(`--${name} is "${text}", but it must be ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}.`);
  }
  return value;
}

function readArguments(v: Values): ReportArguments {
  const files = v.all('file');
  if (files.length === 0) throw new UsageError('--file is missing: name the model file.');
  const sensitivityText = v.text('sensitivity') ?? 'uniform';
  const sensitivity = sensitivityText === 'uniform' || sensitivityText === 'magnitude' ? sensitivityText : 'file';
  const shares = sensitivity === 'uniform' ? DEFAULT_OPTIONS : SENSITIVE_SHARES;
  const sensitivePercent = v.number('sensitive', 0, 100, false);
  if (sensitivity === 'uniform' && sensitivePercent !== undefined) throw new UsageError('--sensitive needs a sensitivity: --sensitivity magnitude, or a file.');
  const methods = methodsOf(v.text('methods'));
  const budget = v.number('budget', 1, 64, false);
  return {
    files,
    options: {
      bits: v.number('bits', 2, 8, true) ?? DEFAULT_OPTIONS.bits,
      otherBits: (v.text('widths')?.split(',') ?? []).map((text) => numberOf('widths', text, 2, 8, true)),
      methods,
      group: v.number('group', 1, 2 ** 20, true) ?? DEFAULT_OPTIONS.group,
      rank: v.number('rank', 0, 1024, true) ?? DEFAULT_OPTIONS.rank,
      outlierPercent: v.number('outliers', 0, 100, false) ?? shares.outlierPercent,
      sensitivePercent: sensitivePercent ?? shares.sensitivePercent,
      sensitivity,
      maxRows: v.number('rows', 1, 2 ** 31, true) ?? 0,
    },
    ...(sensitivity === 'file' ? { sensitivities: sensitivityText } : {}),
    budget,
    objective: v.one('objective', ['total', 'relative']) ?? 'total',
    tensors: v.all('tensor'),
    engine: v.one('engine', ['reference', 'webgpu']) ?? 'reference',
    json: v.text('json') !== undefined,
    output: outputOf(v.text('output')),
    exported: exportOf(v, methods, budget),
  };
}

function methodsOf(text: string | undefined): readonly ReportMethodId[] {
  if (text === undefined) return DEFAULT_OPTIONS.methods;
  const ids = text.split(',').map((id) => id.trim());
  for (const id of ids) if (!isReportMethod(id)) throw new UsageError(`--methods names "${id}", but there is ${REPORT_METHODS.join(', ')}.`);
  return [...new Set(ids.filter(isReportMethod))];
}

function outputOf(file: string | undefined): string | undefined {
  if (file !== undefined && !/\.(?:csv|json|md)$/i.test(file)) throw new UsageError(`--output is "${file}", but its name must end in .csv, .json or .md.`);
  return file;
}

function exportOf(v: Values, methods: readonly ReportMethodId[], budget: number | undefined): ReportArguments['exported'] {
  const file = v.text('export');
  const method = v.one('method', REPORT_METHODS);
  if (file === undefined) {
    if (method !== undefined) throw new UsageError('--method is of --export, which is missing.');
    return undefined;
  }
  if (!/\.safetensors$/i.test(file)) throw new UsageError(`--export is "${file}", but its name must end in .safetensors.`);
  if ((method === undefined) === (budget === undefined)) throw new UsageError('--export needs either --budget or --method.');
  if (method !== undefined && !methods.includes(method)) throw new UsageError(`--method is "${method}", which is not among --methods.`);
  return { file, method };
}
