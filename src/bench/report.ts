/** What a benchmark run found, as plain data: structured-cloneable, and the JSON that is written. Seconds, FLOP/s, bytes/s. */

import type { Dims } from '../../kernels/define';
import type { DeviceInfo } from '../engine/engine';

export interface Spread {
  readonly median: number;
  /** Quartiles over the rounds. */
  readonly low: number;
  readonly high: number;
  readonly min: number;
  readonly rounds: number;
  /** Every round's, in the order of the rounds: contenders of one race share it. */
  readonly samples: readonly number[];
}

/** A ratio of two contenders' times. */
export interface Ratio {
  /** The one median over the other: what targets are about. */
  readonly ofMedians: number;
  /** The one's least time over the other's: what a busy machine disturbs least. */
  readonly ofLeast?: number;
  /** Over the ratios of each single round: median and quartiles. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * timestamp, wall: one launch, by the engine's timing contract. cpu: TypeScript. queue: operations enqueued together,
 * then one wait for the device, the same for ours and the rivals'.
 */
export type Clock = 'timestamp' | 'wall' | 'cpu' | 'queue';

export interface BenchRow {
  /** The kernel, or the kernels of a sequence: 'quantize_int4 + w4a4_matmul'. */
  readonly kernel: string;
  readonly dims: Dims;
  /** 'register', 'TensorFlow.js 4.22.0', 'reference, TypeScript', … */
  readonly contender: string;
  /** variant: ours. reference: the oracle in TypeScript, on the CPU. */
  readonly kind: 'variant' | 'reference' | 'rival';
  readonly clock: Clock;
  /** Checked against float64 before it was timed; a contender that is wrong is not timed. */
  readonly correct: boolean;
  /** 'nmse 3.1e-15', 'codes 65536 codes equal', … */
  readonly check: string;
  /** True for the variant that runs on this device unless another is asked for. */
  readonly chosen?: boolean;
  readonly time?: Spread;
  /** Seconds to compile the pipeline: ours only, never part of `time`. */
  readonly compile?: number;
  /** Seconds of the first call, result read back: whatever was not compiled yet is compiled in it. Never part of `time`. */
  readonly first?: number;
  readonly flopsPerSecond?: number;
  readonly bytesPerSecond?: number;
  /** FLOPs for each byte that has to move: where the row stands on the roofline. */
  readonly intensity?: number;
  /** Of the least time that the two measured ceilings allow, 0 to 1. */
  readonly rooflineShare?: number;
  /** Time of each rival over this one's, on the same clock: above 1, this one is faster. */
  readonly rivals?: Readonly<Record<string, Ratio>>;
}

/** One line of the table of targets: ours against one other thing. */
export interface TargetRow {
  /** 'matmul-256/tfjs': unique in a report. */
  readonly id: string;
  readonly work: string;
  readonly shape: string;
  /** What of ours: 'matmul register'. */
  readonly ours: string;
  readonly against: string;
  /** What is compared: 'time', 'bytes', 'dispatches', 'share of the multiply-add ceiling'. */
  readonly quantity: string;
  /** at least: theirs over ours. at most: ours over the other. A share or a count is itself. */
  readonly sense: 'at least' | 'at most';
  /** Absent where it could not be measured; `check` says why. */
  readonly value?: number;
  /** Over the ratios of each single round, for times. */
  readonly spread?: Ratio;
  /** Absent for what is only shown beside. */
  readonly bound?: number;
  /** Absent where there is no bound or no value. */
  readonly held?: boolean;
  readonly ourTime?: Spread;
  readonly otherTime?: Spread;
  /** The verdict on the other's numbers, or why there is none. */
  readonly check: string;
}

/** Sparse attention against dense attention of the same tokens, or one shape of work against another, in one run. */
export interface DensityRow {
  readonly kernel: string;
  readonly what: string;
  /** Absent: one. */
  readonly heads?: number;
  readonly tokens: number;
  readonly channels: number;
  /** Share of pairs, or of tiles, that is computed: 0 to 1. */
  readonly share: number;
  /** Time over dense time: median and quartiles over the turns. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Sparse products whose rows hold unequal numbers of nonzeros, against even rows with as many, in one run. */
export interface SkewRow {
  readonly kernel: string;
  /** 'one row holds half', … */
  readonly what: string;
  readonly dims: Dims;
  /** Time over the time with even rows: median and quartiles over the turns. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** From nothing to a first result. */
export interface ColdRow {
  readonly contender: string;
  readonly kind: 'ours' | 'rival';
  /** What the first result is: 'first result of the SVDQuant lab', 'first product of 256 × 256'. */
  readonly what: string;
  /** Steps one after the other, seconds: import, backend, first operation. */
  readonly steps: readonly { readonly label: string; readonly seconds: number }[];
  /** Seconds in all: the median, where it was measured several times. */
  readonly total: number;
  readonly times?: Spread;
  /** True where each was measured in a browser of its own, with nothing in its caches. */
  readonly fresh: boolean;
}

/** A lab from its inputs to its first result, pipelines compiled, nothing remembered. */
export interface WholeRunRow {
  readonly lab: string;
  /** The engine's name. */
  readonly engine: string;
  readonly time: Spread;
  /** Time of this engine over the time of TypeScript. */
  readonly overTypeScript?: Ratio;
}

export interface CeilingRates {
  readonly bytesPerSecond: number;
  readonly flopsPerSecond: number;
}

export interface BenchReport {
  readonly host: 'browser' | 'dawn';
  readonly device: DeviceInfo;
  /** The best that was seen in this run; a machine busy at one end must not lower its own ceiling. */
  readonly ceilings: CeilingRates & { readonly before: CeilingRates; readonly after: CeilingRates };
  readonly targets: readonly TargetRow[];
  readonly rows: readonly BenchRow[];
  readonly density: readonly DensityRow[];
  readonly skew: readonly SkewRow[];
  readonly cold: readonly ColdRow[];
  readonly runs: readonly WholeRunRow[];
  /** Rivals with their versions, what was asserted of them, and why one did not take part. */
  readonly notes: readonly string[];
}

/** What only a terminal knows. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly program: string;
  readonly system: string;
  /** Mean number of running processes over the last minute, before and after. */
  readonly load: readonly [number, number];
}
