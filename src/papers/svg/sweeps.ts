/** What the kept fraction, the number of sampled rows and the side of the tiles change. */

import { SPATIAL, TEMPORAL } from '../../attention/layout';
import { countTiles } from '../../attention/pairs';
import { Memo } from '../../run/memo';
import type { RunPatch } from '../../run/run';
import { including, streamSweep, type SweepPlan } from '../../run/stream-sweep';
import type { Core } from './core';
import { agreementOf } from './agreement';
import type { Problem } from './inputs';
import { baselineOf, densitiesOf, overHeads, type HeadResult } from './layer';
import { HEAD_KINDS, METHODS, type MethodId } from './names';
import { leftMask, maskedOf, profileOf, runMask, wholeProfileOf } from './outcomes';
import type { Settings, SvgParams } from './params';
import type { HeadKind } from './toy';

const KEPT = [0.05, 0.1, 0.2, 0.3, 0.5, 1];
const ROWS = [1, 2, 4, 8, 16, 32, 64];
const SIDES = [8, 16, 32, 64, 128];

export async function* sweeps(problem: Problem, { settings }: Core, p: SvgParams): AsyncGenerator<RunPatch> {
  const { memo, pause } = problem;
  yield* streamSweep(memo, pause, tilesPlan(problem, settings));
  yield* streamSweep(memo, pause, agreementPlan(problem, settings));
  // Error and recall are two readings of the same outputs.
  const known = await memo.get('kept outcomes', keptDeps(problem, settings), () => new Map<number, Outcomes>());
  yield* streamSweep(memo, pause, keptPlan(problem, settings, p, known, 'error'));
  yield* streamSweep(memo, pause, keptPlan(problem, settings, p, known, 'recall'));
}

type Contender = Extract<MethodId, 'random' | 'sliding' | 'spatial' | 'temporal' | 'svg'>;
type Outcomes = Readonly<Partial<Record<Contender, { readonly error: number; readonly recall: number }>>>;

const CONTENDERS: readonly Contender[] = ['random', 'sliding', 'spatial', 'temporal', 'svg'];

const keptDeps = ({ key }: Problem, s: Settings): unknown[] => [key, { ...s, keptFraction: null }];

/** Every contender over all heads with another kept fraction. @param own whether it is the run's: its outputs are there already */
async function outcomesAt(problem: Problem, s: Settings, own: boolean): Promise<Outcomes> {
  const apart = own ? problem : { ...problem, apart: new Memo() };
  const found = Object.fromEntries(CONTENDERS.map((id) => [id, [] as HeadResult[]])) as Record<Contender, HeadResult[]>;
  const densities = densitiesOf(problem, s);
  for (const h of problem.kinds.keys()) {
    const verdict = (await profileOf(apart, h, s)).verdict[0];
    for (const [id, type] of [['spatial', SPATIAL], ['temporal', TEMPORAL]] as const) {
      const { gap, whole, mass } = await maskedOf(apart, h, type, s);
      found[id].push({ gap, whole, mass, density: densities[type] });
      await problem.pause();
    }
    found.svg.push(found[verdict === TEMPORAL ? 'temporal' : 'spatial'][h]);
    for (const id of ['random', 'sliding'] as const) {
      const one = await baselineOf(id, problem, h, s, densities[verdict]);
      if (one) found[id].push(one);
      await problem.pause();
    }
  }
  return Object.fromEntries(CONTENDERS.filter((id) => found[id].length > 0).map((id) => [id, overHeads(found[id])]));
}

function keptPlan(problem: Problem, s: Settings, p: SvgParams, known: Map<number, Outcomes>, what: 'error' | 'recall'): SweepPlan<Contender> {
  const ids = CONTENDERS.filter((id) => id !== 'sliding' || s.sink !== 'none');
  const titles = { error: { id: 'error', title: 'Error against the kept fraction', yLog: false }, recall: { id: 'recall', title: 'Attention kept against the kept fraction', measure: 'recall' } } as const;
  return {
    base: { ...titles[what], param: 'kept', xLabel: 'kept fraction s that the band is made for', x: including(KEPT, p.kept), current: p.kept },
    series: ids.map((method) => ({ method, ...METHODS[method] })),
    deps: keptDeps(problem, s),
    point: async (kept) => {
      const outcomes = known.get(kept) ?? await outcomesAt(problem, { ...s, keptFraction: kept }, kept === s.keptFraction);
      known.set(kept, outcomes);
      return Object.fromEntries(ids.map((id) => [id, outcomes[id]?.[what] ?? null]));
    },
  };
}

/** Of the heads of each kind, how often R rows decide as all do. */
function agreementPlan(problem: Problem, s: Settings): SweepPlan<HeadKind | 'oracle'> {
  const kinds = HEAD_KINDS.filter(({ id }) => problem.kinds.includes(id));
  return {
    base: {
      id: 'agreement', title: 'Verdict against sampled rows', measure: 'share', yLabel: 'draws that decide as all rows do', param: 'rows', xLog: true,
      xLabel: 'sampled rows R', x: including(ROWS, s.rows), current: s.rows, note: '400 draws on each head',
      marks: [{ x: Math.max(1, Math.round(problem.tokens / 100)), label: '1 % of the rows' }],
    },
    series: [
      { method: 'oracle', label: METHODS.oracle.label, slot: METHODS.oracle.slot, flat: true },
      ...kinds.map(({ id, label, projected, slot }) => ({ method: id, label: problem.projected ? projected : label, slot })),
    ],
    deps: [problem.key, { ...s, rows: null }],
    point: async (rows) => {
      const shares: Partial<Record<HeadKind | 'oracle', number>> = { oracle: 1 };
      for (const { id } of kinds) {
        const heads = [...problem.kinds.keys()].filter((h) => problem.kinds[h] === id);
        let sum = 0;
        for (const h of heads) sum += agreementOf(await wholeProfileOf(problem, h, s), s, rows);
        shares[id] = sum / heads.length;
        await problem.pause();
      }
      return shares;
    },
  };
}

/** Active tiles of a temporal head, before and after the layout transform. */
function tilesPlan(problem: Problem, s: Settings): SweepPlan<'frame' | 'token' | 'density'> {
  return {
    base: {
      id: 'tiles', title: 'Tiles that cannot be skipped', measure: 'share', yLabel: 'active tiles', param: 'tile', xLog: true, xLabel: 'tile side B, tokens',
      x: including(SIDES, s.tile), current: s.tile, note: 'the mask of a temporal head',
    },
    series: [
      { method: 'frame', label: 'Frame order', slot: 'rtn' },
      { method: 'token', label: 'After the transform', slot: 'hero' },
      { method: 'density', label: 'Pairs kept', slot: 'svd', flat: true },
    ],
    deps: [problem.video, s.keptFraction, s.grain, s.sink],
    point: async (side) => {
      const token = countTiles(runMask(problem, { ...s, transform: true }, TEMPORAL), side);
      return { frame: countTiles(leftMask(problem, s, TEMPORAL), side).active, token: token.active, density: token.density };
    },
  };
}
