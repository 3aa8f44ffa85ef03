/** Seeded numbers for contests, and oracles that stay quick where the matrices are large. */

import type { Data } from '../../../kernels/define';
import { judge, type Verdict } from '../tasks';

/** Uniform deviates of mean 0 and variance 1, by xorshift32: tens of millions of them in a moment. */
export function deviates(seed: number, length: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  let state = Math.imul(seed, 0x9e3779b9) | 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[i] = (state / 2 ** 31) * Math.sqrt(3);
  }
  return values;
}

/** Above this many multiplications, float64 checks every some-th row of the output. */
const MULTIPLICATIONS = 1e8;
const FEWEST = 8;

/** Rows that are checked: all, or evenly many with the first and the last among them. @param perRow multiplications of a row */
export function checkedRows(rows: number, perRow: number): number[] {
  const count = Math.min(rows, Math.max(FEWEST, Math.floor(MULTIPLICATIONS / perRow)));
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (rows - 1)) / (count - 1))));
}

export function gather<T extends Float32Array | Uint32Array>(data: T, cols: number, rows: readonly number[]): T {
  const picked = data.slice(0, rows.length * cols) as T;
  for (const [i, row] of rows.entries()) picked.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
  return picked;
}

/** Compares those rows of an output with the oracle's, which is computed once. */
export function judgeRows(rows: readonly number[], total: number, cols: number, oracle: () => Data): (output: Data, bound: number) => Verdict {
  let known: Data | undefined;
  return (output, bound) => {
    known ??= oracle();
    if (output.length !== total * cols) return { correct: false, check: `${output.length} numbers where ${total * cols} are due` };
    if (rows.length === total) return judge(output, known, bound);
    const { correct, check } = judge(gather(output as Float32Array, cols, rows), known, bound);
    return { correct, check: `${check} in ${rows.length} of ${total} rows` };
  };
}
