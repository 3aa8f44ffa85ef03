/** The strip and the headline: every intermediate tensor of one matrix, beside round-to-nearest, in one patch. */

import { balancedSchedule } from '../../../kernels/csr_matvec_balanced/csr_matvec_balanced';
import { transposed } from '../../inputs/matrix';
import { codebookBits, rowPointerBits, sparseBits } from '../../quant/bits';
import { decodeBooks, type Codebooks } from '../../quant/codebook';
import type { DenseSparse } from '../../quant/dense-sparse';
import { csrToDense } from '../../quant/csr';
import { difference } from '../../quant/errors';
import type { RunPatch, StageTensor, StageVector } from '../../run/run';
import { trafficOf } from './cost';
import { codebooksOf, denseSparseOf, evenLevels, restore, type Settings } from './methods';
import type { Part, Problem } from './problem';
import { baseline, methodResult, remembered, type Score, type Verdict } from './score';

export interface Core {
  readonly form: DenseSparse;
  readonly patch: RunPatch;
}

/** The width at which the paper counts bits. */
const PAPER_WIDTH = 4096;

/** [N,K] as the pictures show it, K × N. */
const turned = (data: ArrayLike<number>, rows: number, cols: number): Float32Array =>
  transposed(data instanceof Float32Array ? data : Float32Array.from(data), rows, cols);

export async function makeCore(problem: Problem, s: Settings, batch: number): Promise<Core> {
  const part = problem.parts[problem.chosen];
  const form = await denseSparseOf(problem, part, s);
  const unweighted = await codebooksOf(problem, part, s, false);
  const rtn = (await restore('rtn', problem, part, s))!.weights;
  const [ours, theirs] = [(await remembered('dense-and-sparse', problem, s))!, (await remembered('rtn', problem, s))!];
  const full = await baseline(problem);
  const share = form.csr.values.length / Math.max(1, part.weights.length);
  return {
    form,
    patch: {
      stages: stagesOf(problem, part, form, unweighted, rtn, s),
      vectors: vectorsOf(part, form, rtn),
      methods: [methodResult('rtn', theirs), methodResult('dense-and-sparse', ours)],
      traffic: trafficOf({ inFeatures: part.cols, outFeatures: part.rows, bits: s.bits, share }, batch),
      scalars: finite({ ...sizes(problem, part, form, s), ...spreads(part, form), ...errors(ours, theirs, full, form, part), ...workOf(form) }),
    },
  };
}

/** Without a threshold (nothing leaves by it) or a range (nothing stays) there is no number to tell. */
const finite = (scalars: Record<string, number>): Record<string, number> => Object.fromEntries(Object.entries(scalars).filter(([, v]) => Number.isFinite(v)));

function sizes(problem: Problem, { rows, cols, weights }: Part, { split, csr }: DenseSparse, { bits }: Settings): Record<string, number> {
  const share = csr.values.length / Math.max(1, weights.length);
  return {
    bits, inFeatures: cols, outFeatures: rows, layer: problem.chosen + 1, layers: problem.parts.length,
    nnz: csr.values.length, sparseShare: share, sensitiveCount: split.sensitive, outlierCount: split.outliers,
    threshold: split.threshold, sensitivityThreshold: split.sensitivityThreshold, rangeFactor: split.range,
    codebookBits: (16 * 2 ** bits) / cols, sparseBits: sparseBits(share), rowptrBits: rowPointerBits(csr.values.length, rows, cols),
    bitsPerWeight4096: codebookBits(bits, PAPER_WIDTH) + sparseBits(share),
    codeBytes: 4 * rows * Math.ceil(cols / 32) * bits, codebookBytes: 2 * rows * 2 ** bits, csrBytes: csr.values.length === 0 ? 0 : 6 * csr.values.length + 4 * (rows + 1),
    ...(problem.judge && {
      calibration: problem.parts[problem.chosen].inputs?.tokens ?? 0, evaluation: problem.judge.evaluation.count,
      networkWeights: problem.parts.reduce((sum, part) => sum + part.weights.length, 0),
    }),
  };
}

