/**
 * `squeezellm_dense_and_sparse`: the split, codebooks by weighted k-means, CSR with the zero centroid taken off.
 *
 * The official k-means starts at random, so codebooks are held by the cost they reach: no row above 1.05 of the
 * official one, none below the optimum. What follows from a codebook is also computed from the official one, where
 * it has one right answer.
 */

import { codebookCsrMatvec } from '../../kernels/codebook_csr_matvec/codebook_csr_matvec';
import { decodeCodebook } from '../../kernels/decode_codebook/decode_codebook';
import { packBits } from '../../kernels/formats/bits';
import { matmulNt } from '../../kernels/matmul_nt/matmul_nt';
import { roundHalfEven } from '../../kernels/round';
import { withScope, type Engine } from '../engine/engine';
import { decodeBooks, fitCodebooks, type Codebooks, type FitOptions } from '../quant/codebook';
import { denseAndSparse, restore, type DenseSparse } from '../quant/dense-sparse';
import { total } from '../quant/errors';
import { exactKmeans1d } from '../quant/kmeans1d';
import { weightedError } from '../quant/nearest';
import { split } from '../quant/split';
import { floats, matrixShape, param, type Computed, type GoldenAdapter, type GoldenCase, type Json } from './case';
import { relativeFrobenius, type Check } from './compare';

interface Problem {
  readonly weights: Float32Array;
  readonly fisher: Float32Array;
  readonly rows: number;
  readonly cols: number;
  readonly bits: number;
  readonly fit: FitOptions & { readonly sensitivePercent: number; readonly range?: number };
}

function problemOf(golden: GoldenCase): Problem {
  const weights = floats(golden, 'W');
  const fisher = floats(golden, 'fisher');
  const [rows, cols] = matrixShape(golden, 'W');
  const bits = param(golden, 'bits');
  // The official code gives every weight of exactly 0 no weight in the k-means, as it does those it removed.
  const removed = Uint8Array.from(weights, (w) => (w === 0 ? 1 : 0));
  return {
    weights, fisher, rows, cols, bits,
    fit: {
      weights, rows, cols, bits, sensitivity: fisher, removed, solver: 'exact',
      sensitivePercent: param(golden, 'sensitivity_percent', 0), range: golden.params.threshold_range === null ? undefined : param(golden, 'threshold_range'),
    },
  };
}

const most = (values: ArrayLike<number>): number => Array.prototype.reduce.call<ArrayLike<number>, [(a: number, b: number) => number, number], number>(values, (a, b) => Math.max(a, b), -Infinity);
const within = (quantity: string, deviation: number, bound: number): Check => ({ quantity, deviation, bound, ok: deviation <= bound });
const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(b).reduce((max, v, i) => Math.max(max, Math.abs(a[i] - v)), 0);

/** 2^bits even levels from the smallest to the largest of each row of the dense part, its zeros counted. */
function evenlyRounded(dense: Float32Array, rows: number, cols: number, bits: number): Float64Array {
  const out = new Float64Array(dense.length);
  for (let n = 0; n < rows; n++) {
    const row = dense.subarray(n * cols, (n + 1) * cols);
    const [low, high] = [-most(row.map((v) => -v)), most(row)];
    const step = (high - low) / (2 ** bits - 1);
    for (let k = 0; k < cols; k++) out[n * cols + k] = step === 0 ? low : low + step * roundHalfEven((row[k] - low) / step);
  }
  return out;
}

/** The largest |centroid − weighted mean of the weights that have its code|. */
function distanceFromMeans({ book, codes, rows, cols, bits }: Codebooks, values: Float32Array, weights: ArrayLike<number>): number {
  const [sum, mass] = [new Float64Array(rows << bits), new Float64Array(rows << bits)];
  for (let i = 0; i < values.length; i++) {
    const at = (Math.floor(i / cols) << bits) + codes[i];
    sum[at] += weights[i] * values[i];
    mass[at] += weights[i];
  }
  return Array.from(book).reduce((far, c, at) => (mass[at] > 0 ? Math.max(far, Math.abs(c - sum[at] / mass[at])) : far), 0);
}

