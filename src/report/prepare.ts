/** What comes before the first row is rounded: statistics, thresholds, the low-rank factor, one coder per method and width. */

import type { Engine } from '../engine/engine';
import { NumbersError } from '../inputs/error';
import type { Model } from '../inputs/model';
import { factorPasses, rightFactor } from './branch';
import { coderOf, type Coder, type Prepared } from './coder';
import type { ReportControl, ReportMethodId, ReportOptions } from './contract';
import { bitsOf, choosesBits } from './options';
import { rowsOf, type Rows } from './rows';
import { MethodRefusal, ruleByFile, ruleBySize } from './sparse';
import { measureStats, type TensorFacts } from './stats';

export interface Work {
  readonly model: Model;
  readonly tensor: string;
  readonly matrix: readonly [number, number];
  readonly engine: Engine;
  readonly options: ReportOptions;
  readonly control: ReportControl;
}

export interface Asked {
  readonly id: ReportMethodId;
  readonly bits: number;
  /** At the bits chosen, not one of the further widths. */
  readonly chosen: boolean;
}

/** Every method at the chosen bits, then at the other widths where it lets one choose. */
export function measuresOf({ methods, bits, otherBits }: ReportOptions): Asked[] {
  const others = [...new Set(otherBits)].filter((b) => b !== bits);
  return [
    ...methods.map((id) => ({ id, bits: bitsOf(id, bits), chosen: true })),
    ...others.flatMap((b) => methods.filter(choosesBits).map((id) => ({ id, bits: b, chosen: false }))),
  ];
}

export interface BlockOfWork {
  readonly w: Float32Array;
  readonly f?: Float32Array;
  /** Of the whole work on the tensor, once this block is done. */
  readonly share: number;
}

export interface Ready {
  readonly facts: TensorFacts;
  readonly coders: readonly Coder[];
  readonly blocks: () => AsyncGenerator<BlockOfWork>;
  /** Methods that cannot be measured here, and why. */
  readonly notes: string[];
}

/** Rough cost per weight in units of one pass of statistics. */
const PASS = 1;
const FACTOR_PASS = 8;
const ROUND = 4;
const BRANCH = 12;
const KMEANS = 40;

const costOf = ({ id, bits }: Asked): number =>
  id === 'kmeans' || id === 'dense-and-sparse' ? KMEANS * 2 ** Math.max(0, bits - 4) : id === 'svdquant' ? BRANCH : ROUND;

/** Yields the share of the tensor's work that is done. */
export async function* prepareCoders(work: Work, asked: readonly Asked[]): AsyncGenerator<number, Ready> {
  const { model, tensor, matrix, engine, options, control } = work;
  const rows = rowsOf(model, tensor, matrix, options.maxRows, control);
  const count = rows.rows * rows.cols;
  const wants = (id: ReportMethodId): boolean => asked.some((a) => a.id === id);
  const rank = wants('svdquant') ? Math.min(options.rank, rows.rows, rows.cols) : 0;
  const weighs = wants('dense-and-sparse') && options.sensitivity === 'file';
  const notes: string[] = [];
  let given = weighs ? sensitivityRows(work, notes) : undefined;
  const passes = 3 * PASS + (rank > 0 ? FACTOR_PASS * factorPasses(rows.rows, rows.cols) : 0) + (given ? 4 * PASS : 0);
  const whole = count * asked.reduce((sum, a) => sum + costOf(a), passes);
  let spent = 0;
  const share = (numbers: number): number => (spent += numbers) / whole;

  const facts = yield* shared(measureStats(rows, { ...options, sensitivePercent: options.sensitivity === 'magnitude' ? options.sensitivePercent : 0 }), (n) => share(PASS * n));
  const factor = rank > 0 ? yield* shared(rightFactor(engine, rows, rank), (n) => share(FACTOR_PASS * n)) : undefined;
  let sparse = ruleBySize(facts, options.sensitivity);
  if (given) {
    try {
      sparse = yield* shared(ruleByFile(rows, given, options), (n) => share(PASS * n));
    } catch (error) {
      if (!(error instanceof NumbersError)) throw error;
      notes.push(`${error.what} Dense and sparse is not measured.`);
      given = undefined;
    }
  }
  const prepared: Prepared = { facts, options, factor, sparse };
  const coders: Coder[] = [];
  for (const { id, bits } of asked) {
    if (id === 'dense-and-sparse' && weighs && !given) continue; // the note says why
    try {
      coders.push(coderOf(id, bits, prepared));
    } catch (error) {
      if (!(error instanceof MethodRefusal)) throw error;
      if (!notes.includes(error.message)) notes.push(error.message);
    }
  }
  const rest = whole - spent;
  const sensitivities = given;
  return {
    facts, coders, notes,
    async *blocks() {
      const fs = sensitivities?.blocks();
      for await (const { data } of rows.blocks()) {
        const f = (await fs?.next())?.value?.data;
        yield { w: data, f, share: Math.min(1, share((rest * data.length) / count)) };
      }
    },
  };
}

async function* shared<T>(work: AsyncGenerator<number, T>, share: (numbers: number) => number): AsyncGenerator<number, T> {
  let step = await work.next();
  while (!step.done) {
    yield Math.min(1, share(step.value));
    step = await work.next();
  }
  return step.value;
}

/** The tensor of the same name among the sensitivities; nothing, and a note, where it is missing or has another shape. */
function sensitivityRows({ tensor, matrix, options, control }: Work, notes: string[]): Rows | undefined {
  const file = control.sensitivities;
  const found = file?.tensors.find((t) => t.name === tensor);
  const [rows, cols] = matrix;
  const problem = !file ? 'No file of sensitivities is open'
    : !found ? `${file.name} has no tensor "${tensor}"`
    : !found.matrix ? `In ${file.name} the tensor "${tensor}" ${found.unfit ?? 'is no matrix'}`
    : found.matrix[0] !== rows || found.matrix[1] !== cols ? `In ${file.name} the tensor "${tensor}" is ${found.matrix.join(' × ')}, but the weights are ${rows} × ${cols}`
    : undefined;
  if (problem === undefined && file) return nonNegative(rowsOf(file, tensor, matrix, options.maxRows, control), file.name, tensor);
  notes.push(`${problem}, so dense and sparse is not measured.`);
  return undefined;
}

/** Refuses a sensitivity below 0: it would be no mean of squares. */
const nonNegative = (rows: Rows, file: string, tensor: string): Rows => ({
  ...rows,
  async *blocks() {
    for await (const block of rows.blocks()) {
      const at = block.data.findIndex((v) => v < 0);
      if (at >= 0) throw new NumbersError(`In ${file} the tensor "${tensor}" has the sensitivity ${block.data[at]} in row ${block.first + Math.floor(at / rows.cols)}, and none may be below 0.`, 'Choose a file of squared gradients.');
      yield block;
    }
  },
});
