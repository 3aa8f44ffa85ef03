/** What the reader chooses for a report: one schema for the controls and for the link. */

import { REPORT_METHODS, type ReportMethodId, type ReportOptions } from '../../report/contract';
import type { Params } from '../../run/run';
import { defaultsOf, fromQuery, toQuery, type Schema } from '../../run/schema';
import { METHODS } from './methods';

const chosen = (p: Params, ...ids: ReportMethodId[]): boolean => ids.some((id) => String(p.methods).split(',').includes(id));

export const schema = {
  bits: { kind: 'int', group: 'Measure', label: 'Bits', symbol: 'b', help: 'Of the codes. NF4, NVFP4 and MXFP4 have 4.', min: 2, max: 8, step: 1, default: 4 },
  group: {
    kind: 'choice', group: 'Measure', label: 'Group size', symbol: 'G', help: 'Weights that share a scale: rounding, NF4, SVDQuant’s residual.', default: '64',
    options: ['16', '32', '64', '128'].map((value) => ({ value, label: value })),
  },
  rank: {
    kind: 'int', group: 'Measure', label: 'Rank', symbol: 'r', help: 'Of SVDQuant’s 16-bit branch.', min: 0, max: 128, sliderMax: 64, step: 1, default: 16,
    disabled: (p) => (chosen(p, 'svdquant') ? undefined : 'SVDQuant is not among the methods.'),
  },
  outliers: {
    kind: 'real', group: 'Measure', label: 'Kept sparse', unit: '%', help: 'Largest weights that dense-and-sparse keeps in 16 bits.', min: 0, max: 5, sliderMax: 2, step: 0.05, default: 0.45,
    disabled: (p) => (chosen(p, 'dense-and-sparse') ? undefined : 'Dense-and-sparse is not among the methods.'),
  },
  sensitivity: {
    kind: 'choice', group: 'Measure', label: 'Sensitivity', symbol: 'F', help: 'What the codebooks weigh each weight by.', default: 'uniform',
    options: [{ value: 'uniform', label: 'none' }, { value: 'magnitude', label: '|w|²' }, { value: 'file', label: 'a file' }],
    disabled: (p) => (chosen(p, 'kmeans', 'dense-and-sparse') ? undefined : 'No codebook method is chosen.'),
  },
  rows: {
    kind: 'choice', group: 'Measure', label: 'Rows measured', help: 'Of each tensor, evenly spread. A sample is quicker.', default: '0',
    options: [{ value: '0', label: 'all' }, { value: '1024', label: '1024' }, { value: '256', label: '256' }, { value: '64', label: '64' }],
  },
} satisfies Schema;

/** The budget belongs to the choice, not to the measurement: moving it measures nothing again. */
export const budgetField = { kind: 'real', group: 'Choice', label: 'Budget', unit: 'bits per weight', help: 'On average over the weights measured.', min: 2, max: 10, step: 0.05, default: 4.5 } as const;

export interface ReportParams {
  readonly values: Params;
  readonly methods: readonly ReportMethodId[];
  readonly otherBits: readonly number[];
  readonly budget: number;
}

export const WIDTHS = [2, 3, 4, 5, 6, 7, 8] as const;

export const DEFAULTS: ReportParams = { values: defaultsOf(schema), methods: REPORT_METHODS, otherBits: [3, 8], budget: budgetField.default };

/** Share of the weights that dense-and-sparse keeps by sensitivity, percent: the paper's 0.05 of its 0.45. */
const SENSITIVE = 0.05;

export function optionsOf({ values, methods, otherBits }: ReportParams): ReportOptions {
  const bits = Number(values.bits);
  const outliers = Number(values.outliers);
  const sensitive = values.sensitivity === 'uniform' ? 0 : Math.min(SENSITIVE, outliers);
  return {
    bits, methods, group: Number(values.group), rank: Number(values.rank),
    outlierPercent: Number((outliers - sensitive).toFixed(4)), sensitivePercent: sensitive,
    sensitivity: values.sensitivity as ReportOptions['sensitivity'],
    otherBits: methods.some((id) => METHODS[id].anyBits) ? otherBits.filter((b) => b !== bits) : [],
    maxRows: Number(values.rows),
  };
}

const list = (text: string | null): string[] | undefined => text?.split(',').filter(Boolean);

export function readReportLink(query: URLSearchParams): ReportParams {
  const methods = list(query.get('methods'));
  const widths = list(query.get('widths'))?.map(Number);
  const budget = Number(query.get('budget') ?? Number.NaN);
  const known = REPORT_METHODS.filter((id) => methods?.includes(id));
  return {
    values: fromQuery(schema, query),
    methods: known.length > 0 ? known : DEFAULTS.methods,
    otherBits: widths ? WIDTHS.filter((b) => widths.includes(b)) : DEFAULTS.otherBits,
    budget: Number.isFinite(budget) ? Math.min(budgetField.max, Math.max(budgetField.min, budget)) : DEFAULTS.budget,
  };
}

export function writeReportLink({ values, methods, otherBits, budget }: ReportParams): URLSearchParams {
  const query = toQuery(schema, { ...values, methods: '' });
  if (methods.join() !== DEFAULTS.methods.join()) query.set('methods', methods.join());
  if (otherBits.join() !== DEFAULTS.otherBits.join()) query.set('widths', otherBits.join() || 'none');
  if (budget !== DEFAULTS.budget) query.set('budget', String(budget));
  return query;
}

/** '4 bits, groups of 64, rank 16, 0.45 % sparse' */
export function optionsText({ bits, group, rank, outlierPercent, sensitivePercent, sensitivity, maxRows, methods, otherBits }: ReportOptions): string {
  return [
    `${bits} bits`,
    `groups of ${group}`,
    methods.includes('svdquant') && `rank ${rank}`,
    methods.includes('dense-and-sparse') && `${Number((outlierPercent + sensitivePercent).toFixed(2))} % sparse`,
    sensitivity === 'magnitude' && 'weighed by |w|²',
    sensitivity === 'file' && 'weighed by a file',
    otherBits.length > 0 && `also at ${otherBits.join(', ')} bits`,
    maxRows > 0 && `${maxRows} rows of each tensor`,
  ].filter(Boolean).join(', ');
}