/** How much farther a weight's level is than the nearest one of its row. */
function distanceFromNearest({ book, codes, cols, bits }: Codebooks, values: Float32Array): number {
  return Array.from(values).reduce((far, v, i) => {
    const levels = book.subarray(Math.floor(i / cols) << bits, (Math.floor(i / cols) + 1) << bits);
    return Math.max(far, Math.abs(v - levels[codes[i]]) - levels.reduce((near, c) => Math.min(near, Math.abs(v - c)), Infinity));
  }, 0);
}

/** Σ f (w − c)² of each row under the row's own optimum, before its centroids are rounded to float32. */
function optimum(dense: Float32Array, weights: Float32Array, rows: number, cols: number, bits: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, n) => {
    const part = (data: Float32Array): Float32Array => data.subarray(n * cols, (n + 1) * cols);
    return exactKmeans1d(part(dense), part(weights), 1 << bits).cost;
  });
}

/** ‖X (Ŵ − W)ᵀ‖ / ‖X Wᵀ‖ on the engine. */
function outputError(engine: Engine, p: Problem, x: Float32Array, restored: Float32Array): Promise<number> {
  return withScope(engine, async (scope) => {
    const a = scope.upload(x, [x.length / p.cols, p.cols]);
    const product = (w: Float32Array): ReturnType<typeof scope.upload> => scope.run(matmulNt, { a, b: scope.upload(w, [p.rows, p.cols]) }).c;
    const [error, exact] = await scope.readAll([product(restored.map((v, i) => v - p.weights[i])), product(p.weights)]);
    return Math.sqrt(total(error.map((v) => v * v)) / total(exact.map((v) => v * v)));
  });
}

/** The stored form at work: packed codes decoded, and one token through the fused matvec, against the restored matrix. */
async function stored(engine: Engine, p: Problem, { codebooks, csr, reconstructed }: DenseSparse): Promise<Check[]> {
  const { rows: N, cols: K, bits: B } = p;
  const x = Float32Array.from({ length: K }, (_, k) => Math.sin(k + 1));
  const [decoded, y, direct] = await withScope(engine, async (scope) => {
    const codes = scope.upload(packBits(codebooks.codes, N, K, B), [N, Math.ceil(K / 32) * B]);
    const book = scope.upload(codebooks.book, [N, 2 ** B]);
    const sparse = { rowptr: scope.upload(csr.rowptr, [N + 1]), cols: scope.upload(csr.cols, [csr.cols.length]), values: scope.upload(csr.values, [csr.values.length]) };
    return scope.readAll([
      scope.run(decodeCodebook, { codes, book }, { dims: { K, B } }).w,
      scope.run(codebookCsrMatvec, { x: scope.upload(x, [K]), codes, book, ...sparse }, { dims: { B } }).y,
      scope.run(matmulNt, { a: scope.upload(reconstructed, [N, K]), b: scope.upload(x, [1, K]) }).c,
    ]);
  });
  return [within('decoded codes', largestGap(decoded, decodeBooks(codebooks)), 0), within('fused matvec', relativeFrobenius(y, direct), 1e-5)];
}

