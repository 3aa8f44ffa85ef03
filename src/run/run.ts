/**
 * A Run is plain data: everything that one experiment produced, and all that views, claims, exports and the
 * command line read. No view computes the method again. Structured-cloneable throughout.
 */

import type { Ceilings, DeviceInfo, EngineKind, KernelRecord, Timing } from '../engine/engine';

export type ParamValue = number | string | boolean;
export type Params = Readonly<Record<string, ParamValue>>;

/** Slots of the design: one colour and one marker in every lab. */
export type MethodSlot = 'rtn' | 'smooth' | 'svd' | 'lorc' | 'hero' | 'iter' | 'gptq' | 'fp4' | 'int8' | 'awq';

/**
 * A tensor that flowed through the method, as a picture shows it: rows × cols values, row-major. Two families are no
 * quantities and are drawn by kind: 'rgb' holds pixels, three neighbouring values each (cols = 3 × pixels across), sRGB
 * 0 to 1; 'label' holds whole numbers from 0 that name clusters. Attention, errors and densities (≥ 0) are drawn in ink.
 */
export interface StageTensor {
  readonly id: string;
  /** Plain-text symbol with combining marks left out: 'X', '^X' (hat), 'L_1L_2', 'Q(^X)'. `^` before a letter sets a hat, `_` a subscript. */
  readonly symbol: string;
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
  /** Names of the row and the column index: 't' token, 'k' channel, 'n' output, 'r' rank. Linked crosshairs match on these. */
  readonly axes: readonly [string, string];
  /** Tensors of one family share one colour scale ('x', 'w', 'y', 'e', …). */
  readonly family: string;
  /** '16-bit', 'int4', 'NVFP4', '96 × 128', … */
  readonly format: string;
  /** Codes behind a rounded tensor, for the inspector's signed-codes view. */
  readonly codes?: Int8Array;
  /**
   * Scales of those codes, one for each `group` along the channel axis 'k', laid out as the picture is with that axis
   * shortened to ceil(K/group): value = level(code) · scale · tensorScale, where INT4 codes are their own levels.
   */
  readonly scales?: { readonly values: Float32Array; readonly group: number; readonly tensorScale: number };
}

/** A vector per channel (maxima, λ). */
export interface StageVector {
  readonly id: string;
  readonly symbol: string;
  readonly name: string;
  readonly data: Float32Array;
  readonly axis: string;
  readonly log?: boolean;
}

export interface Spectrum {
  readonly id: string;
  readonly symbol: string;
  readonly values: Float32Array;
  /** How many leading values the branch keeps. */
  readonly kept?: number;
}

export interface MethodResult {
  readonly id: string;
  readonly label: string;
  readonly slot: MethodSlot;
  /** ‖Ŷ − Y‖_F / ‖Y‖_F */
  readonly relativeError: number;
  /** −20 log10(relativeError), dB */
  readonly sqnrDb: number;
  /** Stored bits per weight with scales and branch, where the method stores weights. */
  readonly bitsPerWeight?: number;
  /** Share of query-key pairs that are computed, 0 to 1, where the method is an attention. */
  readonly density?: number;
  /** Share of the exact attention's mass that falls on kept pairs, mean over queries, 0 to 1. */
  readonly recall?: number;
  /** 10 log10(peak² / MSE) of the output, peak = max − min of the exact one, dB. */
  readonly psnrDb?: number;
  /** Σ F (ŵ − w)², where a lab weighs weights by their sensitivity. */
  readonly weightedError?: number;
  /** Loss in nats per sample of the network with these weights, where one is measured. */
  readonly loss?: number;
  /** Share of samples that the network with these weights names rightly, 0 to 1. */
  readonly accuracy?: number;
  readonly note?: string;
}

/** A method that stores weights, so that its bits can be counted. */
export type WeightResult = MethodResult & { readonly bitsPerWeight: number };
export const storesWeights = (method: MethodResult): method is WeightResult => method.bitsPerWeight !== undefined;

/** What a chart's y counts: it sets the words, digits and ticks. Ratios (relative error, accuracy, recall, density, share) are 0 to 1 and shown in %. */
export type Measure =
  | 'relativeError' | 'weightedError' | 'loss' | 'accuracy' | 'recall' | 'density' | 'share' | 'decibel' | 'seconds' | 'bytes' | 'intensity' | 'flops' | 'number';

export interface Sweep {
  readonly id: string;
  readonly title: string;
  /** Absent: relative error. 'intensity' is FLOP per byte, 'flops' FLOP per second. */
  readonly measure?: Measure;
  /** Title of the y axis in place of the measure's own. */
  readonly yLabel?: string;
  /** Positive values on a log axis. */
  readonly xLog?: boolean;
  readonly yLog?: boolean;
  /** Where the numbers come from; absent: each point is a full run. */
  readonly note?: string;
  /** Parameter of the schema that runs along x, so that the current point can be ringed and a click can set it. */
  readonly param: string;
  readonly xLabel: string;
  readonly x: readonly number[];
  /** Category labels where x is not a number line. */
  readonly xTicks?: readonly string[];
  readonly current: number;
  readonly series: readonly { readonly method: string; readonly slot: MethodSlot; readonly label: string; readonly y: readonly (number | null)[]; readonly flat?: boolean }[];
  /** `method`: the mark belongs to this series. */
  readonly marks?: readonly { readonly x: number; readonly label: string; readonly method?: string }[];
  readonly done: number;
  readonly total: number;
}

