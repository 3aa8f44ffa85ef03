/** The methods of the report: each prepares what it must know of a whole tensor, then encodes it block by block. */

import { ExactSolver } from '../quant/exact-kmeans';
import { toCsr } from '../quant/csr';
import { largestCode } from '../quant/format';
import { nearestCodes, nearestToZero } from '../quant/nearest';
import type { ReportMethodId, ReportOptions } from './contract';
import { nvfp4TensorScale, roundGroups } from './rounding';
import { groupOf, productRow, roundStored, storeAll, type Encoded, type ScaleType, type Scheme, type StoredFloat } from './scheme';
import { MethodRefusal, removedOf, type SparseRule } from './sparse';
import type { TensorFacts } from './stats';

/** What a method may need of a whole tensor. */
export interface Prepared {
  readonly facts: TensorFacts;
  readonly options: ReportOptions;
  /** Orthonormal rows [rank, cols], of SVDQuant. */
  readonly factor?: Float64Array;
  /** Of dense-and-sparse. */
  readonly sparse?: SparseRule;
}

export interface Coder {
  readonly scheme: Scheme;
  /** @param w [rows, cols] @param f sensitivities of these rows */
  readonly encode: (w: Float32Array, f: Float32Array | undefined, pause: () => Promise<void>) => Promise<Encoded>;
}

const NORMAL = 2 ** -14;
const LARGEST = 65504;

/** 16 bits where every number keeps about their precision there, 32 where one would overflow or vanish. */
function storedFloat(id: ReportMethodId, bits: number, { absmax, squares, smallestRow, smallestGroup, rows, cols }: TensorFacts): StoredFloat {
  const rms = Math.sqrt(squares / (rows * cols));
  const qmax = largestCode(bits);
  const fits = {
    rtn: smallestGroup / qmax >= NORMAL && absmax / qmax <= LARGEST,
    nf4: smallestGroup >= NORMAL && absmax <= LARGEST,
    // Residual, branch and their scales live at the size of W as a whole.
    svdquant: squares === 0 || (rms / qmax >= NORMAL / 2 && absmax * Math.sqrt(cols) <= LARGEST),
    // Levels near 0 may be as small as they like; a row's own size must not be.
    kmeans: smallestRow >= 4 * NORMAL && absmax <= LARGEST,
    'dense-and-sparse': smallestRow >= 4 * NORMAL && 2 * absmax <= LARGEST,
    nvfp4: true,
    mxfp4: true,
  } satisfies Record<ReportMethodId, boolean>;
  return fits[id] ? 'F16' : 'F32';
}

export function schemeOf(id: ReportMethodId, bits: number, { facts, options, factor }: Prepared): Scheme {
  const { rows, cols, absmax } = facts;
  const floats = storedFloat(id, bits, facts);
  const types: Partial<Record<ReportMethodId, ScaleType>> = { rtn: floats, nf4: floats, svdquant: floats, nvfp4: 'F8_E4M3', mxfp4: 'F8_E8M0' };
  const type = types[id];
  const rank = id === 'svdquant' && factor ? factor.length / cols : 0;
  return {
    id, bits, rows, cols, floats, rank,
    ...(type ? { scaled: { group: groupOf(id, options.group, cols), type, tensorScale: id === 'nvfp4' ? nvfp4TensorScale(absmax) : 1 } } : {}),
    down: rank > 0 && factor ? storeAll(new Float32Array(factor), floats) : new Float32Array(0),
    sparse: id === 'dense-and-sparse',
  };
}

/** @throws MethodRefusal where the tensor is beyond the method */
export function coderOf(id: ReportMethodId, bits: number, prepared: Prepared): Coder {
  const scheme = schemeOf(id, bits, prepared);
  if (scheme.scaled) {
    const encode = scheme.rank > 0 ? (w: Float32Array) => encodeBranch(scheme, w) : (w: Float32Array) => roundGroups(scheme, w);
    return { scheme, encode: (w) => Promise.resolve(encode(w)) };
  }
  const solver = solverOf(scheme);
  const { sparse, options } = prepared;
  if (id === 'kmeans') return { scheme, encode: (w, _, pause) => encodeBook(scheme, solver, w, undefined, pause) };
  if (!sparse) throw new Error('Dense and sparse needs its thresholds.');
  return {
    scheme,
    encode: (w, given, pause) => encodeSparse(scheme, solver, w, options.sensitivity === 'magnitude' ? w.map((v) => v * v) : given, magnitudeRule(sparse, options), pause),
  };
}

