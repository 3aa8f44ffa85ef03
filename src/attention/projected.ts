/**
 * Heads of attention over a real clip, without a trained model: what a patch looks like goes through fixed random
 * projections, and codes of its frame and its place are added, each head weighing the three in its own way.
 */

import { createRng, type Rng } from '../../kernels/rng';
import { frameCodes, placeCodes, projection, through, unitRows } from './codes';
import type { Heads } from './heads';
import type { Patches } from './patches';

export { patchesOf, type Patches } from './patches';

/** Stands wherever such heads are shown. */
export const PROJECTED_NOTE = 'Patch features through fixed random projections, not a trained model.';

/** What a head looks for, as the logit of a pair that agrees in it fully. */
export interface HeadWeights {
  readonly frame: number;
  readonly place: number;
  readonly content: number;
}

export interface ProjectionOptions {
  readonly heads: readonly HeadWeights[];
  /** D, divisible by 4; at least 4 for each part that some head weighs. */
  readonly D: number;
  /** Multiplies all weights. */
  readonly sharpness: number;
  /** σ: noise on q and k. Early denoising steps have much of it. */
  readonly noise: number;
  readonly seed: number;
}

/** Queries and keys see the features through projections of their own that agree to this cosine. */
const AGREEMENT = 0.8;
/** What a value carries beside a content of variance 1: codes of its frame and its place, and what nothing predicts. */
const VALUE_CODES = 0.6;
const VALUE_NOISE = 0.3;
/** Numbers in the codes that values carry. */
const CODE = 16;

/** One stream of random numbers for each ingredient of each head. */
type Streams = (ingredient: string) => Rng;

/**
 * Heads [H,N,D], N = frames·grid², frame-major. The logit of a pair is about sharpness · (frame ⟨e_f, e_f'⟩ +
 * place ⟨e_p, e_p'⟩ + content cos(W_q x, W_k x')) and noise: e are random Fourier codes of unit length, and projected
 * features are brought to unit length too, as video models norm their queries and keys. Values are projected features
 * and codes: in a still scene a place looks the same in every frame, and without a code of the frame a head that looks
 * at time would lose nothing by looking at one moment. One more head leaves the others as they are.
 * @throws RangeError when D is not divisible by 4 or too small for the parts of a head
 */
export function projectedHeads(p: Patches, o: ProjectionOptions): Heads {
  const { heads, D, noise, seed } = o;
  if (D % 4 !== 0) throw new RangeError(`D is ${D}, but it must be divisible by 4.`);
  const N = p.frames * p.grid ** 2;
  const [q, k, v] = [0, 1, 2].map(() => new Float32Array(heads.length * N * D));
  for (const [h, weights] of heads.entries()) {
    const streams: Streams = (ingredient) => createRng(streamSeed(seed, h, ingredient));
    const base = basesOf(p, weights, o, streams);
    const values = valuesOf(p, D, streams);
    const [ofQ, ofK, ofV] = ['noise of q', 'noise of k', 'noise of v'].map(streams);
    for (let i = 0, at = h * N * D; i < N * D; i++, at++) {
      q[at] = base.q[i] + noise * ofQ.normal();
      k[at] = base.k[i] + noise * ofK.normal();
      v[at] = values[i] + VALUE_NOISE * ofV.normal();
    }
  }
  return { H: heads.length, N, D, q, k, v };
}

/** FNV-1a over the head and the name. */
function streamSeed(seed: number, head: number, name: string): number {
  let hash = (0x811c9dc5 ^ Math.imul(seed | 0, 0x9e3779b1)) >>> 0;
  for (const char of `${head}/${name}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}

/** Codes and content side by side, each in channels of its own, so that their products add up. */
function basesOf(p: Patches, { frame, place, content }: HeadWeights, { D, sharpness }: ProjectionOptions, streams: Streams): { q: Float64Array; k: Float64Array } {
  const N = p.frames * p.grid ** 2;
  const [q, k] = [new Float64Array(N * D), new Float64Array(N * D)];
  const parts = [frame, place, content].filter((weight) => weight > 0).length;
  const width = parts === 0 ? 0 : 4 * Math.floor(D / 4 / parts);
  if (parts > 0 && width === 0) throw new RangeError(`D is ${D}, but a head of ${parts} parts needs ${4 * parts} channels.`);
  let channel = 0;
  const put = (weight: number, ofQ: Float64Array, ofK = ofQ): void => {
    const scale = Math.sqrt(weight * sharpness * Math.sqrt(D));
    for (let i = 0; i < N; i++) {
      for (let d = 0; d < width; d++) {
        q[i * D + channel + d] = scale * ofQ[i * width + d];
        k[i * D + channel + d] = scale * ofK[i * width + d];
      }
    }
    channel += width;
  };
  if (frame > 0) put(frame, frameCodes(p, streams('frame code'), width));
  if (place > 0) put(place, placeCodes(p, streams('place code'), width));
  if (content > 0) {
    const [shared, other] = ['content', 'content of k'].map((name) => projection(streams(name), width, p.features));
    const ofK = shared.map((value, i) => AGREEMENT * value + Math.sqrt(1 - AGREEMENT ** 2) * other[i]);
    put(content, unitRows(through(p.x, p.features, shared), width), unitRows(through(p.x, p.features, ofK), width));
  }
  return { q, k };
}

/** [N, D] */
function valuesOf(p: Patches, D: number, streams: Streams): Float64Array {
  const out = through(p.x, p.features, projection(streams('values'), D, p.features));
  const add = (codes: Float64Array, name: string): void => {
    // Codes are of unit length: their projection needs no scaling by their number.
    const more = through(codes, CODE, projection(streams(name), D, 1, CODE));
    for (let i = 0; i < out.length; i++) out[i] += VALUE_CODES * more[i];
  };
  add(frameCodes(p, streams('frame in values'), CODE), 'values of the frame');
  add(placeCodes(p, streams('place in values'), CODE), 'values of the place');
  return out;
}
