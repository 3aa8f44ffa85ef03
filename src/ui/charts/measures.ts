/** How each measure is written: axis title, value, tick. */

import type { Measure, MethodResult } from '../../run/run';
import { bytes, decibels, number, percent, seconds, superscript } from '../format';
import { rate } from '../panels/numbers';

interface Words {
  readonly label: string;
  /** In running text: '3.92 %', '0.412', '12 µs'. */
  readonly text: (value: number) => string;
  /** On an axis whose title carries the unit. */
  readonly tick: (value: number) => string;
}

/** Without the dust of binary fractions; very large and very small as powers of ten. */
const plain = (value: number): string => {
  const size = Math.abs(value);
  if (value === 1e-4) return `10${superscript(-4)}`; // number() still writes it as 0.000100
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? number(value).replace(/^1·/, '') : String(Number(value.toPrecision(6)));
};
const inPercent = { text: (v: number) => percent(v), tick: (v: number) => String(Number((100 * v).toPrecision(6))) };

export const MEASURES: Readonly<Record<Measure, Words>> = {
  relativeError: { label: 'relative error, %', ...inPercent },
  accuracy: { label: 'accuracy, %', ...inPercent },
  recall: { label: 'recall, % of the attention', text: (v) => percent(v, 1), tick: inPercent.tick },
  density: { label: 'density, % of the pairs', text: (v) => percent(v, 1), tick: inPercent.tick },
  share: { label: 'share, %', text: (v) => percent(v, 1), tick: inPercent.tick },
  decibel: { label: 'dB', text: (v) => `${decibels(v)} dB`, tick: plain },
  weightedError: { label: 'weighted error Σ F(ŵ − w)²', text: (v) => number(v), tick: plain },
  loss: { label: 'loss, nats', text: (v) => number(v), tick: plain },
  seconds: { label: 'time', text: (v) => seconds(v), tick: secondsTick },
  bytes: { label: 'bytes', text: bytes, tick: (v) => tidyUnit(bytes(v)) },
  intensity: { label: 'FLOP per byte', text: (v) => number(v), tick: plain },
  flops: { label: 'rate', text: (v) => rate(v, 'FLOP/s'), tick: (v) => (v === 0 ? '0' : tidyUnit(rate(v, 'FLOP/s')).replace('FLOP/s', '')) },
  number: { label: '', text: (v) => number(v), tick: plain },
};

/** One unit for each thousand, so that a decade reads '10 µs', '100 µs', '1 ms'. */
function secondsTick(value: number): string {
  const [size, unit] = value >= 1 ? [1, 's'] : value >= 1e-3 ? [1e-3, 'ms'] : value >= 1e-6 ? [1e-6, 'µs'] : [1e-9, 'ns'];
  return value === 0 ? '0' : `${Number((value / size).toPrecision(3))} ${unit}`;
}

/** '10.0 µs' → '10 µs'. */
function tidyUnit(text: string): string {
  return text.replace(/(\d)\.0+(?= )/, '$1');
}

/** The number of a method that a measure names, where it has one. */
export function measured(method: MethodResult | undefined, measure: Measure): number | undefined {
  switch (measure) {
    case 'relativeError': return method?.relativeError;
    case 'weightedError': return method?.weightedError;
    case 'loss': return method?.loss;
    case 'accuracy': return method?.accuracy;
    case 'recall': return method?.recall;
    case 'density': return method?.density;
    case 'decibel': return method?.psnrDb;
    default: return undefined;
  }
}
