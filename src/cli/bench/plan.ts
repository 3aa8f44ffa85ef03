/** What the arguments ask of a benchmark; plain data, so that it travels into a page. */

import { kernels } from '../../../kernels/registry';
import type { BenchOptions } from '../../bench/bench';
import { RIVALS } from '../../bench/rivals';
import type { Arguments } from './arguments';

export type Plan = Pick<BenchOptions, 'proof' | 'rivals' | 'rounds'> & { readonly kernels: readonly string[]; readonly wholeRuns: boolean };

export function planOf({ only, proof, rivals, dawn, rounds }: Pick<Arguments, 'only' | 'proof' | 'rivals' | 'dawn' | 'rounds'>): Plan {
  const named = only.length > 0;
  return {
    kernels: proof ? [] : named ? only : kernels.map(({ name }) => name),
    proof: named ? 'kernels' : 'all',
    rivals: rivals && !dawn ? RIVALS.map(({ id }) => id) : [],
    rounds,
    wholeRuns: !named,
  };
}

export const kernelsOf = ({ kernels: names }: Plan): BenchOptions['kernels'] => kernels.filter(({ name }) => names.includes(name));
