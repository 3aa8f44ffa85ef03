/**
 * A network that is at its own optimum by construction: its labels are drawn from its own softmax, so that the expected
 * gradient is zero, as SqueezeLLM assumes of a trained model. Heavy tails and a few large weights make it hard to round.
 */

import { createRng, type Rng } from '../../../../kernels/rng';
import type { Network, Samples } from './network';

export interface SelfLabelledOptions {
  readonly features: number;
  readonly hidden: number;
  readonly classes: number;
}

const SIZES: SelfLabelledOptions = { features: 48, hidden: 48, classes: 16 };
/** Scales of the Student-t weights of each layer. */
const SCALES = [0.18, 0.35];
const DEGREES = 4;
const LARGE_SHARE = 0.004;
const LARGE = 8;
/** Standard deviation of ln(scale) of the features. */
const SPREAD = 0.7;

/** Streams of one seed that must not repeat each other. */
const stream = (seed: number, name: number): Rng => createRng(Math.imul(seed + 1, 0x9e3779b1) + name);

/** Student-t with 4 degrees of freedom: χ² of 4 is −2 ln of a product of two uniforms. */
const student = (rng: Rng): number => rng.normal() / Math.sqrt((-2 * Math.log((1 - rng.uniform()) * (1 - rng.uniform()))) / DEGREES);

export interface SelfLabelled {
  readonly network: Network;
  /** Samples of two streams; more of them begin with the same ones. */
  readonly calibration: (count: number) => Samples;
  readonly evaluation: (count: number) => Samples;
}

/** Features scaled by exp(0.7 n), two layers without bias, 48 → 48 → 16 unless `sizes` says otherwise. */
export function selfLabelled(seed: number, sizes: Partial<SelfLabelledOptions> = {}): SelfLabelled {
  const { features, hidden, classes } = { ...SIZES, ...sizes };
  const shape = [features, hidden, classes];
  const layers = SCALES.map((scale, i) => {
    const rng = stream(seed, 10 + i);
    const large = stream(seed, 20 + i);
    const weights = Float32Array.from({ length: shape[i] * shape[i + 1] }, () => student(rng) * scale * (large.uniform() < LARGE_SHARE ? LARGE : 1));
    return { weights, bias: new Float32Array(shape[i + 1]), out: shape[i + 1], in: shape[i] };
  });
  const spread = stream(seed, 1);
  const scales = Float64Array.from({ length: features }, () => Math.exp(SPREAD * spread.normal()));
  const network: Network = { id: `self-labelled ${seed}`, layers };
  const draw = (part: number) => (count: number): Samples => {
    const rng = stream(seed, part);
    const x = new Float32Array(count * features);
    const labels = new Uint8Array(count);
    const h = new Float64Array(hidden);
    const z = new Float64Array(classes);
    for (let t = 0; t < count; t++) {
      for (let d = 0; d < features; d++) x[t * features + d] = scales[d] * rng.normal();
      affine(layers[0].weights, x.subarray(t * features, (t + 1) * features), h);
      for (let i = 0; i < hidden; i++) h[i] = Math.max(0, h[i]);
      affine(layers[1].weights, h, z);
      labels[t] = sampleSoftmax(z, rng.uniform());
    }
    return { x, labels, count, features, classes };
  };
  return { network, calibration: draw(2), evaluation: draw(3) };
}

/** y = W x, float64. */
function affine(weights: Float32Array, x: ArrayLike<number>, y: Float64Array): void {
  for (let n = 0, at = 0; n < y.length; n++) {
    let sum = 0;
    for (let k = 0; k < x.length; k++, at++) sum += weights[at] * x[k];
    y[n] = sum;
  }
}

function sampleSoftmax(logits: Float64Array, uniform: number): number {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const mass = logits.map((z) => Math.exp(z - most));
  let left = uniform * mass.reduce((a, b) => a + b, 0);
  for (let c = 0; c < mass.length; c++) if ((left -= mass[c]) < 0) return c;
  return mass.length - 1;
}
