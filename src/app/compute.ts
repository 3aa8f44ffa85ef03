/** What the page asks of the compute worker. The worker owns the device; the page thread only draws. */

import type { Dims } from '../../kernels/define';
import type { VariantChoice } from '../engine/choices';
import type { Ceilings, DeviceInfo, EngineErrorCode, Timing } from '../engine/engine';
import type { EngineChoice } from '../engine/open';
import type { Pace } from '../engine/pace';
import type { Phase } from '../papers/contract';
import type { Notice, Params, RunPatch } from '../run/run';

export interface EngineStatus {
  readonly device: DeviceInfo;
  /** Why the engine is not the one asked for (no WebGPU, device lost twice, …), or that the adapter is software. */
  readonly notices: readonly (Notice & { readonly code: EngineErrorCode | 'software-adapter' })[];
  /** How often the device was lost in this session. */
  readonly losses: number;
  readonly choice: EngineChoice;
  /** A software adapter that was found, in use or passed over; its pace once it has been measured. */
  readonly software?: { readonly label: string; readonly pace?: Pace };
}

export interface RunRequest {
  readonly id: number;
  readonly lab: string;
  readonly params: Params;
  /** File inputs by role ('weights', 'activations'): the key given by `loadMatrix`. */
  readonly files: Readonly<Record<string, string>>;
  readonly want: readonly Phase[];
  /** Milliseconds for which the processor is left to the page after the first result; a newer request ends it. */
  readonly rest?: number;
  readonly link: string;
}

export type RunOutcome = { readonly kind: 'done' } | { readonly kind: 'stale' } | { readonly kind: 'failed'; readonly code: EngineErrorCode | 'input'; readonly happened: string; readonly mend: string };

export interface CaseVerdict {
  readonly kernel: string;
  readonly variant: string;
  readonly name: string;
  readonly ok: boolean;
  /** What differs, in words: "3 of 64 codes differ", "nmse 4.1e-3 > 1e-12". */
  readonly detail: string;
  readonly output: string;
  /** First numbers of input, oracle and this kernel, for small cases. */
  readonly preview?: { readonly input: readonly number[]; readonly oracle: readonly number[]; readonly kernel: readonly number[] };
}

/** A compile message of an edited kernel, at its line. */
export interface CompileMessage {
  readonly line: number;
  readonly column: number;
  readonly type: 'error' | 'warning' | 'info';
  readonly text: string;
}

export interface VerifyRequest {
  readonly kernel: string;
  readonly variant?: string;
  /** Edited WGSL; absent: the kernel as it is in the repository. */
  readonly wgsl?: string;
}

export interface VerifyResult {
  readonly messages: readonly CompileMessage[];
  readonly cases: readonly CaseVerdict[];
}

export type { EngineChoice } from '../engine/open';

/** Implemented in worker.ts, reached through Comlink. Callbacks are Comlink proxies. */
export interface ComputeApi {
  start(choice: EngineChoice, onStatus: (status: EngineStatus) => void): Promise<EngineStatus>;
  /** A newer call makes an older one end as 'stale' at its next stage boundary. */
  run(request: RunRequest, onPatch: (id: number, patch: RunPatch) => void): Promise<RunOutcome>;
  cancel(): void;
  /** Loads a lab and computes the core that its link asks for, before the page can ask: the first run finds it done. */
  prepare(lab: string, query: string): void;
  /** Hands a matrix over for use as a file input; returns its key. */
  loadMatrix(source: string, rows: number, cols: number, data: Float32Array): Promise<string>;
  /** Lets go of a matrix that no input uses any more. */
  dropMatrix(key: string): void;
  verify(request: VerifyRequest, onCase: (verdict: CaseVerdict) => void): Promise<VerifyResult>;
  ceilings(): Promise<Ceilings>;
  time(kernel: string, caseName: string, variant?: string): Promise<Timing>;
  /** Which variant runs where, as far as it was measured for the kernels as they are now. */
  choices(): Promise<readonly VariantChoice[]>;
  remeasure(kernel: string, dims: Dims): Promise<VariantChoice>;
  forgetChoices(): Promise<void>;
}
