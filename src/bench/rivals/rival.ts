/** What every library that takes part offers. */

import type { ColdRow } from '../report';
import type { Task } from '../tasks';
import type { Data } from '../../../kernels/define';

export type RivalId = 'tfjs' | 'ort' | 'jax';

export interface Rival {
  readonly id: RivalId;
  /** 'TensorFlow.js 4.22.0' */
  readonly label: string;
  /** Import, backend and first product of 256 × 256 with its result read back, measured as it was opened. */
  readonly cold: ColdRow;
  /** What was asserted when it was opened: 'no operation is forwarded to the CPU', … */
  readonly assertions: readonly string[];
  /** Its ways to compute the task; none where it has no counterpart. */
  prepare(task: Task): Promise<readonly RivalOperation[]>;
  dispose(): void;
}

export interface RivalOperation {
  /** 'ONNX Runtime 1.30.0 MatMulNBits, block 32, level 4' */
  readonly label: string;
  /** 'block 32, level 4': what tells it from the library's other ways. Empty where there is one. */
  readonly way: string;
  /** Bound of the normalised mean squared error that this way promises, where it is not that of 32-bit floats. */
  readonly bound?: number;
  /** The task's output, read back. @throws where the operation did not run on the device */
  readonly compute: () => Promise<Data>;
  /** Enqueues `inner` operations and resolves when the device has done them all. */
  readonly batch: (inner: number) => Promise<void>;
  readonly dispose: () => void;
}

/** Runs the steps one after the other and keeps their times. */
export class Stopwatch {
  readonly steps: { label: string; seconds: number }[] = [];

  async step<T>(label: string, work: () => Promise<T> | T): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.steps.push({ label, seconds: (performance.now() - start) / 1000 });
    return result;
  }

  row(contender: string, kind: ColdRow['kind'], what: string): ColdRow {
    return { contender, kind, what, steps: this.steps, total: this.steps.reduce((sum, { seconds }) => sum + seconds, 0), fresh: false };
  }
}

/** The first product of a library: [256,256] by [256,256]. */
export const FIRST = 256;
export const FIRST_PRODUCT = `first product of ${FIRST} × ${FIRST}, read back`;

export function firstTask(): Task {
  const ramp = (): Float32Array<ArrayBuffer> => Float32Array.from({ length: FIRST * FIRST }, (_, i) => (i % 7) - 3);
  return { kind: 'matmul', M: FIRST, N: FIRST, K: FIRST, a: ramp(), b: ramp() };
}
