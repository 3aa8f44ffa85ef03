/** What a library is asked to compute: the numbers that ours get, without our layouts. */

import type { AnyKernel, Data, Dims, Scalars } from '../../kernels/define';
import { nmse } from '../engine/compare';

/** C = A B. a: [M,K], b: [K,N] → 'c' [M,N]. */
export interface MatmulTask {
  readonly kind: 'matmul';
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly a: Float32Array<ArrayBuffer>;
  readonly b: Float32Array<ArrayBuffer>;
}

/** Y = X Ŵᵀ with Ŵ in 4-bit codes. x: [T,K], codes: [N,K] in [−8, 7], scales: [N,ceil(K/G)] → 'y' [T,N]. */
export interface WeightsTask {
  readonly kind: 'weights4';
  readonly T: number;
  readonly N: number;
  readonly K: number;
  readonly G: number;
  readonly x: Float32Array<ArrayBuffer>;
  readonly codes: Int8Array;
  readonly scales: Float32Array;
}

/** softmax(scale Q Kᵀ) V. q: [H,N,D], k, v: [H,M,D] → 'o' [H,N,D]. */
export interface AttentionTask {
  readonly kind: 'attention';
  readonly H: number;
  readonly N: number;
  readonly M: number;
  readonly D: number;
  readonly scale: number;
  readonly q: Float32Array<ArrayBuffer>;
  readonly k: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
}

/** The nearest centroid of each point. x: [H,N,D], c: [H,C,D] → 'labels' [H,N]. */
export interface KmeansTask {
  readonly kind: 'kmeans';
  readonly H: number;
  readonly N: number;
  readonly C: number;
  readonly D: number;
  readonly x: Float32Array<ArrayBuffer>;
  readonly c: Float32Array<ArrayBuffer>;
}

export type Task = MatmulTask | WeightsTask | AttentionTask | KmeansTask;

/** The only number(s) that a task gives, by the name that our kernels use. */
export const OUTPUT: Readonly<Record<Task['kind'], string>> = { matmul: 'c', weights4: 'y', attention: 'o', kmeans: 'labels' };

/** Normalised mean squared errors that still count as right. */
export const BOUNDS = {
  /** Sums in 32-bit floats. */
  float32: 1e-11,
  /** Activations rounded to 8 bits on the way, by design: 3 % relative error. */
  int8: 1e-3,
} as const;

export interface Verdict {
  readonly correct: boolean;
  readonly check: string;
}

/** @param oracle in float64, rounded to float32 @param bound of the normalised mean squared error */
export function judge(out: Data, oracle: Data, bound: number): Verdict {
  if (out.length !== oracle.length) return { correct: false, check: `${out.length} numbers where ${oracle.length} are due` };
  if (oracle instanceof Uint32Array) {
    const wrong = oracle.reduce((count, label, i) => count + Number(out[i] !== label), 0);
    // Where two distances agree to the last bits, float32 may choose the other one.
    return { correct: wrong <= oracle.length / 1000, check: wrong === 0 ? `${oracle.length} equal` : `${wrong} of ${oracle.length} differ` };
  }
  const error = nmse(out, oracle);
  return { correct: error <= bound, check: `nmse ${error.toExponential(1)}${error <= bound ? '' : ` > ${bound.toExponential(0)}`}` };
}

const floats = (data: Data): Float32Array<ArrayBuffer> => data as Float32Array<ArrayBuffer>;

/** The library's task that is the same as this kernel on these inputs; undefined where there is none. */
export function taskOf(kernel: AnyKernel, { H, M, N, K, C, D }: Dims, scalars: Scalars, inputs: Readonly<Record<string, Data>>): Task | undefined {
  if (kernel.name === 'matmul') return { kind: 'matmul', M, N, K, a: floats(inputs.a), b: floats(inputs.b) };
  if (kernel.name === 'attention' && !scalars.causal) {
    return { kind: 'attention', H, N, M, D, scale: scalars.scale, q: floats(inputs.q), k: floats(inputs.k), v: floats(inputs.v) };
  }
  if (kernel.name === 'kmeans_assign') return { kind: 'kmeans', H, N, C, D, x: floats(inputs.x), c: floats(inputs.c) };
  return undefined;
}
