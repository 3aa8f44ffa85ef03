/** The paper's statements that a run can confirm or refute. Each is computed from the run alone, and each can fail. */

import type { Claim, MethodResult, Run } from '../../run/run';
import { judged, tiny, type Statement } from '../claims';

const percent = (x: number): string => `${(100 * x).toFixed(x !== 0 && Math.abs(x) < 0.1 ? 2 : 1)} %`;

/** Sums of the same float32 terms in another order differ by less. */
const SAME = 1e-5;
/** Two results that ought to be equal count as equal, not as one below the other. */
const BELOW = 1 - 1e-6;

export function claimsOf(run: Partial<Run>): Claim[] {
  return judged([...judging(run), ...masks(run), ...tiles(run), ...charts(run)]);
}

/** Heads whose two masks differ by more than this share of the larger error have something to decide. */
const DECIDED = 0.1;

/** Least and mean agreement of the heads for which the choice matters; absent where none does or some is not known. */
function agreements({ vectors }: Partial<Run>): { readonly least: number | undefined; readonly mean: number | undefined } {
  const [spatial, temporal, shares] = ['spatial_full', 'temporal_full', 'agreement'].map((id) => Array.from(vectors?.[id]?.data ?? []));
  const none = { least: undefined, mean: undefined };
  if (shares.length === 0 || shares.some((v) => v < 0)) return none;
  const decided = shares.filter((_, h) => Math.abs(spatial[h] - temporal[h]) > DECIDED * Math.max(spatial[h], temporal[h]));
  return decided.length === 0 ? none : { least: Math.min(...decided), mean: decided.reduce((a, b) => a + b, 0) / decided.length };
}

function judging(run: Partial<Run>): Statement[] {
  const { scalars = {} } = run;
  return [
    {
      id: 'verdict-is-oracle', statement: 'Every head gets the mask that all its rows would choose.',
      numbers: { agree: scalars.agree, heads: scalars.heads }, holds: (n) => n.agree === n.heads, shown: (n) => `${n.agree} of ${n.heads} heads`,
    },
    {
      id: 'sampling-suffices', statement: 'The sampled rows decide as all rows do, in 99 of 100 draws, where the choice matters.',
      numbers: { rows: scalars.R, tokens: scalars.tokens, ...agreements(run) }, holds: (n) => n.mean >= 0.99,
      shown: (n) => `${n.rows} of ${n.tokens} rows: ${percent(n.mean)} of draws, ${percent(n.least)} on the hardest head`,
    },
    {
      id: 'profiling-cheap', statement: 'Judging a head costs under a twentieth of its dense attention, 2*R* / *N*.',
      numbers: { share: scalars.profileShare }, holds: (n) => n.share < 0.05, shown: (n) => `${percent(n.share)} of the operations`,
    },
  ];
}

function masks(run: Partial<Run>): Statement[] {
  const of = (id: string): MethodResult | undefined => run.methods?.find((m) => m.id === id);
  const error = (id: string): number | undefined => of(id)?.relativeError;
  const below = (density: number | undefined, most: number): number | undefined => (density !== undefined && density < most ? density : undefined);
  const { scalars = {} } = run;
  // A layer whose heads are all of one type has nothing to choose.
  const choice = scalars.temporalHeads > 0 && scalars.temporalHeads < scalars.heads ? scalars.temporalHeads : undefined;
  return [
    {
      id: 'best-per-head', statement: 'A mask for each head loses less than one mask for all heads.',
      numbers: { svg: error('svg'), spatial: error('spatial'), temporal: error('temporal'), temporalHeads: choice },
      holds: (n) => n.svg < BELOW * Math.min(n.spatial, n.temporal), shown: (n) => `${percent(n.svg)}; spatial for all ${percent(n.spatial)}, temporal ${percent(n.temporal)}`,
    },
    {
      id: 'beats-random', statement: 'The bands lose less than random tiles of the same density.',
      numbers: { random: error('random'), svg: error('svg'), density: below(of('random')?.density, 1) }, holds: (n) => n.svg < BELOW * n.random, shown: (n) => `${percent(n.random)} → ${percent(n.svg)}`,
    },
    {
      id: 'recall-above-density', statement: 'The kept pairs hold over twice their share of the attention.',
      numbers: { density: below(scalars.layerDensity, 0.5), recall: scalars.layerRecall }, holds: (n) => n.recall > 2 * n.density, shown: (n) => `${percent(n.density)} of the pairs, ${percent(n.recall)} of the attention`,
    },
    {
      id: 'kept-as-asked', statement: 'The mask keeps the share of pairs that was asked for.',
      numbers: { asked: scalars.keptAsked, kept: scalars.sparseDensity }, holds: (n) => Math.abs(n.kept - n.asked) < 0.02, shown: (n) => `${percent(n.asked)} asked, ${percent(n.kept)} kept`,
    },
  ];
}

