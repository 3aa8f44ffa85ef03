/**
 * Drifting semantic regions: what a token means depends on a region that moves, so blocks of places mix meanings.
 * Queries and keys have fields of their own; were they the same, one clustering for both would look good enough.
 */

import { createRng, type Rng } from '../../../kernels/rng';
import type { Heads } from '../../attention/heads';

export interface ToyOptions {
  readonly heads: number;
  /** The first head's number: each head draws from streams of its own, so any of them can be made alone. */
  readonly firstHead: number;
  readonly frames: number;
  /** Frames are `side` × `side` tokens. */
  readonly side: number;
  /** D, divisible by 4 */
  readonly dim: number;
  /** Meanings, each with a region of its own in every frame. */
  readonly classes: number;
  /** Whether what a token looks for moves apart from what it is, or with it. */
  readonly fields: 'independent' | 'equal';
  /** τ: how much the logits of different meanings differ. */
  readonly sharpness: number;
  /** ν: deviation of a token from its meaning. */
  readonly noise: number;
  /** Standard deviation of a region's velocity, cells per frame. */
  readonly speed: number;
  /** Share of frames, from the last, that belong to another scene: other regions, other meanings. 0 to 1. */
  readonly cut: number;
  /** Denoising step, from 0. */
  readonly step: number;
  /** How far meanings and noise turn in one step, radians. */
  readonly drift: number;
  readonly seed: number;
}

export interface Toy extends Heads {
  /** [H,N]: the meaning of each token as a query, and as a key. Those of the second scene count from `classes`. */
  readonly queryClass: Uint8Array;
  readonly keyClass: Uint8Array;
}

export const TOY: ToyOptions = {
  heads: 1, firstHead: 0, frames: 16, side: 8, dim: 32, classes: 16, fields: 'independent', sharpness: 6, noise: 0.35, speed: 0.6, cut: 0, step: 0, drift: 0, seed: 0,
};

/** Share of a second meaning that a query looks for beside its own. */
const SECOND = 0.6;
const VALUE_NOISE = 0.3;

/**
 * K_i = μ(z_k(i)) + ν ε/√D, Q_i = τ √D (μ(z_q(i)) + 0.6 μ(π(z_q(i))) + ν ε/√D), V_i = M μ(z_k(i)) + 0.3 ε: μ unit
 * vectors, π a permutation of the meanings without a fixed point, z the regions. Every ingredient draws from a stream of
 * its own: another step, sharpness or cut leaves the rest as it was.
 * @throws RangeError where `dim` is not divisible by 4, or there are more meanings than a byte numbers
 */
export function makeToy(options: ToyOptions): Toy {
  const { heads, frames, side, dim, classes } = options;
  if (dim % 4 !== 0) throw new RangeError(`dim is ${dim}, but it must be divisible by 4.`);
  if (classes < 1 || classes > 128) throw new RangeError(`classes is ${classes}, but there are 1 to 128.`);
  const tokens = frames * side * side;
  const [q, k, v] = [0, 1, 2].map(() => new Float32Array(heads * tokens * dim));
  const [queryClass, keyClass] = [new Uint8Array(heads * tokens), new Uint8Array(heads * tokens)];
  for (let h = 0; h < heads; h++) {
    const head = makeHead(options, (name) => createRng(streamSeed(options.seed, options.firstHead + h, name)));
    q.set(head.q, h * tokens * dim);
    k.set(head.k, h * tokens * dim);
    v.set(head.v, h * tokens * dim);
    queryClass.set(head.queryClass, h * tokens);
    keyClass.set(head.keyClass, h * tokens);
  }
  return { H: heads, N: tokens, D: dim, q, k, v, queryClass, keyClass };
}

type Streams = (name: string) => Rng;

