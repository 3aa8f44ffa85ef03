/** What the branch costs on this device, fused and separate: times of the same launches in the same rounds, and their bytes. */

import type { AnyKernel, Data, Dims } from '../../../kernels/define';
import { lowrankDown } from '../../../kernels/lowrank_down/lowrank_down';
import { lowrankUp } from '../../../kernels/lowrank_up/lowrank_up';
import { quantizeDown } from '../../../kernels/quantize_down/quantize_down';
import { w4a4Matmul } from '../../../kernels/w4a4_matmul/w4a4_matmul';
import { w4a4Up } from '../../../kernels/w4a4_up/w4a4_up';
import type { Engine } from '../../engine/engine';
import { quantile } from '../../engine/timing';

/** The inputs of every launch, by the names that the kernels give them. */
export type Operands = Readonly<Record<string, Data>>;
export interface Sizes extends Dims { readonly T: number; readonly N: number; readonly K: number; readonly G: number; readonly R: number }

/** Launches of each path. Rounding smooths too, on every path: only the branch differs. */
const LAUNCHES = {
  round: { kernel: quantizeDown, rank: 0 },
  product: { kernel: w4a4Matmul },
  down: { kernel: lowrankDown },
  up: { kernel: lowrankUp },
  roundAndDown: { kernel: quantizeDown },
  productAndUp: { kernel: w4a4Up },
} as const;
type Launch = keyof typeof LAUNCHES;

const PATHS = {
  base: ['round', 'product'],
  separate: ['round', 'product', 'down', 'up'],
  fused: ['roundAndDown', 'productAndUp'],
} as const satisfies Record<string, readonly Launch[]>;
type Path = keyof typeof PATHS;
const BRANCHED = ['separate', 'fused'] as const;

const ROUNDS = 5;
/** Seconds for one launch in one round. */
const BUDGET = 0.02;

const kernelOf = (launch: Launch): AnyKernel => LAUNCHES[launch].kernel as unknown as AnyKernel;

/** A launch without the branch has rank 0. */
function dimsOf(launch: Launch, sizes: Sizes): Dims {
  const all: Dims = 'rank' in LAUNCHES[launch] ? { ...sizes, R: 0 } : sizes;
  return Object.fromEntries(kernelOf(launch).uniforms.map((symbol) => [symbol, all[symbol]]));
}

/** Bytes that the launches of each path move, in 32-bit floats as here; `fusionBytesBase` and so on. */
export function fusionBytes(sizes: Sizes): Record<string, number> {
  const total = (path: Path): number => PATHS[path].reduce((sum, launch) => sum + kernelOf(launch).cost(dimsOf(launch, sizes)).bytes, 0);
  return { fusionBytesBase: total('base'), fusionBytesSeparate: total('separate'), fusionBytesFused: total('fused') };
}

/**
 * Seconds of each path (median of the rounds), and what the branch adds to the base, as a ratio: per round, then the
 * median and the middle half of the rounds.
 */
export async function fusionTimes(engine: Engine, operands: Operands, sizes: Sizes, signal: AbortSignal): Promise<Record<string, number>> {
  const rounds: Record<Path, number>[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const times: Partial<Record<Launch, number>> = {};
    for (const launch of Object.keys(LAUNCHES) as Launch[]) {
      signal.throwIfAborted();
      const inputs: Operands = 'rank' in LAUNCHES[launch] ? { ...operands, down: new Float32Array(0) } : operands;
      times[launch] = (await engine.measure(kernelOf(launch), inputs, dimsOf(launch, sizes), { budget: BUDGET, signal })).median;
    }
    const total = (path: Path): number => PATHS[path].reduce((sum, launch) => sum + (times[launch] ?? NaN), 0);
    rounds.push({ base: total('base'), separate: total('separate'), fused: total('fused') });
  }
  signal.throwIfAborted(); // a timing that was cut short is none
  const spread = (values: readonly number[]): readonly number[] => {
    const sorted = values.toSorted((a, b) => a - b);
    return [0.25, 0.5, 0.75].map((q) => quantile(sorted, q));
  };
  const scalars: Record<string, number> = { fusionSecondsBase: spread(rounds.map(({ base }) => base))[1] };
  for (const path of BRANCHED) {
    const name = path === 'fused' ? 'Fused' : 'Separate';
    const [low, median, high] = spread(rounds.map((round) => round[path] / round.base - 1));
    Object.assign(scalars, {
      [`fusionSeconds${name}`]: spread(rounds.map((round) => round[path]))[1],
      [`fusionOver${name}`]: median, [`fusionOver${name}Low`]: low, [`fusionOver${name}High`]: high,
    });
  }
  return scalars;
}