/** How wide W and D are, and where their weight lies. */
function spreads({ weights, sensitivity }: Part, { split: { dense, kind } }: DenseSparse): Record<string, number> {
  let [low, high, denseLow, denseHigh, blind] = [Infinity, -Infinity, Infinity, -Infinity, 0];
  for (let i = 0; i < weights.length; i++) {
    [low, high] = [Math.min(low, weights[i]), Math.max(high, weights[i])];
    if (kind[i] === 0) [denseLow, denseHigh] = [Math.min(denseLow, dense[i]), Math.max(denseHigh, dense[i])];
    if (sensitivity[i] === 0) blind++;
  }
  const width = high - low;
  let central = 0;
  for (const w of weights) if (Math.abs(w) <= 0.05 * width) central++;
  return {
    weightMin: low, weightMax: high, denseMin: denseLow, denseMax: denseHigh,
    denseRange: width > 0 && denseHigh >= denseLow ? (denseHigh - denseLow) / width : 1,
    concentration: central / Math.max(1, weights.length), zeroSensitivity: blind / Math.max(1, weights.length),
  };
}

function errors(ours: Score, theirs: Score, full: Verdict, { reconstructed, split: { kind } }: DenseSparse, { weights, sensitivity }: Part): Record<string, number> {
  let [removed, largest, energy] = [0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    energy += sensitivity[i] * weights[i] ** 2;
    largest = Math.max(largest, Math.abs(weights[i]));
    if (kind[i] !== 0) removed = Math.max(removed, Math.abs(reconstructed[i] - weights[i]));
  }
  /** ‖√F·E‖ / ‖√F·W‖ */
  const share = (s: Score): number => (s.weightedError === 0 ? 0 : Math.sqrt(s.weightedError / energy));
  const losses: Record<string, number> = full.loss === undefined || full.accuracy === undefined || ours.loss === undefined || theirs.loss === undefined ? {} : {
    loss16: full.loss, accuracy16: full.accuracy, lossHere: ours.loss, lossRtn: theirs.loss,
    accuracyHere: ours.accuracy ?? 0, accuracyRtn: theirs.accuracy ?? 0, lossIncrease: ours.loss - full.loss, lossIncreaseRtn: theirs.loss - full.loss,
    networkBits: ours.networkBits,
  };
  return {
    weightedError: ours.weightedError, weightedErrorRtn: theirs.weightedError, weightedRelative: share(ours), weightedRelativeRtn: share(theirs),
    relativeErrorHere: ours.relativeError, relativeErrorRtn: theirs.relativeError,
    removedError: largest > 0 ? removed / largest : 0, ...losses,
  };
}

const rowLengths = (rowptr: Uint32Array): Float32Array => Float32Array.from({ length: rowptr.length - 1 }, (_, n) => rowptr[n + 1] - rowptr[n]);

/** Nonzeros of each thread that has any, where all take equally many. */
function balancedWork(nnz: number): Float32Array {
  const { perThread } = balancedSchedule(nnz);
  return Float32Array.from({ length: nnz === 0 ? 0 : Math.ceil(nnz / perThread) }, (_, t) => Math.min(perThread, nnz - t * perThread));
}

const slowestOverMean = (work: Float32Array): number => {
  const all = work.reduce((sum, v) => sum + v, 0);
  return all === 0 ? 1 : work.reduce((a, b) => Math.max(a, b), 0) / (all / work.length);
};

function workOf({ csr }: DenseSparse): Record<string, number> {
  const { threads, perThread } = balancedSchedule(csr.values.length);
  return {
    threads, perThread, longestRow: rowLengths(csr.rowptr).reduce((a, b) => Math.max(a, b), 0),
    workPlainRatio: slowestOverMean(rowLengths(csr.rowptr)), workBalancedRatio: slowestOverMean(balancedWork(csr.values.length)),
  };
}

