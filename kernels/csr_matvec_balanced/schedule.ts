/** Who does what in the balanced sparse product. */

export interface Schedule {
  readonly threads: number;
  /** Nonzeros of each thread; the last ones may have fewer, or none. */
  readonly perThread: number;
}

/** Nonzeros that a thread is to have, and threads of a block: SqueezeLLM, quant.py and quant_cuda_kernel.cu. */
const TARGET = 10;
const BLOCK = 128;

/** As officially: about ten nonzeros to a thread, threads in whole blocks of 128. No nonzero takes one idle block. */
export function balancedSchedule(nonzeros: number): Schedule {
  const threads = BLOCK * Math.max(1, Math.ceil(Math.ceil(nonzeros / TARGET) / BLOCK));
  return { threads, perThread: Math.ceil(nonzeros / threads) };
}

/**
 * The first row that begins in each thread's share (or later); thread t finishes the rows from there to the next
 * thread's. Found once, when the matrix is packed: searched for by every thread at every token, it would cost more
 * loads than the share itself.
 * @param rowptr [N+1]
 * @param threads any number; balancedSchedule's by default
 * @returns [threads]
 */
export function balancedStarts(rowptr: Uint32Array, threads = balancedSchedule(rowptr[rowptr.length - 1]).threads): Uint32Array {
  const nonzeros = rowptr[rowptr.length - 1];
  const perThread = Math.ceil(nonzeros / threads);
  const starts = new Uint32Array(threads);
  let row = 0;
  for (let t = 0; t < threads; t++) {
    while (rowptr[row] < Math.min(t * perThread, nonzeros)) row++;
    starts[t] = row;
  }
  return starts;
}
