/** Every method on one matrix: the restored weights and the bits they take. */

import { roundAffine } from '../../../kernels/round_affine/round_affine';
import { roundHalfEven } from '../../../kernels/round';
import { withScope } from '../../engine/engine';
import { activationAware, channelMeans, gramMatrix } from '../../quant/awq';
import { affineBits, codebookBits, formatBits } from '../../quant/bits';
import { decodeBooks, fitCodebooks, type Codebooks } from '../../quant/codebook';
import { denseAndSparse, type DenseSparse } from '../../quant/dense-sparse';
import type { Format } from '../../quant/format';
import { gptq, type Rounding } from '../../quant/gptq';
import { dequantize, quantize } from '../../quant/quantize';
import { split, type Split } from '../../quant/split';
import type { MethodId } from './names';
import type { MethodOptions } from './params';
import type { Part, Problem } from './problem';

export interface Settings extends MethodOptions {
  /** Inputs per scale of grouped rounding and AWQ. */
  readonly group: number;
}

/** One matrix as a method stores it. */
export interface Restored {
  /** Ŵ [N,K] */
  readonly weights: Float32Array;
  /** Per weight, with scales, codebooks and sparse parts. */
  readonly bits: number;
  readonly note?: string;
}

const depsOf = ({ key, sensitivityKey }: Part, { bits, solver, seed }: MethodOptions): unknown[] => [key, sensitivityKey, bits, solver, seed];

/** What leaves the dense matrix: the same for every width of the codes. */
function splitOf({ memo, parts }: Problem, part: Part, { sensitivePercent, outlierPercent, range }: MethodOptions): Promise<Split> {
  const { key, sensitivityKey, weights, sensitivity } = part;
  return memo.get(`split ${parts.indexOf(part)}`, [key, sensitivityKey, sensitivePercent, outlierPercent ?? null, range ?? null], () =>
    split(weights, { sensitivity, sensitivePercent, outlierPercent, range }));
}

/** Dense and sparse, with every intermediate tensor. */
export function denseSparseOf(problem: Problem, part: Part, o: MethodOptions): Promise<DenseSparse> {
  const { rows, cols, weights, sensitivity } = part;
  const { bits, solver, seed, sensitivePercent, outlierPercent, range } = o;
  return problem.memo.get(`dense and sparse ${problem.parts.indexOf(part)}`, [...depsOf(part, o), sensitivePercent, outlierPercent ?? null, range ?? null], async () => {
    const parts = await splitOf(problem, part, o);
    return withScope(problem.engine, (scope) => denseAndSparse(scope, { weights, rows, cols, sensitivity, bits, solver, seed, sensitivePercent, outlierPercent, range }, problem.pause, parts));
  });
}

/** k-means of the whole matrix, nothing removed: each weight alike, or by its sensitivity. */
export function codebooksOf(problem: Problem, part: Part, { bits, solver, seed }: MethodOptions, weighted: boolean): Promise<Codebooks> {
  const { rows, cols, weights, sensitivity, key, sensitivityKey } = part;
  const by = weighted ? sensitivityKey : 'ones';
  return problem.memo.get(`k-means ${problem.parts.indexOf(part)}`, [key, by, bits, solver, seed], () =>
    withScope(problem.engine, (scope) => fitCodebooks(scope, { weights, rows, cols, bits, solver, seed, ...(by !== 'ones' && { sensitivity }) }, problem.pause)));
}

const fromCodebooks = (books: Codebooks): Restored => ({ weights: decodeBooks(books), bits: codebookBits(books.bits, books.cols) });

/** 2^bits even steps from the smallest to the largest of each group. */
export async function roundedEvenly(problem: Problem, part: Part, bits: number, group: number): Promise<Restored> {
  const { rows, cols, weights } = part;
  const rounded = await withScope(problem.engine, (scope) =>
    scope.readF32(scope.run(roundAffine, { x: scope.hold(weights, [rows, cols]) }, { dims: { G: group }, scalars: { bits } }).y));
  return { weights: rounded, bits: affineBits(bits, cols, group) };
}

/** The levels of each row [N, 2^bits], ascending: what `roundedEvenly` rounds to with one group a row. */
export function evenLevels({ rows, cols, weights }: Part, bits: number): Float32Array {
  const { scales, zeros } = affineGrid(weights, rows, cols, bits);
  const count = 2 ** bits;
  return Float32Array.from({ length: rows * count }, (_, i) => ((i % count) - zeros[Math.floor(i / count)]) * scales[Math.floor(i / count)]);
}