/** What the official codebook and codes lead to, by our own functions. */
function fromOfficial(golden: GoldenCase, p: Problem, kind: Uint8Array): Check[] {
  const { lut, codes, reconstructed, csr_val: values, zero_centroid: zeros } = golden.expected;
  if (!lut || !codes) return [];
  const official = { rows: p.rows, cols: p.cols, bits: p.bits, book: Float32Array.from(lut.data), codes: Uint8Array.from(codes.data) };
  const found = restore(p.weights, kind, official);
  const checks: Check[] = [];
  const add = (name: string, ours: ArrayLike<number>, theirs: ArrayLike<number> | undefined, bound: number): void => {
    if (theirs) checks.push(within(`${name} of the official codebook`, ours.length === theirs.length ? largestGap(ours, theirs) : Infinity, bound));
  };
  add('zero_centroid', found.zero, zeros?.data, 0);
  add('csr_val', found.csr.values, values?.data, 1e-6);
  add('reconstructed', found.reconstructed, reconstructed?.data, 1e-6);
  const { unweighted_rel_fro_dense_and_sparse: told } = golden.scalars;
  if (typeof told === 'number') {
    const gap = Math.abs(relativeFrobenius(found.reconstructed, p.weights) - told);
    checks.push(within('relative error of the official codebook', gap <= 1e-7 ? 0 : gap / told, 1e-5)); // below that it is float32's rounding of W
  }
  return checks;
}

/** No row costs more than 1.05 of the official one, none less than the optimum. `slack` is what rounding may leave. */
function costs(name: string, ours: Float64Array, official: ArrayLike<number> | undefined, best: Float64Array, slack: Float64Array): Check[] {
  const above = official && most(ours.map((cost, n) => (cost <= slack[n] ? -Infinity : cost / official[n])));
  const below = most(ours.map((cost, n) => (best[n] <= slack[n] ? -Infinity : 1 - cost / best[n])));
  return [
    ...(above === undefined ? [] : [within(`${name} above the official one`, Math.max(0, above - 1), 0.05)]),
    within(`${name} below the optimum`, Math.max(0, below), 1e-5),
  ];
}

