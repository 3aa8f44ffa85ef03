/** What this run measured, worded beside what the paper published. */

import type { Run } from '../../run/run';
import { decibels, number, percent, times } from '../../ui/format';

interface Item {
  readonly label: string;
  readonly value: string;
  readonly where: string;
}

/** 'synthetic heads, 16 frames of 8 × 8 tokens, seed 0', or the clip. */
export function sourceOf({ scalars, provenance }: Run): string {
  const { frames, grid, text = 0, picture = 0 } = scalars;
  const size = `${frames} frames of ${grid} × ${grid} tokens${text > 0 ? ` and ${text} of text` : ''}`;
  const clip = provenance.inputs['video'];
  const what = !picture ? 'synthetic heads' : clip?.startsWith('drawn') === false ? `projected heads of ${clip.replace(/: \d+ frames of .*$/, '')}` : 'projected heads of a drawn clip';
  return `${what}, ${size}${provenance.seed === null ? '' : `, seed ${provenance.seed}`}`;
}

export function measuredHere(run: Run): Item[] {
  const { scalars } = run;
  const here = `this run, ${sourceOf(run)}`;
  const of = (id: string) => run.methods.find((m) => m.id === id);
  const [hero, spatial, temporal] = [of('svg'), of('spatial'), of('temporal')];
  const items: Item[] = [];
  const { agree, heads, R, tokens, flopsProfile, flopsDense, layoutError, activeTiles, activeTilesFrame, tile, attentionShare, speedupAtTiles, speedupBound, keptAsked } = scalars;
  if (hero && spatial && temporal) {
    items.push({ label: 'Error: spatial for all, temporal for all, the judged mask of each', value: [spatial, temporal, hero].map((m) => percent(m.relativeError, 1)).join(', '), where: `${here}, all heads` });
  }
  if (hero?.psnrDb !== undefined && Number.isFinite(hero.psnrDb)) items.push({ label: 'PSNR of the attention output', value: `${decibels(hero.psnrDb)} dB`, where: `${here}; peak: range of the dense output. Not of a finished video` });
  if (hero?.density !== undefined && keptAsked !== undefined) items.push({ label: 'Pairs kept, asked for and real', value: `${percent(keptAsked, 0)} → ${percent(hero.density, 1)}`, where: 'sink and rounding are not charged to the asked share' });
  if (agree !== undefined && heads !== undefined) items.push({ label: `Verdicts from ${R} rows that are those of all rows`, value: `${agree} of ${heads}`, where: here });
  if (flopsProfile !== undefined && flopsDense !== undefined && tokens !== undefined) items.push({ label: 'Judging, over dense attention', value: percent(flopsProfile / flopsDense, 1), where: `2 R / N = 2 · ${R} / ${tokens}; operations, not a time` });
  if (activeTiles !== undefined && activeTilesFrame !== undefined) items.push({ label: `Tiles of ${tile} touched, in frame order and as run`, value: `${percent(activeTilesFrame, 0)} → ${percent(activeTiles, 0)}`, where: 'the chosen head' });
  if (layoutError !== undefined) items.push({ label: 'What the layout transform changes in the output', value: layoutError === 0 ? '0' : number(layoutError), where: 'relative error, with and without it' });
  if (attentionShare !== undefined && speedupAtTiles !== undefined && speedupBound !== undefined) {
    items.push({ label: `The whole, if attention is ${percent(attentionShare, 0)} of it`, value: `at most ${times(speedupAtTiles)}`, where: `by operations; ${times(speedupBound)} if attention were free` });
  }
  return items;
}
