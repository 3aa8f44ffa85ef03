/**
 * W = D + S: which weights leave the dense matrix (SqueezeLLM, arXiv 2306.07629, section 4.2), in the order and with
 * the comparisons of the official squeezellm/outliers.py and quantization/generate_outlier_config.py.
 */

import { orderStatistics, quantiles } from './order';

/** Values of `Split.kind`. */
export const DENSE = 0;
export const SENSITIVE = 1;
export const OUTLIER = 2;

export interface SplitOptions {
  /** F, of W's shape: needed where `sensitivePercent` is above 0. */
  readonly sensitivity?: Float32Array;
  /** k = ⌊numel · percent / 100⌋; values with F strictly above the k-th largest F leave, so k − 1 without ties. */
  readonly sensitivePercent: number;
  /** The share of all weights to remove by magnitude; or else … */
  readonly outlierPercent?: number;
  /** … ρ of T = max(|q1 − ρ IQR|, |q3 + ρ IQR|). With neither, nothing leaves by magnitude. */
  readonly range?: number;
}

export interface Split {
  /** W with what leaves set to 0. */
  readonly dense: Float32Array;
  /** Per weight DENSE, SENSITIVE or OUTLIER. */
  readonly kind: Uint8Array;
  /** T: weights of |w| ≥ T leave. Infinity where nothing leaves by magnitude. */
  readonly threshold: number;
  /** The ρ that T equals; Infinity with T, NaN where the quartiles coincide and no ρ reaches T. */
  readonly range: number;
  /** Weights of F above it leave; Infinity where none do. */
  readonly sensitivityThreshold: number;
  readonly sensitive: number;
  readonly outliers: number;
}

/**
 * Sensitive values first, then outliers of what remains; the quartiles are those of the whole of W. A weight of
 * exactly 0 stays: there is nothing to store for it.
 * @throws RangeError for a share outside 0 … 100, or sensitive values asked for without a sensitivity of W's size
 */
export function split(weights: Float32Array, o: SplitOptions): Split {
  const dense = weights.slice();
  const kind = new Uint8Array(weights.length);
  const sensitivityThreshold = sensitivityAbove(weights.length, o);
  let sensitive = 0;
  if (sensitivityThreshold < Infinity) {
    for (let i = 0; i < dense.length; i++) {
      if (o.sensitivity![i] > sensitivityThreshold && dense[i] !== 0) {
        kind[i] = SENSITIVE;
        dense[i] = 0;
        sensitive++;
      }
    }
  }
  const { threshold, range } = magnitudeFrom(weights, dense, kind, o);
  let outliers = 0;
  for (let i = 0; i < dense.length; i++) {
    if (Math.abs(dense[i]) >= threshold && dense[i] !== 0) {
      kind[i] = OUTLIER;
      dense[i] = 0;
      outliers++;
    }
  }
  return { dense, kind, threshold, range, sensitivityThreshold, sensitive, outliers };
}

function demandPercent(name: string, percent: number): void {
  if (!(percent >= 0 && percent <= 100)) throw new RangeError(`${name} is ${percent}, but a share lies between 0 and 100 %.`);
}

function sensitivityAbove(size: number, { sensitivity, sensitivePercent }: SplitOptions): number {
  demandPercent('sensitivePercent', sensitivePercent);
  const k = Math.floor((size * sensitivePercent) / 100);
  if (k === 0) return Infinity;
  if (sensitivity?.length !== size) throw new RangeError(`Sensitive values need one sensitivity per weight: ${size}, not ${sensitivity?.length ?? 0}.`);
  return orderStatistics(sensitivity, [size - k])[0];
}

const f32 = Math.fround;
const NOTHING = { threshold: Infinity, range: Infinity };

/** T and ρ, one given by the other; float32 as in the official script. */
function magnitudeFrom(weights: Float32Array, dense: Float32Array, kind: Uint8Array, { outlierPercent, range }: SplitOptions): { threshold: number; range: number } {
  if (outlierPercent !== undefined) demandPercent('outlierPercent', outlierPercent);
  if (weights.length === 0 || (outlierPercent === undefined && (range === undefined || range === Infinity))) return NOTHING;
  const [q1, q3] = quantiles(weights, [0.25, 0.75]);
  const spread = f32(q3 - q1);
  if (outlierPercent === undefined) {
    const reach = f32(f32(range!) * spread);
    return { threshold: Math.max(Math.abs(f32(q1 - reach)), Math.abs(f32(q3 + reach))), range: range! };
  }
  const threshold = thresholdOfShare(dense, kind, outlierPercent);
  if (threshold === Infinity) return NOTHING;
  return { threshold, range: spread > 0 ? (threshold - Math.max(-q1, q3)) / spread : Number.NaN };
}

/** The T that removes as near to the share of all weights as the data allow: equal magnitudes go or stay together. */
function thresholdOfShare(dense: Float32Array, kind: Uint8Array, percent: number): number {
  const wanted = Math.round((dense.length * percent) / 100);
  const magnitudes = dense.map(Math.abs).filter((m, i) => kind[i] === DENSE && m > 0);
  const count = Math.min(wanted, magnitudes.length);
  if (count === 0) return Infinity;
  const [at] = orderStatistics(magnitudes, [magnitudes.length - count]);
  let [above, from] = [0, 0]; // how many leave with T just above this magnitude, and with T equal to it
  let higher = Infinity;
  for (const m of magnitudes) {
    if (m >= at) from++;
    if (m > at) {
      above++;
      if (m < higher) higher = m;
    }
  }
  return from - wanted <= wanted - above ? at : higher;
}
