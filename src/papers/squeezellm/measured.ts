/** What this run measured, worded beside what the paper published. */

import { storesWeights, type Run } from '../../run/run';
import { bits, number, percent, times } from '../../ui/format';
import { HERO } from './headline';

interface Item {
  readonly label: string;
  readonly value: string;
  readonly where: string;
}

const SOURCES: Readonly<Record<string, string>> = { network: 'trained classifier', 'self-labelled': 'toy network', matrix: 'heavy-tailed matrix' };

/** 'trained classifier, layer 1, 64 × 144', or the file it came from. */
export function sourceOf(run: Run): string {
  const { outFeatures, inFeatures, layer, layers } = run.scalars;
  const size = `${outFeatures} × ${inFeatures}`;
  if (run.provenance.inputs['weights'] && run.provenance.seed === null && run.scalars['loss16'] === undefined) return `your file, ${size}`;
  const name = SOURCES[String(run.params['source'])] ?? 'toy';
  return `${name}${layers !== undefined && layers > 1 ? `, layer ${layer}` : ''}, ${size}${run.provenance.seed === null ? '' : `, seed ${run.provenance.seed}`}`;
}

export function measuredHere(run: Run): Item[] {
  const method = (id: string) => run.methods.filter(storesWeights).find((m) => m.id === id);
  const hero = method(HERO);
  if (!hero) return [];
  const { loss16, evaluation, denseRange, sparseShare, removedError, workPlainRatio, workBalancedRatio, threads, rowptrBits } = run.scalars;
  const here = `this run, ${sourceOf(run)}`;
  const items: Item[] = [];
  const agnostic = method('kmeans');
  const dense = method('dense-only');
  if (loss16 !== undefined && hero.loss !== undefined && agnostic?.loss !== undefined && dense?.loss !== undefined) {
    items.push({
      label: `Loss, ${run.scalars['bits']} bits: k-means, weighted, dense and sparse (16-bit ${number(loss16)})`,
      value: [agnostic.loss, dense.loss, hero.loss].map((v) => number(v)).join(' → '), where: `${here}, ${evaluation} samples`,
    });
  }
  items.push({ label: 'Weights, 16-bit to stored size', value: `${times(16 / hero.bitsPerWeight)} smaller`, where: `${bits(hero.bitsPerWeight)} bits per weight, levels and sparse entries included${rowptrBits ? `, ${bits(rowptrBits)} of them row pointers, which the paper leaves out` : ''}` });
  if (denseRange !== undefined && sparseShare !== undefined) {
    items.push({ label: `Range of what stays, when ${percent(sparseShare)} leaves`, value: `${percent(denseRange, 0)} of W’s`, where: here });
  }
  if (removedError !== undefined) items.push({ label: 'Largest error of a removed entry', value: removedError === 0 ? '0' : `${number(removedError)} of max |W|`, where: here });
  if (workPlainRatio !== undefined && workBalancedRatio !== undefined) {
    items.push({ label: 'Slowest thread over the mean, plain to balanced', value: `${times(workPlainRatio)} → ${times(workBalancedRatio)}`, where: `nonzeros, ${threads ?? ''} threads when balanced; not a time`.replace('  ', ' ') });
  }
  return items;
}