function vectorsOf({ rows, cols, weights, sensitivity }: Part, { csr, zero, reconstructed }: DenseSparse, rtn: Float32Array): Record<string, StageVector> {
  const costs = (restored: Float32Array): Float32Array => {
    const out = new Float64Array(rows);
    for (let n = 0, i = 0; n < rows; n++) {
      let sum = 0;
      for (const end = i + cols; i < end; i++) {
        const e = restored[i] - weights[i];
        sum += sensitivity[i] * (e * e);
      }
      out[n] = sum;
    }
    return Float32Array.from(out);
  };
  const vectors: StageVector[] = [
    { id: 'nnz', symbol: 'nnz', name: 'A thread per row', data: rowLengths(csr.rowptr), axis: 'n' },
    { id: 'work_balanced', symbol: 'nnz', name: 'Equal nonzeros', data: balancedWork(csr.values.length), axis: 'thread' },
    { id: 'zero', symbol: 'c_0', name: 'Level nearest 0 of each row', data: zero, axis: 'n' },
    { id: 'rowcost', symbol: 'ΣF(^w−w)²', name: 'Weighted error of each row', data: costs(reconstructed), axis: 'n', log: true },
    { id: 'rowcost_rtn', symbol: 'ΣF(^w−w)²', name: 'Weighted error of each row, rounded to nearest', data: costs(rtn), axis: 'n', log: true },
  ];
  return Object.fromEntries(vectors.map((vector) => [vector.id, vector]));
}

function stagesOf({ sensitivityName }: Problem, part: Part, form: DenseSparse, unweighted: Codebooks, rtn: Float32Array, { bits }: Settings): Record<string, StageTensor> {
  const { rows: N, cols: K, weights, sensitivity } = part;
  const { split, codebooks, csr, reconstructed } = form;
  const levels = 2 ** bits;
  const dense = decodeBooks(codebooks);
  const removed = weights.map((w, i) => (split.kind[i] ? w : 0));
  const tile = (id: string, symbol: string, name: string, family: string, data: ArrayLike<number>, format: string): StageTensor =>
    ({ id, symbol, name, rows: K, cols: N, data: turned(data, N, K), axes: ['k', 'n'], family, format });
  const book = (id: string, name: string, data: Float32Array): StageTensor =>
    ({ id, symbol: 'C', name, rows: levels, cols: N, data: turned(data, N, levels), axes: ['c', 'n'], family: 'w', format: `${levels} × 16-bit` });
  const stages: StageTensor[] = [
    tile('w', 'W', 'Weights', 'w', weights, `${K} × ${N}`),
    tile('f', 'F', 'Sensitivity', 'f', sensitivity, sensitivityName),
    tile('mask', 'M', 'Removed: 1 sensitive, 2 outlier', 'mask', split.kind, ''),
    tile('d', 'D', 'Dense part', 'w', split.dense, '16-bit'),
    tile('s', 'S', 'Sparse part', 'w', removed, `${csr.values.length} values`),
    tile('sz', 'S', 'Sparse part as stored', 'w', csrToDense(csr, K), `CSR, ${csr.values.length} values`),
    tile('codes', 'a', 'Codes', 'code', codebooks.codes, `${bits}-bit`),
    book('book', 'Codebooks', codebooks.book),
    tile('dq', 'C[a]', 'Dense part restored', 'w', dense, '16-bit'),
    tile('wh', '^W', 'Restored', 'w', reconstructed, '16-bit'),
    tile('e_rtn', 'E', 'Round to nearest', 'e', difference(rtn, weights), ''),
    tile('e_kmeans', 'E', 'Unweighted k-means', 'e', difference(decodeBooks(unweighted), weights), ''),
    tile('e', 'E', 'Dense and sparse', 'e', difference(reconstructed, weights), ''),
    book('book_rtn', 'Even levels', evenLevels(part, bits)),
    book('book_kmeans', 'Unweighted levels', unweighted.book),
  ];
  return Object.fromEntries(stages.map((stage) => [stage.id, stage]));
}