/** A mask that keeps more than this has few tiles to skip in any order. */
const SPARSE = 0.6;

function tiles({ scalars = {} }: Partial<Run>): Statement[] {
  return [
    {
      id: 'layout-identity', statement: 'The layout transform changes no output: laid out or in place, the same pairs give the same.',
      numbers: { difference: scalars.layoutError }, holds: (n) => n.difference < SAME, shown: (n) => `difference ${tiny(n.difference)}`,
    },
    {
      id: 'layout-tiles', statement: 'In frame order a temporal head touches nearly every tile; laid out, less than 1.5 times the share of pairs that it keeps.',
      numbers: { frame: scalars.temporalTilesFrame, token: scalars.temporalTiles, density: scalars.temporalDensity < SPARSE ? scalars.temporalDensity : undefined },
      holds: (n) => n.frame > 0.9 && n.token < 1.5 * n.density, shown: (n) => `${percent(n.frame)} → ${percent(n.token)} of the tiles, ${percent(n.density)} of the pairs`,
    },
    {
      id: 'sink-costs', statement: 'With frame 0 as the sink, a temporal head skips almost no tile; with the first places of the code it does.',
      numbers: { frame: scalars.sinkFrameTiles, places: scalars.sinkPlacesTiles, density: scalars.temporalDensity < SPARSE ? scalars.temporalDensity : undefined },
      holds: (n) => n.frame > 0.9 && n.places < 0.9, shown: (n) => `${percent(n.frame)} of the tiles; ${percent(n.places)} as in the code`,
    },
  ];
}

function charts({ sweeps, params = {} }: Partial<Run>): Statement[] {
  const series = (id: string, method: string): readonly number[] => {
    const y = sweeps?.[id]?.series.find((s) => s.method === method)?.y ?? [];
    return y.every((v) => v !== null) ? y : [];
  };
  const errors = series('error', 'svg');
  // Where the first step is no noisier than the last there is nothing to compare.
  const steps = Number(params.early) > Number(params.noise) ? series('steps', 'sparse') : [];
  const rises = errors.filter((e, i) => i > 0 && e > errors[i - 1] * (1 + 1e-6)).length;
  const whole = sweeps?.error?.x.at(-1) === 1 ? errors.at(-1) : undefined;
  return [
    {
      id: 'error-falls', statement: 'The more is asked for, the smaller the error; where all is, there is none.',
      numbers: { least: errors[0], whole, rises: errors.length > 0 ? rises : undefined }, holds: (n) => n.rises === 0 && n.whole < SAME,
      shown: (n) => `${percent(n.least)} → ${percent(n.whole)}${n.rises > 0 ? `, and up ${n.rises} times between` : ''}`,
    },
    {
      id: 'early-steps-lose-more', statement: 'Early, noisy steps lose more under the same masks than late ones: so the first stay dense.',
      numbers: { first: steps[0], last: steps.length > 1 ? steps.at(-1) : undefined }, holds: (n) => n.first > n.last * (1 + 1e-6), shown: (n) => `${percent(n.first)} → ${percent(n.last)}`,
    },
  ];
}