/** With F = w² a magnitude above the k-th largest is a sensitivity above the k-th largest: compared in float64, as w² would be. */
const magnitudeRule = (rule: SparseRule, { sensitivity }: ReportOptions): SparseRule =>
  sensitivity === 'magnitude' ? { sensitive: Infinity, outlier: Math.min(rule.outlier, above(rule.sensitive)) } : rule;

/** "> x" as "≥": for magnitudes in float32. */
const above = (x: number): number => (x === Infinity ? x : x * (1 + Number.EPSILON));

/** The exact solver keeps a table of (levels + 1) × columns words: 128 MiB of them at most. */
const MAX_TABLE = 2 ** 25;

function solverOf({ bits, cols }: Scheme): ExactSolver {
  const levels = 2 ** bits;
  if ((levels + 1) * (cols + 1) > MAX_TABLE) {
    throw new MethodRefusal(`Rows of ${cols} weights are too long for k-means with ${levels} levels here.`);
  }
  return new ExactSolver(levels, cols);
}

/** Milliseconds of work between two pauses. */
const SLICE = 50;

async function encodeBook({ bits, cols, floats }: Scheme, solver: ExactSolver, w: Float32Array, f: Float32Array | undefined, pause: () => Promise<void>): Promise<Encoded> {
  const rows = w.length / cols;
  const book = new Float32Array(rows << bits);
  const codes = new Uint8Array(w.length);
  let since = performance.now();
  for (let n = 0; n < rows; n++) {
    const levels = book.subarray(n << bits, (n + 1) << bits);
    levels.set(solver.solve(w, f, n * cols, cols));
    nearestCodes(w, storeAll(levels, floats), codes, n * cols, cols);
    if (performance.now() - since < SLICE) continue;
    await pause();
    since = performance.now();
  }
  return { rows, codes, book };
}

async function encodeSparse(scheme: Scheme, solver: ExactSolver, w: Float32Array, given: Float32Array | undefined, rule: SparseRule, pause: () => Promise<void>): Promise<Encoded> {
  const { cols, floats, bits } = scheme;
  const removed = removedOf(w, given, rule);
  const dense = w.slice();
  const f = given ? given.slice() : new Float32Array(w.length).fill(1);
  for (let i = 0; i < w.length; i++) if (removed[i]) dense[i] = f[i] = 0;
  const { rows, codes, book } = await encodeBook(scheme, solver, dense, f, pause);
  if (!book) throw new Error('No codebook.');
  const rest = dense; // no longer needed: it holds w − c0 now
  for (let n = 0; n < rows; n++) {
    const zero = nearestToZero(book.subarray(n << bits, (n + 1) << bits));
    for (let i = n * cols; i < (n + 1) * cols; i++) if (removed[i]) rest[i] = roundStored(w[i] - zero, floats);
  }
  return { rows, codes, book, sparse: toCsr(rest, removed, rows, cols) };
}

/** up = W V, stored; then the residual W − up · down as integers. */
function encodeBranch(scheme: Scheme, w: Float32Array): Encoded {
  const { cols, rank, floats } = scheme;
  const rows = w.length / cols;
  const down = new Float64Array(scheme.down);
  const up = new Float32Array(rows * rank);
  const residual = new Float32Array(w.length);
  const product = new Float64Array(cols);
  for (let n = 0; n < rows; n++) {
    const at = n * cols;
    for (let r = 0; r < rank; r++) up[n * rank + r] = roundStored(dot(w, at, down, r * cols, cols), floats);
    productRow(up, n * rank, down, rank, product);
    for (let k = 0; k < cols; k++) residual[at + k] = w[at + k] - product[k];
  }
  return { ...roundGroups(scheme, residual), up };
}

function dot(a: Float32Array, p: number, b: Float64Array, q: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    s0 += a[p + i] * b[q + i];
    s1 += a[p + i + 1] * b[q + i + 1];
    s2 += a[p + i + 2] * b[q + i + 2];
    s3 += a[p + i + 3] * b[q + i + 3];
  }
  for (; i < length; i++) s0 += a[p + i] * b[q + i];
  return s0 + s1 + (s2 + s3);
}
