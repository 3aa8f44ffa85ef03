/** Lines of the table of targets, from what the races gave. */

import type { Contest, Entrant } from './contest';
import { ratioOf } from './race';
import type { CeilingRates, DensityRow, SkewRow, TargetRow } from './report';
import type { RivalId } from './rivals/rival';

/** What a contest is asked. */
export type Question =
  /** Time of the fastest correct way of a library over ours. */
  | { readonly kind: 'rival'; readonly ours: string; readonly rival: RivalId; readonly name: string; readonly way?: RegExp; readonly bound?: number }
  /** Ours over another of ours. */
  | { readonly kind: 'own'; readonly ours: string; readonly base: string; readonly name: string; readonly quantity: 'time' | 'bytes'; readonly bound?: number }
  | { readonly kind: 'dispatches'; readonly ours: string; readonly bound?: number }
  | { readonly kind: 'ceiling'; readonly ours: string; readonly bound: number };

const held = (value: number | undefined, sense: TargetRow['sense'], bound: number | undefined): boolean | undefined => {
  if (value === undefined || bound === undefined) return undefined;
  return sense === 'at least' ? value >= bound : value <= bound;
};

/** The line with its verdict. */
export const row = (given: Omit<TargetRow, 'held'>): TargetRow => {
  const verdict = held(given.value, given.sense, given.bound);
  return verdict === undefined ? given : { ...given, held: verdict };
};

export function answer({ id, work, shape }: Contest, entrants: readonly Entrant[], question: Question, ceilings: CeilingRates): TargetRow {
  const ours = entrants.find((entrant) => entrant.own?.id === question.ours)!;
  const { time: ourTime, traffic } = ours;
  const label = [ours.own?.kernels, traffic?.variant].filter(Boolean).join(': ');
  const base = { work, shape, ours: label, ...(ourTime && { ourTime }) };
  const broken = ourTime ? undefined : `ours: ${ours.verdict.check}`;
  if (question.kind === 'rival') {
    const { rival, name, way, bound } = question;
    const line = { ...base, id: `${id}/${question.ours}/${name}`, quantity: 'time', sense: 'at least' as const, bound };
    const all = entrants.filter((entrant) => entrant.kind === 'rival' && entrant.id === rival && (way?.test(entrant.way) ?? true));
    const [fastest] = all.filter(({ time }) => time).sort((a, b) => a.time!.median - b.time!.median);
    if (!fastest?.time || !ourTime) {
      return row({ ...line, against: all[0]?.label ?? name, check: broken ?? (all.length > 0 ? `WRONG: ${all.map(({ verdict }) => verdict.check).join('; ')}` : 'did not take part') });
    }
    const spread = ratioOf(fastest.time, ourTime);
    const several = all.length > 1 ? `${name}: ` : '';
    return row({ ...line, against: `${several}${fastest.label}`, value: spread.ofMedians, spread, otherTime: fastest.time, check: fastest.verdict.check });
  }
  if (question.kind === 'own') {
    const { quantity, bound, name } = question;
    const other = entrants.find((entrant) => entrant.own?.id === question.base)!;
    const line = { ...base, id: `${id}/${question.ours}/${quantity}`, against: name, quantity, sense: 'at most' as const, bound };
    if (!ourTime || !other.time) return row({ ...line, check: broken ?? other.verdict.check });
    if (quantity === 'bytes') return row({ ...line, value: traffic!.bytes / other.traffic!.bytes, check: other.verdict.check });
    const spread = ratioOf(ourTime, other.time);
    return row({ ...line, value: spread.ofMedians, spread, otherTime: other.time, check: other.verdict.check });
  }
  if (question.kind === 'dispatches') {
    return row({ ...base, id: `${id}/${question.ours}/dispatches`, against: '', quantity: 'dispatches', sense: 'at most', value: traffic?.dispatches, bound: question.bound, check: ours.verdict.check });
  }
  const value = ourTime && ours.own!.flops / ourTime.median / ceilings.flopsPerSecond;
  return row({
    ...base, id: `${id}/${question.ours}/ceiling`, against: 'the measured multiply-add ceiling', quantity: 'share', sense: 'at least', value, bound: question.bound, check: ours.verdict.check,
  });
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

/** Time of block-sparse attention over density × dense: 1 where time follows the work. */
export const densityTarget = (given: DensityRow, software: boolean): TargetRow => {
  const blocks = given.kernel === 'attention_blocks' && given.what === 'clusters of one size';
  const speedup = !software && given.share <= 0.126;
  const by = (x: number): number => (speedup ? 1 / x : x / given.share);
  const [a, b] = [by(given.low), by(given.high)];
  return row({
    id: `density/${given.kernel}/${given.what}/${given.share.toFixed(4)}`,
    work: given.kernel === 'attention_blocks' ? 'block-sparse attention' : 'masked attention',
    shape: `${given.heads ? `${given.heads} heads, ` : ''}${given.tokens} × ${given.channels}, ${percent(given.share)}, ${given.what}`,
    ours: given.kernel,
    against: speedup ? 'dense attention' : 'density × dense attention',
    quantity: 'time',
    sense: speedup ? 'at least' : 'at most',
    value: by(given.ratio),
    spread: { ofMedians: by(given.ratio), median: by(given.ratio), low: Math.min(a, b), high: Math.max(a, b) },
    bound: blocks ? (speedup ? 5 : 1.25) : undefined,
    check: 'kernels checked in their own rows',
  });
};

/** Time with uneven rows over the time with even ones. */
export const skewTarget = ({ kernel, what, dims: { N, K, Z }, ratio, low, high }: SkewRow): TargetRow => row({
  id: `skew/${kernel}/${what}`, work: 'sparse matvec', shape: `${N} × ${K}, ${Z} nonzeros, ${what}`, ours: kernel, against: 'even rows',
  quantity: 'time', sense: 'at most', value: ratio, spread: { ofMedians: ratio, median: ratio, low, high },
  bound: kernel.includes('balanced') ? 1.15 : undefined, check: 'kernels checked in their own rows',
});
