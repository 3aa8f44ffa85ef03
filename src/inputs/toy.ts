/**
 * A linear layer made up from a seed: activations with outlier channels, weights with or without structure.
 *
 * The pattern behind it is SVDQuant's own (arXiv 2411.05007, section 3): a few input channels of X are much larger
 * than the rest. Smoothing moves them into W, where they become a few large columns, that is, a part of low rank.
 */

import { createRng, type Rng } from '../../kernels/rng';

export interface ToyOptions {
  readonly tokens: number;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** How many input channels are outliers, at most `inFeatures`. 0 is the control without outliers. */
  readonly outliers: number;
  /** Typical scale of an outlier channel; an ordinary channel's is 1. */
  readonly size: number;
  /** Standard deviation of ln(scale) among the outlier channels. */
  readonly spread: number;
  /** 0: Gaussian. Otherwise X and W are Student-t with this many degrees of freedom, at unit variance above 2. */
  readonly tails: number;
  /** Rank of a structured part added to W; 0 for none. */
  readonly planted: number;
  readonly seed: number;
}

export interface Toy {
  /** [tokens, inFeatures] */
  readonly x: Float32Array;
  /** [outFeatures, inFeatures] */
  readonly w: Float32Array;
  /** Ascending. */
  readonly outlierChannels: readonly number[];
}

const CHANNEL_SPREAD = 0.5;
const WEIGHT_SCALE = 0.02;
/** The first planted direction, in units of the largest singular value that noise alone has. */
const PLANTED_STRENGTH = 6;
const PLANTED_DECAY = 0.7;

/**
 * Every ingredient draws from a stream of its own, so that moving one control leaves the others' numbers where they
 * were: outlier sets are nested as `outliers` grows, planted directions stay as `planted` grows, heavier tails scale
 * the same normal deviates, and a further token or output is a further row.
 */
export function makeToy(options: ToyOptions): Toy {
  const { tokens, inFeatures, outFeatures, outliers, size, spread, tails, planted, seed } = options;
  for (const [name, value] of Object.entries({ tokens, inFeatures, outFeatures, outliers, planted })) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} is ${value}, but it must be a whole number from 0.`);
  }
  const stream = (name: string, index = 0): Rng => createRng(streamSeed(seed, name, index));

  const ordinary = stream('channel scales');
  const scales = Float64Array.from({ length: inFeatures }, () => Math.exp(CHANNEL_SPREAD * ordinary.normal()));
  const chosen = shuffled(inFeatures, stream('outlier channels')).slice(0, outliers);
  const outlierScales = stream('outlier scales');
  for (const channel of chosen) scales[channel] = size * Math.exp(spread * outlierScales.normal());

  const x = deviates(tokens * inFeatures, stream('activations'), tails, stream('activation tails'));
  for (let i = 0; i < x.length; i++) x[i] *= scales[i % inFeatures];
  const w = deviates(outFeatures * inFeatures, stream('weights'), tails, stream('weight tails'));
  for (let i = 0; i < w.length; i++) w[i] *= WEIGHT_SCALE;
  const noiseEdge = WEIGHT_SCALE * (Math.sqrt(outFeatures) + Math.sqrt(inFeatures));
  for (let rank = 0; rank < planted; rank++) {
    const strength = PLANTED_STRENGTH * noiseEdge * (rank + 1) ** -PLANTED_DECAY;
    addOuterProduct(w, strength, unitVector(outFeatures, stream('planted out', rank)), unitVector(inFeatures, stream('planted in', rank)));
  }
  return { x: Float32Array.from(x), w: Float32Array.from(w), outlierChannels: chosen.sort((a, b) => a - b) };
}

/** FNV-1a of the stream's name, mixed with the seed and an index. */
function streamSeed(seed: number, name: string, index: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed | 0, 0x9e3779b1);
  for (const char of `${name} ${index}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

function shuffled(count: number, rng: Rng): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function deviates(count: number, rng: Rng, dof: number, tails: Rng): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = rng.normal();
  if (!(dof > 0)) return out;
  const unitVariance = dof > 2 ? Math.sqrt((dof - 2) / dof) : 1;
  // t = normal / sqrt(chi² / dof), and chi² with dof degrees of freedom is twice a Gamma(dof / 2).
  for (let i = 0; i < count; i++) out[i] *= unitVariance / Math.sqrt((2 * gamma(dof / 2, tails)) / dof);
  return out;
}

/** Gamma(shape, 1) by Marsaglia and Tsang (2000); below shape 1 by their power of a uniform. */
function gamma(shape: number, rng: Rng): number {
  if (shape < 1) return gamma(shape + 1, rng) * (1 - rng.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = rng.normal();
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}

function unitVector(length: number, rng: Rng): Float64Array {
  const v = Float64Array.from({ length }, () => rng.normal());
  const norm = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
  return v.map((value) => value / norm);
}

function addOuterProduct(w: Float64Array, strength: number, u: Float64Array, v: Float64Array): void {
  for (let n = 0, at = 0; n < u.length; n++) {
    const row = strength * u[n];
    for (let k = 0; k < v.length; k++, at++) w[at] += row * v[k];
  }
}
