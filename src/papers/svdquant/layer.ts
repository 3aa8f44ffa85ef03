/** One linear layer Y = X Wᵀ and what every method needs of it, remembered by content. */

import { absmaxColumns } from '../../../kernels/absmax_columns/absmax_columns';
import { matmulNt } from '../../../kernels/matmul_nt/matmul_nt';
import { scaleChannels } from '../../../kernels/scale_channels/scale_channels';
import { withScope, type Engine, type Scope } from '../../engine/engine';
import { jacobiSvd, lowRank, type Svd } from '../../linalg/jacobi';
import { randomizedSvd } from '../../linalg/randomized';
import type { Memo } from '../../run/memo';
import type { MethodOptions } from './params';

export interface Layer {
  readonly engine: Engine;
  readonly memo: Memo;
  /** Waits for waiting messages; throws when the run is stale. */
  readonly pause: () => Promise<void>;
  readonly tokens: number; // T
  readonly inFeatures: number; // K
  readonly outFeatures: number; // N
  /** [T,K], what is rounded: X, or X + 11/64 where the activations are unsigned. */
  readonly x: Float32Array;
  /** [N,K] */
  readonly w: Float32Array;
  readonly xKey: string;
  readonly wKey: string;
  readonly unsigned: boolean;
}

/** λ with X̂ = X/λ [T,K] and Ŵ = λW [N,K]. `key` names λ in memo keys. */
export interface Smoothed {
  readonly key: string;
  readonly lambda: Float32Array;
  readonly xs: Float32Array;
  readonly ws: Float32Array;
}

/** L = up · down [N,K] in 16 bits; `raw` = down/λ takes the raw X, as the fused kernel does. */
export interface Branch {
  readonly rank: number;
  readonly up: Float32Array; // [N,R] = U S
  readonly down: Float32Array; // [R,K] = Vᵀ
  readonly raw: Float32Array; // [R,K]
}