/** Step and zero point of each row, as kernel round_affine has them. */
function affineGrid(weights: Float32Array, rows: number, cols: number, bits: number): { scales: Float32Array; zeros: Float32Array } {
  const [scales, zeros] = [new Float32Array(rows), new Float32Array(rows)];
  for (let n = 0; n < rows; n++) {
    let [low, high] = [0, 0];
    for (let i = n * cols; i < (n + 1) * cols; i++) {
      low = Math.min(low, weights[i]);
      high = Math.max(high, weights[i]);
    }
    scales[n] = Math.fround(high - low) / (2 ** bits - 1) || 1;
    zeros[n] = roundHalfEven(Math.fround(-low / scales[n]));
  }
  return { scales, zeros };
}

/** GPTQ on the grid of round-to-nearest, one step and zero point per row. */
async function gptqOf({ rows, cols, weights, inputs }: Part, bits: number): Promise<Restored | undefined> {
  if (!inputs) return undefined;
  const { scales, zeros } = affineGrid(weights, rows, cols, bits);
  const last = 2 ** bits - 1;
  const round: Rounding = {
    code: (quotient, at = 0) => Math.min(last, Math.max(0, roundHalfEven(quotient) + zeros[at])) - zeros[at],
    level: (code) => code,
  };
  const { dequantized } = gptq({ weights, rows, cols, activations: await inputs.x(), tokens: inputs.tokens, groupSize: Math.max(1, cols), scales, round });
  return { weights: dequantized, bits: affineBits(bits, cols, cols), note: `Least output error on ${inputs.tokens} inputs, not least weight error.` };
}

const NF4: Format = { kind: 'nf4', group: 64 };

async function nf4Of(problem: Problem, { rows, cols, weights }: Part): Promise<Restored> {
  const restored = await withScope(problem.engine, async (scope) =>
    scope.readF32(dequantize(scope, await quantize(scope, scope.hold(weights, [rows, cols]), NF4, 'weights'))));
  return { weights: restored, bits: formatBits(NF4, rows, cols), note: 'Always 4 bits; one scale for 64 inputs.' };
}

/** AWQ-style: the search of quant/awq over the same grouped rounding as `rtn-group`. */
async function awqOf({ engine, memo, pause }: Problem, { rows, cols, weights, inputs }: Part, bits: number, group: number): Promise<Restored | undefined> {
  if (!inputs) return undefined;
  const x = await inputs.x();
  const gram = await memo.get(`X^TX of ${cols}`, [inputs.key], () => gramMatrix(engine, x, inputs.tokens, cols));
  const found = await activationAware(engine, {
    weights, rows, cols, gram, pause, means: channelMeans(x, inputs.tokens, cols),
    round: (scope, x) => scope.run(roundAffine, { x }, { dims: { G: group }, scalars: { bits } }).y,
  });
  return { weights: found.weights, bits: affineBits(bits, cols, group), note: `Groups of ${group}; best power ${found.power}.` };
}

/** undefined: the method needs what this matrix lacks. */
export function restore(id: MethodId, problem: Problem, part: Part, s: Settings): Promise<Restored | undefined> {
  const index = problem.parts.indexOf(part);
  const remember = (deps: readonly unknown[], make: () => Promise<Restored | undefined> | Restored | undefined): Promise<Restored | undefined> =>
    problem.memo.get(`${id} ${index}`, [part.key, ...deps], make);
  switch (id) {
    case 'rtn': return remember([s.bits], () => roundedEvenly(problem, part, s.bits, part.cols));
    case 'rtn-group': return remember([s.bits, s.group], async () => ({ ...await roundedEvenly(problem, part, s.bits, s.group), note: `One step and zero point for ${s.group} inputs.` }));
    case 'nf4': return remember([], () => nf4Of(problem, part));
    case 'gptq': return remember([s.bits, part.inputs?.key ?? null], () => gptqOf(part, s.bits));
    case 'awq': return remember([s.bits, s.group, part.inputs?.key ?? null], () => awqOf(problem, part, s.bits, s.group));
    case 'kmeans': return codebooksOf(problem, part, s, false).then(fromCodebooks);
    case 'dense-only': return codebooksOf(problem, part, s, true).then(fromCodebooks);
    case 'dense-and-sparse': return denseSparseOf(problem, part, s).then(({ reconstructed, bitsPerWeight }) => ({ weights: reconstructed, bits: bitsPerWeight }));
  }
}
