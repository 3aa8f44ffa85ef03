/** What this run measured, worded beside what the paper published. */

import type { Run } from '../../run/run';
import { decibels, number, percent, times } from '../../ui/format';
import { HERO, leadOf } from './headline';

interface Item {
  readonly label: string;
  readonly value: string;
  readonly where: string;
}

/** 'toy video, 16 frames of 8 × 8 tokens, head 1, seed 0', or the clip it came from. */
export function sourceOf(run: Run): string {
  const { frames, grid, head } = run.scalars;
  const file = run.provenance.inputs['video'];
  const name = file ?? (run.params['source'] === 'clip' ? 'drawn clip' : 'toy video');
  return `${name}, ${frames} frames of ${grid} × ${grid} tokens, head ${head}${run.provenance.seed === null ? '' : `, seed ${run.provenance.seed}`}`;
}

export function measuredHere(run: Run): Item[] {
  const hero = leadOf(run, HERO);
  if (!hero) return [];
  const s = run.scalars;
  const here = `this run, ${sourceOf(run)}`;
  const items: Item[] = [
    { label: 'Density: pairs that are computed', value: percent(hero.density, 1), where: here },
    { label: 'Recall: attention that falls on them', value: percent(hero.recall, 1), where: `${here}, p ${number(s['topP'] ?? 0)}` },
  ];
  if (s['psnrDb'] !== undefined) items.push({ label: 'PSNR of the attention output', value: `${decibels(s['psnrDb'])} dB`, where: 'of one head’s output, peak the range of O; not of a video, so not comparable with the paper’s' });
  if (s['ari'] !== undefined) items.push({ label: 'Agreement of query and key clusters, adjusted Rand index', value: number(s['ari'], 2), where: here });
  if (s['active32Place'] !== undefined && s['active32Cluster'] !== undefined) items.push({ label: 'Tiles of 32 with a kept pair, before to after', value: `${percent(s['active32Place'], 0)} → ${percent(s['active32Cluster'], 0)}`, where: 'the same pairs, in place order and in cluster order' });
  if (s['flopsClusterFirst'] && s['flopsClusterLater']) items.push({ label: 'k-means from the cache, against a cold start', value: `${times(s['flopsClusterFirst'] / s['flopsClusterLater'])} fewer operations`, where: `${run.params['later']} iterations against ${run.params['first']}, operations counted, not a time` });
  if (s['speedup'] !== undefined && s['attentionShare'] !== undefined && s['speedupBound'] !== undefined) {
    items.push({ label: `Whole model, if attention is ${percent(s['attentionShare'], 0)} of it`, value: `at most ${times(s['speedup'])}`, where: `operation count with clustering and map; the bound without any attention is ${times(s['speedupBound'])}` });
  }
  return items;
}
