/** Measures every tensor of a model that reads as a matrix: statistics in passes over its rows, then every method block by block. */

import type { Engine } from '../engine/engine';
import { NumbersError } from '../inputs/error';
import type { Model, ModelTensor } from '../inputs/model';
import { sqnrDb } from '../run/run';
import { checkOptions } from './options';
import type { ReportControl, ReportEvent, ReportMeasure, ReportOptions, SkippedTensor, TensorReport } from './contract';
import { measuresOf, prepareCoders, type Work } from './prepare';
import { decode, bitsPerWeight } from './scheme';
import { sampleRows, LONGEST_ROW } from './rows';

/**
 * The report, tensor by tensor in the file's order. Of a tensor only blocks of about a million numbers are held, or up
 * to 64 MiB where it is small, so a file may be far larger than the memory.
 * @param engine multiplies for the low-rank factors; codes are made on the host, so that they do not depend on the device
 * @throws RangeError for options out of range; InputError when the file changed or the connection was lost; the
 * signal's reason when it is aborted. What was yielded before stays true: go on with `control.only`.
 */
export async function* measureModel(model: Model, engine: Engine, options: ReportOptions, control: ReportControl): AsyncGenerator<ReportEvent> {
  checkOptions(options);
  const wanted = model.tensors.filter((t) => control.only?.has(t.name) ?? true);
  const weightsOf = (t: ModelTensor): number => (t.matrix ? measuredRows(t.matrix[0], options.maxRows) * t.matrix[1] : 0);
  const weightsTotal = wanted.reduce((sum, t) => sum + weightsOf(t), 0);
  const total = wanted.length;
  let [done, before] = [0, 0];
  for (const tensor of wanted) {
    const progress = (share: number): ReportEvent =>
      ({ kind: 'progress', tensor: tensor.name, done, total, weightsDone: before + share * weightsOf(tensor), weightsTotal });
    yield progress(0);
    try {
      const reason = unfitReason(tensor);
      if (reason !== undefined) yield { kind: 'skipped', skipped: skipped(tensor, reason) };
      else {
        const run = measureTensor(model, tensor, engine, options, control);
        let step = await run.next();
        while (!step.done) {
          yield progress(step.value);
          step = await run.next();
        }
        yield { kind: 'tensor', report: step.value };
      }
    } catch (error) {
      if (!(error instanceof NumbersError)) throw error;
      yield { kind: 'skipped', skipped: skipped(tensor, error.what) };
    }
    done++;
    before += weightsOf(tensor);
    yield { kind: 'progress', tensor: tensor.name, done, total, weightsDone: before, weightsTotal };
  }
}

const measuredRows = (rows: number, maxRows: number): number => sampleRows(rows, maxRows)?.length ?? rows;

function unfitReason({ name, matrix, unfit }: ModelTensor): string | undefined {
  if (!matrix) return `${name} ${unfit ?? 'is no matrix'}.`;
  if (matrix[1] > LONGEST_ROW) return `${name} has rows of ${matrix[1]} weights, and rows of up to ${LONGEST_ROW} can be measured here.`;
  return undefined;
}

const skipped = ({ name, file, shape, dtype, bytes }: ModelTensor, reason: string): SkippedTensor => ({ tensor: name, file, shape, dtype, bytes, reason });

/** Yields the share done, 0 to 1. */
async function* measureTensor(model: Model, tensor: ModelTensor, engine: Engine, options: ReportOptions, control: ReportControl): AsyncGenerator<number, TensorReport> {
  const start = performance.now();
  const { name, file, shape, dtype, bytes, matrix } = tensor;
  if (!matrix) throw new Error('Only matrices are measured.');
  const asked = measuresOf(options);
  const work: Work = { model, tensor: name, matrix, engine, options, control };
  const { facts, coders, blocks, notes } = yield* prepareCoders(work, asked);
  const sums = coders.map(() => ({ squares: 0, nonzeros: 0 }));
  for await (const { w, f, share } of blocks()) {
    for (const [i, { encode, scheme }] of coders.entries()) {
      const block = await encode(w, f, control.pause);
      sums[i].squares += squaredDifference(decode(scheme, block), w);
      sums[i].nonzeros += block.sparse?.cols.length ?? 0;
      await control.pause();
      control.signal.throwIfAborted();
    }
    yield share;
  }
  const measures = coders.map(({ scheme }, i): ReportMeasure => {
    const relativeError = facts.squares === 0 ? 0 : Math.sqrt(sums[i].squares / facts.squares);
    // Rows left out hold sparse values like those measured.
    const whole = { ...scheme, rows: matrix[0] };
    const nonzeros = (sums[i].nonzeros * matrix[0]) / facts.rows;
    const rms = Math.sqrt(sums[i].squares / (facts.rows * facts.cols));
    return { id: scheme.id, bits: scheme.bits, relativeError, sqnrDb: sqnrDb(relativeError), bulkError: rms === 0 ? 0 : rms / facts.stats.bulk, bitsPerWeight: bitsPerWeight(whole, nonzeros) };
  });
  const first = new Set(asked.filter((m) => m.chosen).map((m) => `${m.id} ${m.bits}`));
  if (facts.squares === 0) notes.push(`${name} holds only zeros.`);
  return {
    tensor: name, file, shape, matrix, dtype, bytes, stats: facts.stats,
    methods: measures.filter((m) => first.has(`${m.id} ${m.bits}`)),
    others: measures.filter((m) => !first.has(`${m.id} ${m.bits}`)),
    ...(facts.rows < matrix[0] ? { sampledRows: facts.rows } : {}),
    ...(notes.length ? { notes } : {}),
    seconds: (performance.now() - start) / 1000,
  };
}

/** ‖a − b‖², float64. */
export function squaredDifference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const d = a[i] - b[i];
    sum += d * d;
  }
  return sum;
}
