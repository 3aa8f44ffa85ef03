/** What the page asks of the benchmark's worker, which has a device of its own. Plain data throughout. */

import type { BenchEvent } from '../../bench/bench';
import type { BenchReport } from '../../bench/report';
import type { RivalId } from '../../bench/rivals/rival';
import type { DeviceInfo } from '../../engine/engine';
import type { Notice } from '../../run/run';

export type { BenchEvent } from '../../bench/bench';

export interface KernelEntry {
  readonly name: string;
  readonly summary: string;
  readonly variants: number;
}

export interface Started {
  readonly device: DeviceInfo;
  /** Why it is the reference engine. */
  readonly notice?: Notice;
  readonly kernels: readonly KernelEntry[];
}

export interface BenchRequest {
  readonly kernels: readonly string[];
  readonly rivals: readonly RivalId[];
  readonly rounds: number;
  readonly targets: boolean;
}

export type BenchOutcome =
  | { readonly kind: 'done'; readonly report: BenchReport }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly happened: string; readonly mend: string };

/** Implemented in bench-worker.ts, reached through Comlink. */
export interface BenchApi {
  start(): Promise<Started>;
  run(request: BenchRequest, onEvent: (event: BenchEvent) => void): Promise<BenchOutcome>;
  /** Ends the run at the next turn of a contender; what came before it stays. */
  stop(): void;
}
