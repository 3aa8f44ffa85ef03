/** What this run measured, worded beside what the paper published. */

import { storesWeights, type Run } from '../../run/run';
import { bits, decibels, percent, times } from '../../ui/format';
import { BASELINE, HERO } from './headline';

interface Item {
  readonly label: string;
  readonly value: string;
  readonly where: string;
}

/** 'toy 96 × 128 × 128, seed 0', or the files it came from. */
export function sourceOf(run: Run): string {
  const { tokens, inFeatures, outFeatures } = run.scalars;
  const size = `${tokens} × ${inFeatures} × ${outFeatures}`;
  return run.provenance.seed === null ? `your files, ${size}` : `toy ${size}, seed ${run.provenance.seed}`;
}

export function measuredHere(run: Run): Item[] {
  const method = (id: string) => run.methods.filter(storesWeights).find((m) => m.id === id);
  const [base, hero] = [method(BASELINE), method(HERO)];
  if (!base || !hero) return [];
  const items: Item[] = [
    { label: 'Output SQNR, round only to SVDQuant', value: `${decibels(base.sqnrDb)} → ${decibels(hero.sqnrDb)} dB`, where: `this run, ${sourceOf(run)}` },
    { label: 'Weights, 16-bit to stored size, branch included', value: `${times(16 / hero.bitsPerWeight)} smaller`, where: `${bits(hero.bitsPerWeight)} bits per weight` },
  ];
  const rows = run.traffic[0]?.rows ?? [];
  const total = (i: number): number => rows[i]?.segments.reduce((sum, s) => sum + s.bytes, 0) ?? 0;
  if (rows.length >= 2 && total(0) > 0) {
    items.push({ label: `${rows[1]!.label}, traffic over ${rows[0]!.label}`, value: `+${percent(total(1) / total(0) - 1, 0)}`, where: `${run.traffic[0]!.title}; not a time` });
  }
  return items;
}
