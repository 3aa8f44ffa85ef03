/** The report's options: defaults, names, and what cannot be asked. */

import { REPORT_METHODS, type ReportMethodId, type ReportOptions } from './contract';

export const DEFAULT_OPTIONS: ReportOptions = {
  bits: 4, methods: REPORT_METHODS, group: 64, rank: 16, outlierPercent: 0.45, sensitivePercent: 0,
  sensitivity: 'uniform', otherBits: [], maxRows: 0,
};

/** SqueezeLLM's shares where weights have a sensitivity (arXiv 2306.07629, section 5.1): 0.05 % by it, 0.40 % by size. */
export const SENSITIVE_SHARES = { sensitivePercent: 0.05, outlierPercent: 0.4 } as const;

export const METHOD_LABELS: Readonly<Record<ReportMethodId, string>> = {
  rtn: 'Round to nearest', nf4: 'NF4', nvfp4: 'NVFP4', mxfp4: 'MXFP4', svdquant: 'SVDQuant, weights only',
  'dense-and-sparse': 'Dense and sparse', kmeans: 'K-means',
};

/** Formats whose codes have four bits whatever is asked. */
const FOUR_BITS: ReadonlySet<ReportMethodId> = new Set(['nf4', 'nvfp4', 'mxfp4']);

/** The bits of a method's codes when `bits` are asked for. */
export const bitsOf = (id: ReportMethodId, bits: number): number => (FOUR_BITS.has(id) ? 4 : bits);
export const choosesBits = (id: ReportMethodId): boolean => !FOUR_BITS.has(id);

export const isReportMethod = (text: string): text is ReportMethodId => (REPORT_METHODS as readonly string[]).includes(text);

/** @throws RangeError with a sentence naming the option */
export function checkOptions(o: ReportOptions): void {
  const whole = (name: string, value: number, min: number, max: number): void => {
    if (!Number.isInteger(value) || value < min || value > max) throw new RangeError(`${name} is ${value}, but it must be a whole number from ${min} to ${max}.`);
  };
  const share = (name: string, value: number): void => {
    if (!(value >= 0 && value <= 100)) throw new RangeError(`${name} is ${value}, but it must be a share from 0 to 100 percent.`);
  };
  for (const bits of [o.bits, ...o.otherBits]) whole('bits', bits, 2, 8);
  whole('group', o.group, 1, 2 ** 24);
  whole('rank', o.rank, 0, 1024);
  whole('maxRows', o.maxRows, 0, 2 ** 31);
  share('outlierPercent', o.outlierPercent);
  share('sensitivePercent', o.sensitivePercent);
  for (const id of o.methods) if (!isReportMethod(id)) throw new RangeError(`"${String(id)}" is not a method of the report; there is ${REPORT_METHODS.join(', ')}.`);
}