/** Error, or another measure, over a grid of two parameters (the smoothing landscape). */
export interface Landscape {
  readonly id: string;
  readonly title: string;
  /** What `error` counts; absent: relative error. */
  readonly measure?: Measure;
  /** Where the numbers come from; absent: each point is a full run. */
  readonly note?: string;
  readonly xParam: string;
  readonly yParam: string;
  /** `candidate`: the method's own search tries this point. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly error: number; readonly candidate?: boolean }[];
  /** Index of the point to mark as the lowest; −1: none. */
  readonly best: number;
  readonly current: { readonly x: number; readonly y: number };
  readonly done: number;
  readonly total: number;
}

/** Two measures of every method against each other, at several settings each (a Pareto plot). */
export interface Scatter {
  readonly id: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly yLog?: boolean;
  /** What y counts; absent: a plain number. */
  readonly measure?: Measure;
  /** Larger values of y are the better ones; absent: smaller ones. */
  readonly largerIsBetter?: boolean;
  /** Smaller values of y, zero and negative ones too, are drawn at this height and counted; their numbers stay as they are. */
  readonly floor?: number;
  /** A y that every point is compared with, drawn as a line. */
  readonly base?: { readonly y: number; readonly label: string };
  readonly series: readonly {
    readonly method: string;
    readonly slot: MethodSlot;
    readonly label: string;
    /** `tag` names the setting ('3 bits'); a click sets `params`. */
    readonly points: readonly { readonly x: number; readonly y: number; readonly tag: string; readonly params?: Params; readonly current?: boolean }[];
  }[];
  readonly done: number;
  readonly total: number;
}

export interface Claim {
  readonly id: string;
  /** null: this run cannot test it. */
  readonly holds: boolean | null;
  readonly statement: string;
  /** The numbers compared, as shown. */
  readonly shown: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** One bar of the byte model, bytes. */
export interface TrafficRow {
  readonly id: string;
  readonly label: string;
  readonly segments: readonly { readonly part: string; readonly bytes: number }[];
  readonly dispatches: number;
}

export interface Traffic {
  readonly title: string;
  readonly rows: readonly TrafficRow[];
}

/** A kernel on the page: what it cost and, once timed, how long it took. */
export interface TimedKernel extends KernelRecord {
  readonly label: string;
  readonly timing?: Timing;
}

export interface Provenance {
  readonly version: string;
  readonly seed: number | null;
  readonly inputs: Readonly<Record<string, string>>;
  readonly link: string;
  readonly createdAt?: string;
}

export interface Run {
  readonly lab: string;
  readonly params: Params;
  readonly engine: EngineKind;
  readonly device: DeviceInfo;
  readonly stages: Readonly<Record<string, StageTensor>>;
  readonly vectors: Readonly<Record<string, StageVector>>;
  readonly spectra: Readonly<Record<string, Spectrum>>;
  readonly methods: readonly MethodResult[];
  /** Further scalars a lab names for itself. */
  readonly scalars: Readonly<Record<string, number>>;
  readonly sweeps: Readonly<Record<string, Sweep>>;
  readonly landscapes: Readonly<Record<string, Landscape>>;
  readonly scatters?: Readonly<Record<string, Scatter>>;
  readonly traffic: readonly Traffic[];
  readonly kernels: readonly TimedKernel[];
  readonly ceilings?: Ceilings;
  readonly claims: readonly Claim[];
  readonly notices: readonly Notice[];
  readonly provenance: Provenance;
  /** Seconds of wall time of each named stage that was computed, not recalled. */
  readonly stageTimes: Readonly<Record<string, number>>;
}

/** Something the reader must know about this run ("rank lowered to 96, the smaller side of W"). */
export interface Notice {
  readonly level: 'information' | 'degraded' | 'failed';
  readonly happened: string;
  readonly mend: string;
}

/** An experiment yields patches; maps merge key by key, everything else is replaced. */
export type RunPatch = Partial<Run>;

const MERGED = ['stages', 'vectors', 'spectra', 'scalars', 'sweeps', 'landscapes', 'scatters', 'stageTimes'] as const;

export function mergeRun<T extends Partial<Run>>(run: T, patch: RunPatch): T {
  const merged: Record<string, unknown> = { ...run, ...patch };
  for (const key of MERGED) if (patch[key]) merged[key] = { ...run[key], ...patch[key] };
  return merged as T;
}

export const sqnrDb = (relativeError: number): number => -20 * Math.log10(relativeError);
