/** The paper's statements that a run can confirm or refute. Each is computed from the run alone, and each can fail. */

import type { Claim, Run } from '../../run/run';
import { judged, tiny, type Statement } from '../claims';

const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;
const arrow = (a: number, b: number): string => `${percent(a)} → ${percent(b)}`;

/** Two runs of the same float32 arithmetic in another order differ by less. */
const SAME = 1e-5;
/** A refinement that keeps its first iteration has the same error to rounding. */
const NOT_WORSE = 1 + 1e-6;

export function claimsOf(run: Partial<Run>): Claim[] {
  const error = (id: string): number | undefined => run.methods?.find((m) => m.id === id)?.relativeError;
  const { scalars = {} } = run;
  const below = (id: string, statement: string, from: string, to: string): Statement => ({
    id, statement, numbers: { [from]: error(from), [to]: error(to) }, holds: (n) => n[to] * NOT_WORSE < n[from], shown: (n) => arrow(n[from], n[to]),
  });
  const statements: Statement[] = [
    {
      id: 'branch-helps', statement: 'The low-rank branch takes away at least a quarter of the error that smoothing alone leaves.',
      numbers: { smooth: error('smooth'), svdquant: error('svdquant') }, holds: (n) => n.svdquant <= 0.75 * n.smooth, shown: (n) => arrow(n.smooth, n.svdquant),
    },
    {
      id: 'energy-concentrates', statement: 'The first *r* singular values hold over half of the energy of *^W*.',
      numbers: { energyKept: scalars.energyKept }, holds: (n) => n.energyKept > 0.5, shown: (n) => percent(n.energyKept),
    },
    below('smoothing-helps-svd', 'Smoothing before the SVD lowers the error of the same rank without it.', 'lowrank', 'svdquant'),
    below('split-beats-correction', 'Splitting before rounding beats correcting the rounding error afterwards (LoRC).', 'lorc', 'svdquant'),
    {
      id: 'smoothing-identity', statement: 'Smoothing changes nothing before rounding: *^X^W* = *XW*.',
      numbers: { difference: scalars.identity }, holds: (n) => n.difference < SAME, shown: (n) => `difference ${tiny(n.difference)}`,
    },
    {
      id: 'residual-shrinks', statement: 'The residual is no larger than *^W*, and as small as the spectrum beyond rank *r* allows.',
      numbers: { smoothedNorm: scalars.smoothedNorm, residualNorm: scalars.residualNorm, tail: scalars.spectrumTail },
      holds: (n) => n.residualNorm <= n.smoothedNorm * (1 + SAME) && Math.abs(n.residualNorm - n.tail) <= 1e-3 * n.smoothedNorm,
      shown: (n) => `‖R‖ ${n.smoothedNorm.toPrecision(3)} → ${n.residualNorm.toPrecision(3)}`,
    },
    {
      id: 'branch-small', statement: 'The branch is small beside the 4-bit weights: under a tenth of their bits.',
      numbers: { branchBits: scalars.branchBits, formatBits: scalars.formatBits, branchBits3072: scalars.branchBits3072 },
      holds: (n) => n.branchBits < 0.1 * n.formatBits,
      shown: (n) => `${n.branchBits.toFixed(2)} of ${n.formatBits.toFixed(2)} bits; ${n.branchBits3072.toFixed(2)} in a 3072² layer`,
    },
    {
      id: 'refinement-not-worse', statement: 'Refinement never ends worse than one shot.',
      numbers: { oneShot: scalars.refineFirst, refined: scalars.refineBest }, holds: (n) => n.refined <= n.oneShot * NOT_WORSE, shown: (n) => arrow(n.oneShot, n.refined),
    },
    {
      id: 'nvfp4-below-int4', statement: 'NVFP4 rounds this layer with less error than INT4 in groups of 64.',
      numbers: { int4: scalars.errorInt4g64, nvfp4: scalars.errorNvfp4 }, holds: (n) => n.nvfp4 < n.int4, shown: (n) => arrow(n.int4, n.nvfp4),
    },
    {
      id: 'search-not-worse', statement: 'The best of the 39 searched smoothing pairs is at least as good as this one.',
      numbers: { here: scalars.errorPair, searched: scalars.errorSearched }, holds: (n) => n.searched <= n.here * NOT_WORSE, shown: (n) => arrow(n.here, n.searched),
    },
    {
      id: 'fused-equals-separate', statement: 'The fused pair of kernels gives the output of the separate ones.',
      numbers: { difference: scalars.fusedDifference }, holds: (n) => n.difference < SAME, shown: (n) => `difference ${tiny(n.difference)}`,
    },
  ];
  return judged(statements);
}
