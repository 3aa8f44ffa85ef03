/**
 * How a method stores one tensor: what is the same for all rows (`Scheme`), what a block of rows adds (`Encoded`), the
 * weights that both stand for, and the bits they take. Measuring and reading back decode alike, so a file that was
 * exported has exactly the error that was reported.
 */

import { E2M1, NF4, roundE4m3 } from '../../kernels/formats';
import { roundHalfEven } from '../../kernels/round';
import type { Csr } from '../quant/csr';
import { largestCode } from '../quant/format';
import { nearestToZero } from '../quant/nearest';
import type { ReportMethodId } from './contract';

/** Scales of integers and NF4, codebooks, sparse values and factors: 16 bits where the tensor's numbers fit, else 32. */
export type StoredFloat = 'F16' | 'F32';
export type ScaleType = StoredFloat | 'F8_E4M3' | 'F8_E8M0';

export interface Scheme {
  readonly id: ReportMethodId;
  readonly bits: number;
  readonly rows: number;
  readonly cols: number;
  readonly floats: StoredFloat;
  /** One scale per `group` weights of a row; absent for codebooks. */
  readonly scaled?: { readonly group: number; readonly type: ScaleType; readonly tensorScale: number };
  /** Columns of the branch; 0 without one. */
  readonly rank: number;
  /** [rank, cols], as stored. */
  readonly down: Float32Array;
  readonly sparse: boolean;
}

/** A block of rows, every float already rounded to its stored type. */
export interface Encoded {
  readonly rows: number;
  /** [rows, cols], 0 … 2^bits − 1 */
  readonly codes: Uint8Array;
  /** [rows, ceil(cols / group)] */
  readonly scales?: Float32Array;
  /** [rows, 2^bits], ascending */
  readonly book?: Float32Array;
  /** Values are w − c0, c0 the level of the row's book nearest 0. */
  readonly sparse?: Csr;
  /** [rows, rank] */
  readonly up?: Float32Array;
}

/** Weights per scale that a format fixes. */
const FIXED_GROUP: Partial<Record<ReportMethodId, number>> = { nvfp4: 16, mxfp4: 32 };
export const groupOf = (id: ReportMethodId, group: number, cols: number): number => Math.min(FIXED_GROUP[id] ?? group, cols);

/** What code c stands for, times the scale: c − (2^(bits−1) − 1) for integers, the table of the format otherwise. */
export function levelsOf(id: ReportMethodId, bits: number): Float32Array {
  if (id === 'nf4') return NF4;
  if (id === 'nvfp4' || id === 'mxfp4') return E2M1;
  return Float32Array.from({ length: 2 ** bits }, (_, code) => code - largestCode(bits));
}

/** The weights, [rows, cols]; computed in float64 and rounded to float32 once. */
export function decode(scheme: Scheme, block: Encoded): Float32Array {
  const { cols, rank, down } = scheme;
  const out = scheme.scaled ? decodeScaled(scheme, block) : decodeBook(scheme, block);
  if (rank === 0 || !block.up) return out;
  const row = new Float64Array(cols);
  const factors = new Float64Array(down);
  for (let n = 0; n < block.rows; n++) {
    productRow(block.up, n * rank, factors, rank, row);
    for (let k = 0, i = n * cols; k < cols; k++, i++) out[i] = row[k] + out[i];
  }
  return out;
}

function decodeScaled({ id, bits, cols, scaled }: Scheme, { rows, codes, scales }: Encoded): Float32Array {
  if (!scaled || !scales) throw new Error('These codes have no scales.');
  const { group, tensorScale } = scaled;
  const levels = new Float64Array(levelsOf(id, bits));
  const groups = Math.ceil(cols / group);
  const out = new Float32Array(rows * cols);
  for (let n = 0; n < rows; n++) {
    for (let g = 0; g < groups; g++) {
      const scale = scales[n * groups + g] * tensorScale;
      const end = n * cols + Math.min(cols, (g + 1) * group);
      for (let i = n * cols + g * group; i < end; i++) out[i] = levels[codes[i]] * scale;
    }
  }
  return out;
}

function decodeBook({ bits, cols }: Scheme, { rows, codes, book, sparse }: Encoded): Float32Array {
  if (!book) throw new Error('These codes have no codebook.');
  const out = new Float32Array(rows * cols);
  for (let n = 0; n < rows; n++) {
    const start = n << bits;
    for (let i = n * cols; i < (n + 1) * cols; i++) out[i] = book[start + codes[i]];
    if (!sparse) continue;
    const zero = nearestToZero(book.subarray(start, start + (1 << bits)));
    for (let at = sparse.rowptr[n]; at < sparse.rowptr[n + 1]; at++) out[n * cols + sparse.cols[at]] = zero + sparse.values[at];
  }
  return out;
}

/** out = Σ_r up[start + r] · down[r], float64; four rows of `down` share each pass. */
export function productRow(up: Float32Array, start: number, down: Float64Array, rank: number, out: Float64Array): void {
  const cols = out.length;
  out.fill(0);
  let r = 0;
  for (; r + 4 <= rank; r += 4) {
    const [a, b, c, d] = [up[start + r], up[start + r + 1], up[start + r + 2], up[start + r + 3]];
    const at = r * cols;
    for (let k = 0; k < cols; k++) out[k] += a * down[at + k] + b * down[at + cols + k] + (c * down[at + 2 * cols + k] + d * down[at + 3 * cols + k]);
  }
  for (; r < rank; r++) for (let k = 0; k < cols; k++) out[k] += up[start + r] * down[r * cols + k];
}

const SCALE_BITS: Readonly<Record<ScaleType, number>> = { F16: 16, F32: 32, F8_E4M3: 8, F8_E8M0: 8 };

/** Bits per weight of what is stored, without the zeros that pad the last word of a row's codes. @param nonzeros of the sparse part */
export function bitsPerWeight({ id, bits, rows, cols, floats, scaled, rank, sparse }: Scheme, nonzeros: number): number {
  const float = SCALE_BITS[floats];
  let total = bits * rows * cols;
  if (scaled) total += SCALE_BITS[scaled.type] * rows * Math.ceil(cols / scaled.group) + (id === 'nvfp4' ? 32 : 0);
  else total += float * rows * 2 ** bits;
  total += float * rank * (rows + cols);
  if (sparse) total += nonzeros * (float + 32) + 32 * (rows + 1);
  return total / (rows * cols);
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);
/** 2⁻¹⁴ as float32 bits: below it binary16 numbers are spaced evenly. */
const SMALLEST_NORMAL = 0x38800000;

/** The nearest binary16 number, ties to even. @param x at most 65504 in size */
export function roundF16(x: number): number {
  float[0] = x;
  const bits = word[0];
  if ((bits & 0x7fffffff) < SMALLEST_NORMAL) return roundHalfEven(x * 2 ** 24) * 2 ** -24;
  word[0] = (bits + 0xfff + ((bits >>> 13) & 1)) & 0xffffe000;
  return float[0];
}

export const roundStored = (x: number, type: StoredFloat): number => (type === 'F16' ? roundF16(x) : Math.fround(x));

/** Rounds in place. */
export function storeAll(x: Float32Array, type: StoredFloat): Float32Array {
  if (type === 'F16') for (let i = 0; i < x.length; i++) x[i] = roundF16(x[i]);
  return x;
}

/** E4M3 scales as DeepCompressor has them; a zero scale is 1. */
export const storeE4m3 = (x: number): number => roundE4m3(x, 'larger') || 1;