/** FNV-1a over the head and the name. */
function streamSeed(seed: number, head: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const char of `${head}/${name}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}

function makeHead(o: ToyOptions, streams: Streams): Pick<Toy, 'q' | 'k' | 'v' | 'queryClass' | 'keyClass'> {
  const { dim, classes, sharpness, noise } = o;
  const tokens = o.frames * o.side * o.side;
  const keyClass = fields(o, streams, 'keys');
  const queryClass = o.fields === 'equal' ? keyClass : fields(o, streams, 'queries');
  const meaning = [...Array(2 * classes).keys()].map((c) => turned(o, unit(dim, streams(`meaning ${c}`)), unit(dim, streams(`meaning ${c} turned`))));
  const second = [...cycle(classes, streams('second')), ...cycle(classes, streams('second, other scene')).map((c) => c + classes)];
  const random = streams('values');
  const mixing = Float64Array.from({ length: dim * dim }, () => random.normal());
  const worth = meaning.map((m) => Float64Array.from(m, (_, d) => m.reduce((sum, x, e) => sum + mixing[d * dim + e] * x, 0)));
  const [q, k, v] = [0, 1, 2].map(() => new Float32Array(tokens * dim));
  const [queryNoise, keyNoise, valueNoise] = ['query noise', 'key noise', 'value noise'].map((name) => turningNoise(o, streams, name));
  const spread = noise / Math.sqrt(dim);
  for (let i = 0; i < tokens; i++) {
    const [own, other, key] = [meaning[queryClass[i]], meaning[second[queryClass[i]]], keyClass[i]];
    for (let d = 0; d < dim; d++) {
      q[i * dim + d] = sharpness * Math.sqrt(dim) * (own[d] + SECOND * other[d] + spread * queryNoise());
      k[i * dim + d] = meaning[key][d] + spread * keyNoise();
      v[i * dim + d] = worth[key][d] + VALUE_NOISE * valueNoise();
    }
  }
  return { q, k, v, queryClass, keyClass };
}

/** a at step 0, and from there on toward b; both unit and nearly at right angles. */
function turned({ step, drift }: ToyOptions, a: Float64Array, b: Float64Array): Float64Array {
  const sum = a.map((v, d) => Math.cos(step * drift) * v + Math.sin(step * drift) * b[d]);
  const norm = Math.hypot(...sum);
  return sum.map((v) => v / norm);
}

/** Standard normal at every step, changing little from one to the next. */
function turningNoise({ step, drift }: ToyOptions, streams: Streams, name: string): () => number {
  const [a, b] = [streams(name), streams(`${name} turned`)];
  if (step * drift === 0) return () => a.normal();
  return () => Math.cos(step * drift) * a.normal() + Math.sin(step * drift) * b.normal();
}

function unit(dim: number, rng: Rng): Float64Array {
  const x = Float64Array.from({ length: dim }, () => rng.normal());
  const norm = Math.hypot(...x);
  return x.map((v) => v / norm);
}

/** A random permutation of one cycle (Sattolo): none of several meanings is its own second. */
function cycle(n: number, rng: Rng): number[] {
  const order = [...Array(n).keys()];
  for (let i = n - 1; i > 0; i--) {
    const j = rng.below(i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The region of each token: the nearest of moving seeds on a torus. Frames after the cut have seeds of their own. */
function fields(o: ToyOptions, streams: Streams, name: string): Uint8Array {
  const { frames, side, classes, speed } = o;
  const positions = side * side;
  const labels = new Uint8Array(frames * positions);
  const scenes = ['', ', other scene'].map((scene) => {
    const rng = streams(name + scene);
    return Array.from({ length: classes }, () => ({ x: side * rng.uniform(), y: side * rng.uniform(), dx: speed * rng.normal(), dy: speed * rng.normal() }));
  });
  const apart = (a: number, b: number): number => {
    const gap = Math.abs(a - b) % side;
    return Math.min(gap, side - gap);
  };
  for (let f = 0; f < frames; f++) {
    const scene = f >= frames - Math.round(o.cut * frames) ? 1 : 0;
    for (let p = 0; p < positions; p++) {
      let nearest = Infinity;
      for (const [c, seed] of scenes[scene].entries()) {
        const distance = apart(p % side, seed.x + f * seed.dx) ** 2 + apart(Math.floor(p / side), seed.y + f * seed.dy) ** 2;
        if (distance >= nearest) continue;
        nearest = distance;
        labels[f * positions + p] = c + scene * classes;
      }
    }
  }
  return labels;
}
