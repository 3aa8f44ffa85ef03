/**
 * GPTQ with group scales fixed beforehand (Frantar et al., arXiv 2210.17323; DeepCompressor
 * quantizer/kernel/gptq.py): columns are rounded one after another, in order of descending Hessian diagonal,
 * and each column's rounding error is fed forward to the columns not yet rounded.
 */

import { roundHalfEven } from '../../kernels/round';
import { choleskyUpper, inversePositiveDefinite, NotPositiveDefinite } from '../linalg/cholesky';

/**
 * Rounds value/scale: the code, and the level it stands for (they are the same number for integers). `at` is the place
 * of the scale among `scales`, for formats with more than a scale per group (a zero point).
 */
export interface Rounding {
  readonly code: (quotient: number, at?: number) => number;
  readonly level: (code: number) => number;
}

/** Signed symmetric INT4, −7 … 7. */
export const INT4_ROUNDING: Rounding = {
  code: (quotient) => Math.min(7, Math.max(-7, roundHalfEven(quotient))),
  level: (code) => code,
};

export interface GptqOptions {
  /** [N,K] = [out,in] */
  readonly weights: Float32Array;
  /** N */
  readonly rows: number;
  /** K */
  readonly cols: number;
  /** [T,K], as the rounded layer will see them */
  readonly activations: Float32Array;
  readonly tokens: number;
  readonly groupSize: number;
  /** [N,ceil(K/G)], of the original columns; any per-tensor scale multiplied in. */
  readonly scales: Float32Array;
  readonly round?: Rounding;
  /** Share of the mean Hessian diagonal added to the diagonal. */
  readonly dampFraction?: number;
  /** Columns whose errors reach the rest of the matrix together. */
  readonly blockSize?: number;
}

export interface GptqResult {
  readonly codes: Int8Array;
  readonly dequantized: Float32Array;
}

/** H = 2/T Σ xᵀx, [K,K], float64. */
function hessian(x: Float32Array, tokens: number, cols: number): Float64Array {
  const h = new Float64Array(cols * cols);
  const row = new Float64Array(cols);
  for (let t = 0; t < tokens; t++) {
    for (let k = 0; k < cols; k++) row[k] = x[t * cols + k];
    for (let i = 0; i < cols; i++) {
      const xi = row[i];
      if (xi === 0) continue;
      const at = i * cols;
      for (let j = i; j < cols; j++) h[at + j] += xi * row[j];
    }
  }
  for (let i = 0; i < cols; i++) for (let j = i; j < cols; j++) h[j * cols + i] = h[i * cols + j] *= 2 / tokens;
  return h;
}

const DAMP_RETRIES = 250;
const DAMP_STEP = 0.001;

/** Upper Cholesky factor of the damped H⁻¹; damping grows by 0.1 % of the mean diagonal until H factors. */
function inverseFactor(h: Float64Array, n: number, dampFraction: number): Float64Array {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += h[i * n + i] / n;
  for (let attempt = 0; ; attempt++) {
    const damped = h.slice();
    for (let i = 0; i < n; i++) damped[i * n + i] += (dampFraction + attempt * DAMP_STEP) * mean;
    try {
      return choleskyUpper(inversePositiveDefinite(damped, n), n);
    } catch (error) {
      if (!(error instanceof NotPositiveDefinite) || attempt === DAMP_RETRIES) throw error;
    }
  }
}

/**
 * Codes [N,K] and their values.
 * @throws NotPositiveDefinite when the Hessian does not factor with any damping
 */
export function gptq(options: GptqOptions): GptqResult {
  const { weights, rows, cols, activations, tokens, groupSize, scales, round = INT4_ROUNDING, dampFraction = 0.01, blockSize = 128 } = options;
  const groups = Math.ceil(cols / groupSize);
  const raw = hessian(activations, tokens, cols);
  const dead = Uint8Array.from({ length: cols }, (_, k) => (raw[k * cols + k] === 0 ? 1 : 0));
  for (let k = 0; k < cols; k++) if (dead[k]) raw[k * cols + k] = 1;

  // Act-order: from here on column c is input order[c].
  const order = Array.from({ length: cols }, (_, k) => k).sort((i, j) => raw[j * cols + j] - raw[i * cols + i]);
  const h = new Float64Array(cols * cols);
  for (let i = 0; i < cols; i++) for (let j = 0; j < cols; j++) h[i * cols + j] = raw[order[i] * cols + order[j]];
  const u = inverseFactor(h, cols, dampFraction);

  const codes = new Int8Array(rows * cols);
  const dequantized = new Float32Array(rows * cols);
  const w = new Float64Array(cols);
  const errors = new Float64Array(cols);
  for (let row = 0; row < rows; row++) {
    // Rows do not touch each other: each goes through all columns while it is in cache.
    for (let c = 0; c < cols; c++) w[c] = dead[order[c]] ? 0 : weights[row * cols + order[c]];
    for (let begin = 0; begin < cols; begin += blockSize) {
      const end = Math.min(begin + blockSize, cols);
      for (let c = begin; c < end; c++) {
        const k = order[c];
        const at = row * groups + Math.floor(k / groupSize);
        const scale = scales[at];
        const code = round.code(Math.fround(Math.fround(w[c]) / scale), at);
        const value = Math.fround(round.level(code) * scale);
        codes[row * cols + k] = code;
        dequantized[row * cols + k] = value;
        const error = (w[c] - value) / u[c * cols + c];
        errors[c] = error;
        for (let j = c + 1; j < end; j++) w[j] -= error * u[c * cols + j];
      }
      // The rest of the matrix learns of the block's errors at once.
      for (let c = begin; c < end; c++) {
        const error = errors[c];
        if (error !== 0) for (let j = end; j < cols; j++) w[j] -= error * u[c * cols + j];
      }
    }
  }
  return { codes, dequantized };
}
