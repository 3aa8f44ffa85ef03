/**
 * The one interface behind which kernels run. Two engines implement it: `webgpu` (a GPU device) and
 * `reference` (the kernels' own TypeScript oracles). A method never knows which one it has.
 */

import type { VariantChoice } from './choices';
import type { Counters } from './counters';
import type { AnyKernel, Data, Dims, DType, Kernel, Scalars, Signature } from '../../kernels/define';

export type EngineKind = 'webgpu' | 'reference';

/** A handle. The numbers live where the engine keeps them; `Scope.read` brings them to the host. */
export interface Tensor {
  readonly id: number;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly size: number;
}

export interface DeviceInfo {
  readonly engine: EngineKind;
  /** For people: "NVIDIA H100 (hopper)", "SwiftShader", "float64, CPU". */
  readonly label: string;
  readonly vendor: string;
  readonly architecture: string;
  /** True when the adapter is software: its times are a CPU's and are never shown as a GPU's. */
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/** What one kernel launch asked of the machine. */
export interface KernelRecord {
  readonly kernel: string;
  readonly variant: string;
  readonly dims: Dims;
  readonly flops: number;
  readonly bytes: number;
}

/** One timing, by the timing contract: warm-up, median and spread, method and resolution named. Seconds. */
export interface Timing {
  readonly median: number;
  readonly low: number; // 25th percentile
  readonly high: number; // 75th percentile
  readonly samples: number;
  readonly repeats: number; // launches per sample
  /** Which variant was timed. */
  readonly variant?: string;
  readonly method: 'timestamp' | 'wall';
  /** The clock's quantum divided by `repeats`: a median below it is shown as "< resolution". */
  readonly resolution: number;
  readonly min?: number;
  /** Seconds to compile the pipeline and to bring the inputs to the device: never part of the samples. */
  readonly compile?: number;
  readonly upload?: number;
}

/** The two ceilings of the roofline, measured on the device. */
export interface Ceilings {
  readonly copy: { readonly bytesPerSecond: number; readonly timing: Timing };
  readonly fma: { readonly flopsPerSecond: number; readonly timing: Timing };
}

export type TensorsOf<S extends Signature> = { readonly [K in keyof S]: Tensor };

export interface RunOptions {
  /** Sizes that no input tells (a group size G, a rank R, …). */
  readonly dims?: Dims;
  readonly scalars?: Scalars;
  readonly variant?: string;
}

/**
 * Owns the tensors made in it and frees them together; `keep` hands tensors over to the caller's scope.
 * `run` only records: a batch is submitted at `read`, and nothing is awaited between kernels.
 */
export interface Scope {
  readonly engine: Engine;
  /** Every launch of this scope, in order. */
  readonly records: readonly KernelRecord[];
  upload(data: Data, shape: readonly number[]): Tensor;
  /**
   * Like `upload`, for numbers that are never written again: they stay on the device for later scopes as long as the
   * host holds the array and there is room, and travel once.
   */
  hold(data: Data, shape: readonly number[]): Tensor;
  run<I extends Signature, O extends Signature>(kernel: Kernel<I, O>, inputs: TensorsOf<I>, options?: RunOptions): TensorsOf<O>;
  /** A copy of the numbers on the host. */
  read(tensor: Tensor): Promise<Data>;
  /** A copy of an f32 tensor; refuses another dtype with a sentence. */
  readF32(tensor: Tensor): Promise<Float32Array>;
  /** Several at once: one submission, one wait. */
  readAll(tensors: readonly Tensor[]): Promise<Data[]>;
  free(tensor: Tensor): void;
  dispose(): void;
}

export interface Engine {
  readonly kind: EngineKind;
  readonly device: DeviceInfo;
  /** A snapshot: what was done since the engine was opened. */
  readonly counters: Counters;
  scope(): Scope;
  /** Times one launch by the timing contract: of the variant named, else of the one chosen for these sizes, measured first if it has to be. */
  measure(kernel: AnyKernel, inputs: Readonly<Record<string, Data>>, dims: Dims, options?: MeasureOptions): Promise<Timing>;
  /** Runs one launch on host data: what tests and "verify on this device" use. */
  runOnce(kernel: AnyKernel, inputs: Readonly<Record<string, Data>>, dims: Dims, options?: RunOptions & { readonly wgsl?: string }): Promise<Record<string, Data>>;
  /** The variants this device can run: the one that runs first, those of coarser arithmetic last. */
  variantsFor(kernel: AnyKernel, dims: Dims): readonly string[];
  ceilings(): Promise<Ceilings>;
  /** Compiles the default variants ahead of their first use, in parallel. Absent where nothing is compiled. */
  prewarm?(kernels: readonly AnyKernel[]): Promise<void>;
  /** Choices of variants measured on this device, in this visit or an earlier one. Absent where there is no choice. */
  choices?(): readonly VariantChoice[];
  /** Times the variants at these sizes now, and keeps the outcome. */
  remeasure?(kernel: AnyKernel, dims: Dims, signal?: AbortSignal): Promise<VariantChoice>;
  /** Forgets every choice, here and in the store: the defaults run. */
  forget?(): void;
  /** Measures the choices that launches have left open, while nothing else is to do. Ends early at the signal. */
  settle?(signal: AbortSignal): Promise<void>;
  /** What the shader compiler says of a text. Absent where nothing is compiled. */
  compileMessages?(wgsl: string): Promise<readonly CompileMessage[]>;
  /** Resolves with a named error when the engine can no longer be used. Never, for the reference engine. */
  readonly lost: Promise<EngineError>;
  dispose(): void;
}

export interface MeasureOptions {
  readonly variant?: string;
  readonly scalars?: Scalars;
  /** Total time to spend, seconds (default 0.3). */
  readonly budget?: number;
  readonly signal?: AbortSignal;
}

/** A message of the shader compiler, at its place in the text (both counted from 1). */
export interface CompileMessage {
  readonly line: number;
  readonly column: number;
  readonly type: 'error' | 'warning' | 'info';
  readonly text: string;
}

export type EngineErrorCode =
  | 'no-webgpu'
  | 'no-adapter'
  | 'missing-feature'
  | 'limit-too-small'
  | 'out-of-memory'
  | 'device-lost'
  | 'device-lost-twice'
  | 'shader'
  | 'internal';

/** A failure with a name, a sentence that says what happened, and one that says what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly code: EngineErrorCode,
    readonly happened: string,
    readonly mend: string,
    options?: ErrorOptions,
  ) {
    super(`${happened} ${mend}`, options);
  }
}

/** Runs `body` in a scope of its own and frees everything made in it. */
export async function withScope<T>(engine: Engine, body: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = engine.scope();
  try {
    return await body(scope);
  } finally {
    scope.dispose();
  }
}