async function run(golden: GoldenCase, engine: Engine): Promise<Computed> {
  const p = problemOf(golden);
  const { weights, fisher, rows, cols, bits } = p;
  const expected = golden.expected;
  const [hero, lloyd, denseOnly] = await withScope(engine, async (scope) => [
    await denseAndSparse(scope, p.fit),
    await denseAndSparse(scope, { ...p.fit, solver: 'lloyd' }),
    await fitCodebooks(scope, p.fit),
  ] as const);
  const { dense, kind, threshold, sensitive, outliers } = split(weights, p.fit);
  const counted = fisher.map((f, i) => (dense[i] === 0 ? 0 : f));
  const counts = fisher.map((f, i) => (weights[i] === 0 ? 0 : f));
  const best = optimum(dense, counted, rows, cols, bits);
  const bestAlone = optimum(weights, counts, rows, cols, bits);
  const slack = Float64Array.from({ length: rows }, (_, n) => 1e-12 * weightedError(weights, counts, [0], new Uint8Array(weights.length), n * cols, cols));
  const alone = decodeBooks(denseOnly);
  const ratios = best.map((b, n) => (b <= slack[n] ? 1 : hero.codebooks.cost[n] / b));
  const even = evenlyRounded(dense, rows, cols, bits);
  const x = golden.inputs.X && floats(golden, 'X');
  const largest = most(weights.map(Math.abs));
  const far = distanceFromMeans(hero.codebooks, dense, counted);
  const { scalars } = golden;
  const allSlack = total(slack);
  const totals = (name: string, ours: number): Check[] => (typeof scalars[name] === 'number' ? [within(`${name} above the official one`, ours <= allSlack ? 0 : Math.max(0, ours / scalars[name] - 1), 0.05)] : []);
  const [sum, sumAlone] = [total(hero.codebooks.cost), total(denseOnly.cost)];
  const removedAt = hero.reconstructed.map((v, i) => (kind[i] ? v - weights[i] : 0));
  // 8-bit codes in int8 wrap, as numpy's astype does.
  const like = (name: string, codes: Uint8Array): ArrayLike<number> => (expected[name]?.dtype === '|i1' ? Int8Array.from(codes) : codes);
  const theirOptimum = expected.row_error_exact_optimum?.data;
  const computed: Record<string, Json> = {
    max_abs_centroid_minus_weighted_mean_of_its_codes: far,
    total_weighted_error_dense_only: sumAlone,
    total_weighted_error_dense_and_sparse: sum,
    total_weighted_error_minmax_uniform_dense_part: fisher.reduce((e, f, i) => e + f * (dense[i] - even[i]) ** 2, 0),
    nnz: sensitive + outliers,
    outlier_percent: (100 * (sensitive + outliers)) / weights.length,
    threshold,
    dense_min: -most(dense.map((v) => -v)), dense_max: most(dense),
    original_min: -most(weights.map((v) => -v)), original_max: most(weights),
    unweighted_rel_fro_dense_only: relativeFrobenius(alone, weights),
    unweighted_rel_fro_dense_and_sparse: relativeFrobenius(hero.reconstructed, weights),
    kmeans_over_exact_optimum_ratio_min_max: [-most(ratios.map((r) => -r)), most(ratios)],
    ...(x && { output_rel_fro_dense_only: await outputError(engine, p, x, alone), output_rel_fro_dense_and_sparse: await outputError(engine, p, x, hero.reconstructed) }),
  };
  return {
    arrays: {
      lut: hero.codebooks.book, codes: like('codes', hero.codebooks.codes), row_error_dense_part: hero.codebooks.cost,
      lut_dense_only: denseOnly.book, codes_dense_only: like('codes_dense_only', denseOnly.codes), row_error_dense_only: denseOnly.cost,
      row_error_exact_optimum: best, dense_part: hero.split.dense,
      csr_rowptr: hero.csr.rowptr, csr_col: hero.csr.cols, csr_val: hero.csr.values,
      zero_centroid: hero.zero, reconstructed: hero.reconstructed,
    },
    scalars: computed,
    checks: [
      ...costs('row_error_dense_part', hero.codebooks.cost, expected.row_error_dense_part?.data, best, slack),
      ...costs('row_error_dense_only', denseOnly.cost, expected.row_error_dense_only?.data, bestAlone, slack),
      ...costs('row error by Lloyd', lloyd.codebooks.cost, undefined, best, slack),
      ...totals('total_weighted_error_dense_only', sumAlone), ...totals('total_weighted_error_dense_and_sparse', sum),
      ...(theirOptimum ? [within('row_error_exact_optimum', most(best.map((b, n) => (b <= slack[n] && theirOptimum[n] <= slack[n] ? 0 : Math.abs(b / theirOptimum[n] - 1)))), 1e-5)] : []),
      within('codes from the nearest level', distanceFromNearest(hero.codebooks, dense), 1e-9 * largest),
      within('levels from the mean of their weights', far, 1e-6 * largest),
      within('removed weights restored', largestGap(removedAt, new Float32Array(removedAt.length)), 1e-6 * Math.max(1, largest)),
      ...fromOfficial(golden, p, kind),
      ...await stored(engine, p, hero),
    ],
  };
}

const ours = { kind: 'free', why: 'the official start is random; held by its cost and as a fixed point' } as const;
const official = { kind: 'free', why: 'ours follows from our own codebook; that of the official one is checked' } as const;

export const squeezellmDenseSparse: GoldenAdapter = {
  algorithm: 'squeezellm_dense_and_sparse',
  run,
  rules: {
    'lut*': ours,
    'codes*': ours,
    'row_error_*': ours,
    dense_part: { kind: 'exact' },
    csr_rowptr: { kind: 'exact' },
    csr_col: { kind: 'exact' },
    csr_val: official,
    zero_centroid: official,
    reconstructed: official,
    nnz: { kind: 'exact' },
    outlier_percent: { kind: 'relative', bound: 1e-12 },
    threshold: { kind: 'relative', bound: 1e-7 },
    'dense_m*': { kind: 'exact' },
    'original_m*': { kind: 'exact' },
    total_weighted_error_minmax_uniform_dense_part: { kind: 'relative', bound: 1e-5 },
    '*': ours,
  },
};
