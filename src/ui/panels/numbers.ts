/** What the panels say beyond src/ui/format.ts: signed differences, rates, bytes in a shared unit, lists of words. */

import { MINUS, number, superscript } from '../format';

/** Shown for a number that does not exist (the error of a method when Y is zero). */
export const NONE = '–';

/** A difference with its sign always set: '+1.20', '−0.34', '±0'. */
export function signed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return NONE;
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return '±0';
  return (value > 0 ? '+' : MINUS) + text;
}

/** Numbers of one column that are compared: small ones share a power of ten, told once (`head`: '×10⁻⁶'). */
export function sharedPower(values: readonly (number | undefined)[]): { readonly head: string; readonly text: (value: number) => string } {
  const largest = Math.max(0, ...values.filter((v): v is number => v !== undefined && Number.isFinite(v)).map(Math.abs));
  if (!(largest > 0) || largest >= 0.01) return { head: '', text: (v) => number(v) };
  const power = Math.floor(Math.log10(largest));
  return { head: `×10${superscript(power)}`, text: (v) => (v / 10 ** power).toFixed(2) };
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Rows that are compared share a unit: that of the largest. */
export const byteUnit = (largest: number): number => Math.max(0, Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(Math.max(largest, 1)) / 3)));
export const bytesIn = (value: number, unit: number): string => `${unit === 0 ? value.toFixed(0) : (value / 1000 ** unit).toFixed(1)} ${BYTE_UNITS[unit]}`;

const RATES = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as const;

/** '1.87 GFLOP/s', '12.4 GB/s'. */
export function rate(perSecond: number, unit: 'FLOP/s' | 'B/s'): string {
  if (!Number.isFinite(perSecond)) return NONE;
  const [size, prefix] = RATES.find(([size]) => perSecond >= size) ?? [1, ''];
  return `${number(perSecond / size)} ${prefix}${unit}`;
}

/** 'a', 'a and b', 'a, b and c'. */
export const listed = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);
