/** What a golden case holds, and what an adapter makes of it. Pure data: reading folders is `src/cli/golden.ts`. */

import type { Engine } from '../engine/engine';
import type { NpyArray } from '../inputs/npy';
import type { Check, Rule } from './compare';

export type GoldenArray = NpyArray;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface GoldenCase {
  readonly name: string;
  readonly algorithm: string;
  readonly params: Readonly<Record<string, Json>>;
  /** Keyed without prefix and suffix: `in_W.npy` is `W`. */
  readonly inputs: Readonly<Record<string, GoldenArray>>;
  /** `out_codes.npy` is `codes`. Cases of one algorithm need not all have the same ones. */
  readonly expected: Readonly<Record<string, GoldenArray>>;
  readonly scalars: { readonly [name: string]: Json };
}

export interface Computed {
  /** Under the names of `expected`; an expected one that is missing here fails the case. */
  readonly arrays: Readonly<Record<string, ArrayLike<number>>>;
  /** In the form of `expected_scalars`, nested as there. */
  readonly scalars: { readonly [name: string]: Json };
  /** Comparisons that are not of one array or scalar with its namesake (a winner among near-equals, say). */
  readonly checks?: readonly Check[];
}

export interface GoldenAdapter {
  readonly algorithm: string;
  readonly run: (golden: GoldenCase, engine: Engine) => Promise<Computed>;
  /**
   * Rule per quantity: an array's name, or a scalar's path (`rel_fro_error.smooth_svd`). `*` stands for any run of
   * characters; the first match counts. An array without a rule fails; a scalar without one is named as not compared.
   */
  readonly rules: Readonly<Record<string, Rule>>;
}

/** An f32 input by name. @throws Error naming the case and what it lacks */
export function floats(golden: GoldenCase, name: string): Float32Array {
  const array = golden.inputs[name];
  if (!array) throw new Error(`the case has no in_${name}.npy.`);
  return array.data instanceof Float32Array ? array.data : Float32Array.from(array.data);
}

/** Rows and columns of a 2-D input. */
export function matrixShape(golden: GoldenCase, name: string): readonly [number, number] {
  const shape = golden.inputs[name]?.shape;
  if (shape?.length !== 2) throw new Error(`in_${name}.npy must be a matrix but has shape [${shape?.join(', ') ?? 'missing'}].`);
  return [shape[0], shape[1]];
}

/** Rows of `from` numbers as rows of `to`, the rest zeros: kernels want a multiple of four channels. */
export function widened(rows: Float32Array, from: number, to: number): Float32Array {
  const out = new Float32Array((rows.length / from) * to);
  for (let r = 0; r < rows.length / from; r++) out.set(rows.subarray(r * from, (r + 1) * from), r * to);
  return out;
}

/** A number among the params, or the fallback where the case does not say. */
export function param(golden: GoldenCase, name: string, fallback?: number): number {
  const value = golden.params[name] ?? fallback;
  if (typeof value !== 'number') throw new Error(`params.${name} must be a number but is ${JSON.stringify(value)}.`);
  return value;
}

/** The group size of a case; null, -1 and 'channel' are one group per row. */
export function groupOf(golden: GoldenCase, cols: number): number {
  const value = golden.params.group_size;
  if (value === undefined || value === null || value === -1 || value === 'channel') return Math.max(1, cols);
  const size = param(golden, 'group_size');
  if (!Number.isInteger(size) || size < 1) throw new Error(`params.group_size must be a whole number from 1, but is ${size}.`);
  return size;
}

/** Refuses what a case asks for and the method does not do. @throws Error naming the parameter */
export function demand(golden: GoldenCase, name: string, only: number): void {
  if (param(golden, name, only) !== only) throw new Error(`params.${name} is ${param(golden, name)}, but only ${only} is computed here.`);
}

/** Symmetric signed 4 bits are the one integer range that is packed here. */
export function demandInt4(golden: GoldenCase): void {
  demand(golden, 'qmin', -7);
  demand(golden, 'qmax', 7);
  demand(golden, 'bits', 4);
  demand(golden, 'weight_bits', 4);
  demand(golden, 'activation_bits', 4);
}
