/** What a kernel is: the one contract that engines, tests, benchmarks and the page share. */

import { parseShape, type Dims, type DType, type ShapeSpec } from './shape';
import type { Rng } from './rng';

export type { Dims, DType } from './shape';
export type Data = Float32Array | Uint32Array | Int32Array;

/** `f32[M,K]` holds a Float32Array, and so on. */
export type DataOf<S extends string> = S extends `f32${string}`
  ? Float32Array
  : S extends `u32${string}`
    ? Uint32Array
    : Int32Array;

export type Signature = Readonly<Record<string, string>>;
export type DataFor<S extends Signature> = { [K in keyof S]: DataOf<S[K]> };
export type Scalars = Readonly<Record<string, number>>;

/** Optional device abilities a variant may need. Everything else runs within WebGPU's default limits. */
export type Feature = 'packed_4x8_integer_dot_product' | 'subgroups' | 'shader-f16';

export interface Variant {
  readonly id: string;
  /** One line for a reader: what is different here. */
  readonly note: string;
  /** The WGSL text, imported with `?raw`: the very text that runs and that the page shows. */
  readonly wgsl: string;
  readonly file: string;
  readonly requires?: readonly Feature[];
  /** Workgroups along x, y, z. */
  readonly launch: (d: Dims) => readonly [number, number, number];
  /** False where the variant cannot serve these sizes. */
  readonly fits?: (d: Dims) => boolean;
  /** One quad to a workgroup, as suits software adapters: on a GPU the default only where it was measured the fastest. */
  readonly narrow?: true;
  /** Set where the arithmetic is coarser than the kernel promises: the bounds it does keep. Such a variant runs only when asked for by name. */
  readonly lossy?: Readonly<Record<string, Compare>>;
}

/** How an output is compared with the oracle's. */
export type Compare =
  /** Normalised mean squared error: ‖out − oracle‖² / ‖oracle‖². */
  | { readonly kind: 'nmse'; readonly bound: number }
  /** Every element equal. */
  | { readonly kind: 'exact' }
  /**
   * Packed 4-bit codes: equal, except where `isTie(row, column)` says that the exact quotient lies within
   * WGSL's division accuracy (2.5 ulp) of a rounding boundary; there a neighbouring code is legal.
   */
  | { readonly kind: 'codes'; readonly bits: 4; readonly maxTies: number };

export interface KernelCase<I extends Signature> {
  readonly name: string;
  readonly dims: Dims;
  readonly scalars?: Scalars;
  /** Inputs that need more than normal deviates; the rest are drawn N(0,1). */
  readonly inputs?: (rng: Rng, d: Dims) => Partial<DataFor<I>>;
}

export interface KernelSpec<I extends Signature, O extends Signature> {
  readonly name: string;
  /** One sentence: what it computes. */
  readonly summary: string;
  /** The equation in plain text or TeX, and where the paper or its code states it. */
  readonly source: string;
  readonly inputs: I;
  readonly outputs: O;
  /** Symbols written to the uniform block `Params` as u32, in this order … */
  readonly uniforms: readonly string[];
  /** … followed by these scalars. */
  readonly scalars?: Readonly<Record<string, 'f32' | 'u32' | 'i32'>>;
  /** The first that fits and whose features the device has is the default. */
  readonly variants: readonly Variant[];
  /** FLOPs, and bytes moved once each way. */
  readonly cost: (d: Dims) => { readonly flops: number; readonly bytes: number };
  /** The same operation in plain TypeScript with float64 sums: the oracle, and the reference engine's body. */
  readonly reference: (inputs: DataFor<I>, d: Dims, scalars: Scalars) => DataFor<O>;
  readonly compare: { readonly [K in keyof O]: Compare };
  readonly cases: readonly KernelCase<I>[];
}

export interface Kernel<I extends Signature = Signature, O extends Signature = Signature> extends KernelSpec<I, O> {
  readonly inputSpecs: Readonly<Record<string, ShapeSpec>>;
  readonly outputSpecs: Readonly<Record<string, ShapeSpec>>;
}

/** A kernel whose exact signature does not matter to the holder (registries, tests, the bench). */
// Method bivariance lets a precise kernel stand where any kernel is asked for.
export type AnyKernel = Omit<Kernel, 'reference' | 'cases'> & {
  reference(inputs: Record<string, Data>, d: Dims, scalars: Scalars): Record<string, Data>;
  readonly cases: readonly AnyCase[];
};
export interface AnyCase {
  readonly name: string;
  readonly dims: Dims;
  readonly scalars?: Scalars;
  inputs?(rng: Rng, d: Dims): Record<string, Data | undefined>;
}

const specsOf = (signature: Signature): Record<string, ShapeSpec> =>
  Object.fromEntries(Object.entries(signature).map(([name, text]) => [name, parseShape(text)]));

export function defineKernel<const I extends Signature, const O extends Signature>(spec: KernelSpec<I, O>): Kernel<I, O> {
  return { ...spec, inputSpecs: specsOf(spec.inputs), outputSpecs: specsOf(spec.outputs) };
}

/** Workgroups for `count` invocations in a line, folded into y past the 65 535 limit. */
export function linear(count: number, perGroup: number): readonly [number, number, number] {
  const groups = Math.max(1, Math.ceil(count / perGroup));
  return groups <= 65535 ? [groups, 1, 1] : [65535, Math.ceil(groups / 65535), 1];
}

export function allocate(dtype: DType, size: number): Data {
  if (dtype === 'f32') return new Float32Array(size);
  return dtype === 'u32' ? new Uint32Array(size) : new Int32Array(size);
}
