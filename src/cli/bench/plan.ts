/** What the arguments ask of a benchmark; plain data, so that it travels into a page. */

import { kernels } from '../../../kernels/registry';
import type { BenchEvent, BenchOptions } from '../../bench/bench';
import { RIVALS } from '../../bench/rivals';
import type { Arguments } from './arguments';

export type Plan = Pick<BenchOptions, 'proof' | 'rivals' | 'rounds'> & { readonly kernels: readonly string[]; readonly wholeRuns: boolean; readonly cold: boolean };

export function planOf({ only, proof, rivals, dawn, rounds }: Pick<Arguments, 'only' | 'proof' | 'rivals' | 'dawn' | 'rounds'>): Plan {
  const named = only.length > 0;
  return {
    kernels: proof ? [] : named ? only : kernels.map(({ name }) => name),
    proof: named ? only : 'all',
    rivals: rivals && !dawn ? RIVALS.map(({ id }) => id) : [],
    rounds,
    wholeRuns: !named,
    cold: !named && rivals && !dawn,
  };
}

export const kernelsOf = ({ kernels: names }: Plan): BenchOptions['kernels'] => kernels.filter(({ name }) => names.includes(name));

/** A line as each unit of work begins. */
export function progressOf(line: (text: string) => void): (event: BenchEvent) => void {
  let last = -1;
  return (event) => {
    if (event.kind !== 'progress' || event.done >= event.planned || event.done === last || !Number.isInteger(event.done)) return;
    last = event.done;
    line(`${event.done + 1} of ${event.planned}  ${event.what}`);
  };
}