/** A key that changes whenever the data does: two FNV-1a lanes over the 32-bit words, and the length. */
export function contentKey(data: Float32Array): string {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i], 0x01000193);
    b = Math.imul(b ^ (words[i] + i), 0x85ebca6b) ^ (b >>> 13);
  }
  return `${data.length}:${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}

export const uploadX = (scope: Scope, layer: Layer) => scope.hold(layer.x, [layer.tokens, layer.inFeatures]);
export const uploadW = (scope: Scope, layer: Layer) => scope.hold(layer.w, [layer.outFeatures, layer.inFeatures]);

/** max over tokens of |X| and max over outputs of |W|, per input channel [K]. */
export function channelMaxima(layer: Layer): Promise<{ x: Float32Array; w: Float32Array }> {
  return layer.memo.get('channel maxima', [layer.xKey, layer.wKey], () => withScope(layer.engine, async (scope) => {
    const maxima = [uploadX(scope, layer), uploadW(scope, layer)].map((x) => scope.run(absmaxColumns, { x }).m);
    const [x, w] = await scope.readAll(maxima) as Float32Array[];
    return { x, w };
  }));
}

/** X Wᵀ [T,N]. */
export function exactOutput(layer: Layer): Promise<Float32Array> {
  return layer.memo.get('Y', [layer.xKey, layer.wKey], () => withScope(layer.engine, (scope) =>
    scope.readF32(scope.run(matmulNt, { a: uploadX(scope, layer), b: uploadW(scope, layer) }).c)));
}

/**
 * λ_k = max|X_k|^α / max|W_k|^β in float32, 1 where that is 0, and all ones if any is not finite
 * (spec of the official calib/smooth.py get_smooth_scale, spans AbsMax).
 */
export function smoothingFactor(xMax: Float32Array, wMax: Float32Array, alpha: number, beta: number): Float32Array {
  const lambda = new Float32Array(xMax.length);
  for (let k = 0; k < lambda.length; k++) {
    const value = Math.fround(Math.fround(xMax[k] ** alpha) / Math.fround(wMax[k] ** beta));
    if (!Number.isFinite(value)) return lambda.fill(1);
    lambda[k] = value || 1;
  }
  return lambda;
}

/** Scales by a given λ, on the engine. */
export function applySmoothing(layer: Layer, lambda: Float32Array, key: string): Promise<Smoothed> {
  return withScope(layer.engine, async (scope) => {
    const s = scope.upload(lambda, [layer.inFeatures]);
    const scaled = [
      scope.run(scaleChannels, { x: uploadX(scope, layer), s }, { scalars: { divide: 1 } }).y,
      scope.run(scaleChannels, { x: uploadW(scope, layer), s }, { scalars: { divide: 0 } }).y,
    ];
    const [xs, ws] = await scope.readAll(scaled) as Float32Array[];
    return { key, lambda, xs, ws };
  });
}

/** Without smoothing: λ = 1. */
export const unsmoothed = (layer: Layer): Smoothed =>
  ({ key: 'ones', lambda: new Float32Array(layer.inFeatures).fill(1), xs: layer.x, ws: layer.w });

export async function smoothed(layer: Layer, alpha: number, beta: number): Promise<Smoothed> {
  if (alpha === 0 && beta === 0) return unsmoothed(layer);
  const maxima = await channelMaxima(layer);
  return layer.memo.get('smooth', [layer.xKey, layer.wKey, alpha, beta], () =>
    applySmoothing(layer, smoothingFactor(maxima.x, maxima.w, alpha, beta), `${layer.xKey}/${alpha}/${beta}`));
}

const EXACT_UP_TO = 512;
/** Randomized factors are made for a whole band of ranks, so that the slider does not redo them. */
const RANK_BAND = 32;

export interface Factors {
  readonly svd: Svd;
  readonly exact: boolean;
}

export const factorsExactly = (layer: Layer, mode: MethodOptions['svd']): boolean =>
  mode === 'exact' || (mode === 'auto' && Math.min(layer.outFeatures, layer.inFeatures) <= EXACT_UP_TO);

/** SVD of an [N,K] matrix: Jacobi in float64, or randomized on the engine to at least `rank` (a band of 32). */
export async function factorize(layer: Layer, matrix: Float32Array, mode: MethodOptions['svd'], rank: number): Promise<Factors> {
  const { outFeatures: rows, inFeatures: cols } = layer;
  if (factorsExactly(layer, mode)) return { svd: jacobiSvd(matrix, rows, cols), exact: true };
  const wanted = Math.min(rows, cols, Math.max(RANK_BAND, RANK_BAND * Math.ceil(rank / RANK_BAND)));
  const svd = await withScope(layer.engine, (scope) => randomizedSvd(scope, scope.upload(matrix, [rows, cols]), wanted, { seed: 1 }));
  return { svd, exact: false };
}

/** `factorize`, remembered by what the matrix depends on. */
export function factors(layer: Layer, name: string, deps: readonly unknown[], matrix: Float32Array, mode: MethodOptions['svd'], rank: number): Promise<Factors> {
  const band = factorsExactly(layer, mode) ? 'exact' : Math.ceil(rank / RANK_BAND);
  return layer.memo.get(`svd(${name})`, [...deps, band], () => factorize(layer, matrix, mode, rank));
}

/** The rank-r branch of factors of a matrix that was scaled by λ. */
export function branchOf(svd: Svd, rank: number, lambda: Float32Array): Branch {
  const { up, down } = lowRank(svd, rank);
  const K = lambda.length;
  const raw = new Float32Array(down.length);
  for (let i = 0; i < raw.length; i++) raw[i] = down[i] / lambda[i % K];
  return { rank, up, down, raw };
}

/** Branch of Ŵ (or of W, with λ = 1). */
export async function weightBranch(layer: Layer, s: Smoothed, mode: MethodOptions['svd'], rank: number): Promise<Branch> {
  if (rank === 0) return branchOf({ rows: layer.outFeatures, cols: layer.inFeatures, rank: 0, u: new Float64Array(0), s: new Float64Array(0), v: new Float64Array(0) }, 0, s.lambda);
  const { svd } = await weightFactors(layer, s, mode, rank);
  return branchOf(svd, rank, s.lambda);
}

export const weightFactors = (layer: Layer, s: Smoothed, mode: MethodOptions['svd'], rank: number): Promise<Factors> =>
  factors(layer, s.key === 'ones' ? 'W' : '^W', [layer.wKey, s.key], s.ws, mode, rank);
