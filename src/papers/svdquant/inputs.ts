/** X and W of a run: the seeded toy, or a file in place of either. */

import { normalCdf } from '../../../kernels/formats';
import { InputError } from '../../inputs/error';
import { makeToy } from '../../inputs/toy';
import type { Notice } from '../../run/run';
import type { Matrix } from '../contract';
import { contentKey, type Layer } from './layer';
import type { SvdquantParams } from './params';
import { GELU_SHIFT } from './target';

export interface Inputs {
  readonly layer: Omit<Layer, 'engine' | 'memo' | 'pause'>;
  /** Where X and W come from, in words. */
  readonly sources: Readonly<Record<'weights' | 'activations', string>>;
  /** Input channels that stand out: the toy's own, or those beyond 8 times the median channel maximum. */
  readonly outlierChannels: readonly number[];
  readonly notices: readonly Notice[];
}

export type Files = Readonly<Record<string, Matrix>>;

/** @throws InputError when the two matrices do not fit each other */
export function makeInputs(p: SvdquantParams, files: Files, outliers: number = p.outliers): Inputs {
  const { weights, activations } = files;
  if (weights && activations && weights.cols !== activations.cols) {
    const turned = weights.rows === activations.cols ? ' Transposing the weights would fit.' : '';
    throw new InputError(
      `The weights ${weights.source} have ${weights.cols} inputs per row, but the activations ${activations.source} have ${activations.cols} channels.`,
      `Choose matrices whose second sizes agree.${turned}`,
    );
  }
  const inFeatures = weights?.cols ?? activations?.cols ?? p.in;
  const notices: Notice[] = [];
  const count = Math.min(outliers, inFeatures);
  const toy = weights && activations ? undefined : makeToy({
    tokens: p.tokens, inFeatures, outFeatures: p.out, outliers: count, size: p.size, spread: p.spread, tails: p.tails, planted: p.planted, seed: p.seed,
  });
  const given = activations?.data ?? toy!.x;
  const x = p.gelu ? given.map((v) => v * normalCdf(v)) : given;
  const w = weights?.data ?? toy!.w;
  const unsigned = p.unsigned && p.format === 'int4' && fitsUnsigned(x, notices);
  const shifted = unsigned ? x.map((v) => v + GELU_SHIFT) : x;
  const size = toy ? `seed ${p.seed}` : '';
  return {
    layer: {
      tokens: activations?.rows ?? p.tokens, inFeatures, outFeatures: weights?.rows ?? p.out,
      x: shifted, w, xKey: contentKey(shifted), wKey: contentKey(w), unsigned,
    },
    sources: {
      activations: activations?.source ?? `toy, ${count} outlier channels, ${size}`,
      weights: weights?.source ?? `toy, ${size}`,
    },
    outlierChannels: activations || !toy ? standingOut(x, inFeatures) : toy.outlierChannels,
    notices,
  };
}

function fitsUnsigned(x: Float32Array, notices: Notice[]): boolean {
  const smallest = x.reduce((a, b) => Math.min(a, b), 0);
  if (smallest >= -GELU_SHIFT) return true;
  notices.push({
    level: 'degraded',
    happened: `X goes down to ${smallest.toPrecision(3)}, and X + 11/64 must not be negative, so its codes stay signed.`,
    mend: 'Unsigned codes are for activations after GELU: switch that on under More.',
  });
  return false;
}

const TIMES_THE_MEDIAN = 8;

function standingOut(x: Float32Array, channels: number): number[] {
  const maxima = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) maxima[i % channels] = Math.max(maxima[i % channels], Math.abs(x[i]));
  const median = maxima.slice().sort()[channels >> 1];
  return [...maxima.keys()].filter((k) => maxima[k] > TIMES_THE_MEDIAN * median);
}
