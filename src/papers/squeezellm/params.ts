/** The lab's one schema (controls, link, flags, help) and its reading into the method's own terms. */

import type { Params } from '../../run/run';
import type { ParamsOf, Schema } from '../../run/schema';

const isMatrix = (p: Params): boolean => p.source === 'matrix';
const isNetwork = (p: Params): boolean => !isMatrix(p);
const drawsSeed = (p: Params): boolean => p.source !== 'network' || p.solver === 'lloyd';
const weighsFisher = (p: Params): boolean => p.importance === 'fisher';

export const schema = {
  bits: { kind: 'int', group: 'Method', label: 'Bits per code', symbol: 'b', help: 'Each row has 2ᵇ levels of its own.', min: 2, max: 8, step: 1, default: 3 },
  sensitive: { kind: 'real', group: 'Method', label: 'Sensitive values', unit: '%', help: 'Share of W kept sparse for its sensitivity: F above the k-th largest.', min: 0, max: 100, sliderMax: 1, step: 0.01, default: 0.05, digits: 2 },
  share: {
    kind: 'real', group: 'Method', label: 'Outliers', unit: '%', help: 'Share of W kept sparse for its size.', min: 0, max: 100, sliderMax: 4, step: 0.05, default: 0.4, digits: 2,
    disabled: (p: Params) => (p.rule === 'range' ? 'The range factor decides.' : undefined),
  },
  importance: {
    kind: 'choice', group: 'Method', label: 'Sensitivity', symbol: 'F', help: 'What an error of each weight counts: its Fisher diagonal, 1, or its square.', default: 'fisher',
    options: [{ value: 'fisher', label: 'Fisher' }, { value: 'uniform', label: 'Uniform' }, { value: 'magnitude', label: 'w²' }],
  },
  calibration: { kind: 'int', group: 'Method', label: 'Calibration samples', help: 'Samples whose squared gradients F averages, and that GPTQ and AWQ see.', min: 1, max: 4000, sliderMax: 2000, step: 1, default: 1000, when: isNetwork },
  rule: {
    kind: 'choice', group: 'Method', label: 'Outlier rule', help: 'A share of the matrix, or beyond the quartiles by ρ times their distance.', default: 'share', advanced: true,
    options: [{ value: 'share', label: 'Share' }, { value: 'range', label: 'Range' }],
  },
  range: { kind: 'real', group: 'Method', label: 'Range factor', symbol: 'ρ', help: 'T = max(|Q₁ − ρ IQR|, |Q₃ + ρ IQR|); |w| ≥ T leaves.', min: 0, max: 100, sliderMax: 6, step: 0.05, default: 1.8, digits: 2, advanced: true, when: (p: Params) => p.rule === 'range' },
  solver: {
    kind: 'choice', group: 'Method', label: 'k-means', help: 'The exact optimum, or seeded Lloyd iterations as in the official code.', default: 'exact', advanced: true,
    options: [{ value: 'exact', label: 'Exact' }, { value: 'lloyd', label: 'Lloyd' }],
  },
  floor: { kind: 'real', group: 'Method', label: 'Floor under F', symbol: 'ε', help: 'Added to F, in units of its mean: no weight then counts for nothing.', min: 0, max: 10, sliderMax: 1, step: 0.01, default: 0, digits: 2, advanced: true, when: weighsFisher },

  source: {
    kind: 'choice', group: 'Inputs', label: 'Weights', help: 'A trained classifier, a seeded network that labels its own samples, or one heavy-tailed matrix.', default: 'network',
    options: [{ value: 'network', label: 'Trained' }, { value: 'self-labelled', label: 'Toy network' }, { value: 'matrix', label: 'Matrix' }],
  },
  layer: { kind: 'int', group: 'Inputs', label: 'Layer', help: 'The matrix that is shown; the loss has all of them quantized.', min: 1, max: 3, step: 1, default: 1, when: isNetwork },
  evaluation: { kind: 'int', group: 'Inputs', label: 'Evaluation samples', help: 'Samples behind loss and accuracy; none is a calibration sample.', min: 1, max: 4000, sliderMax: 4000, step: 1, default: 1000, advanced: true, when: isNetwork },
  seed: { kind: 'int', group: 'Inputs', label: 'Seed', help: 'Draws the toy anew, and the first centroids of Lloyd.', min: 0, max: 4294967295, sliderMax: 15, step: 1, default: 0, when: drawsSeed },
  tails: { kind: 'real', group: 'Inputs', label: 'Heavy tails', help: 'Degrees of freedom of Student’s t; 0 is Gaussian.', min: 0, max: 30, step: 0.5, default: 4, when: isMatrix },
  planted: { kind: 'real', group: 'Inputs', label: 'Planted outliers', unit: '%', help: 'Share of W scaled up.', min: 0, max: 20, sliderMax: 4, step: 0.05, default: 1, digits: 2, when: isMatrix },
  size: { kind: 'real', group: 'Inputs', label: 'Outlier size', unit: '×', help: 'What they are scaled by.', min: 1, max: 1000, sliderMax: 64, step: 1, default: 16, when: isMatrix },
  skew: { kind: 'real', group: 'Inputs', label: 'Skew of rows', help: 'How unevenly the planted outliers fall on the rows: 0 evenly.', min: 0, max: 4, step: 0.1, default: 2, when: isMatrix },
  in: { kind: 'int', group: 'Inputs', label: 'Input channels', symbol: 'K', help: 'Inputs of the matrix.', min: 1, max: 4096, sliderMax: 256, step: 1, default: 128, advanced: true, when: isMatrix },
  out: { kind: 'int', group: 'Inputs', label: 'Output channels', symbol: 'N', help: 'Outputs of the matrix.', min: 1, max: 4096, sliderMax: 256, step: 1, default: 96, advanced: true, when: isMatrix },
  tokens: { kind: 'int', group: 'Inputs', label: 'Tokens', symbol: 'T', help: 'Rows of X: calibration of GPTQ and AWQ, and of the matrix’s sensitivity.', min: 1, max: 4096, sliderMax: 1024, step: 1, default: 512, advanced: true, when: isMatrix },

  group: {
    kind: 'choice', group: 'Baselines', label: 'Group size', symbol: 'g', help: 'Inputs that share a scale in grouped rounding and AWQ.', default: '16', advanced: true,
    options: ['16', '32', '64', '128'].map((value) => ({ value, label: value })),
  },
  batch: { kind: 'int', group: 'Cost', label: 'Batch', symbol: 'B', help: 'Vectors multiplied together, in the models of bytes and time.', min: 1, max: 512, step: 1, default: 1, advanced: true },
} as const satisfies Schema;

/** Roles that a file can take in place of the lab's own inputs. */
export const fileInputs = ['weights', 'activations', 'sensitivity'] as const;

export type SqueezellmParams = ParamsOf<typeof schema>;

/** The link's and the command line's values were already parsed by the schema, so they have its types. */
export const typed = (params: Params): SqueezellmParams => params as SqueezellmParams;

/** What decides the dense-and-sparse form of one matrix, besides its weights and sensitivities. */
export interface MethodOptions {
  readonly bits: number;
  readonly sensitivePercent: number;
  /** One of the two. */
  readonly outlierPercent?: number;
  readonly range?: number;
  readonly solver: 'exact' | 'lloyd';
  readonly seed: number;
}

export const methodOptions = (p: SqueezellmParams): MethodOptions => ({
  bits: p.bits, sensitivePercent: p.sensitive, solver: p.solver, seed: p.solver === 'lloyd' ? p.seed : 0,
  ...(p.rule === 'range' ? { range: p.range } : { outlierPercent: p.share }),
});
