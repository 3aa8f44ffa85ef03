/** The lab's one schema (controls, link, flags, help) and its reading into the method's own terms. */

import type { Format, TieRule } from '../../quant/format';
import type { Params } from '../../run/run';
import type { ParamsOf, Schema } from '../../run/schema';

const isInt4 = (p: Params): boolean => p.format === 'int4';
const isFp4 = (p: Params): boolean => !isInt4(p);

export const schema = {
  outliers: { kind: 'int', group: 'Inputs', label: 'Outlier channels', help: 'Columns of X scaled up.', min: 0, max: 512, sliderMax: 24, step: 1, default: 6 },
  size: { kind: 'real', group: 'Inputs', label: 'Outlier size', unit: '×', help: 'Typical scale of those columns.', min: 1, max: 1000, sliderMax: 100, step: 1, default: 40 },
  seed: { kind: 'int', group: 'Inputs', label: 'Seed', help: 'Draws X and W anew.', min: 0, max: 4294967295, sliderMax: 15, step: 1, default: 0 },
  spread: { kind: 'real', group: 'Inputs', label: 'Outlier spread', help: 'How unlike each other the outlier columns are (log scale).', min: 0, max: 2, step: 0.05, default: 0.3, digits: 2, advanced: true },
  tails: { kind: 'real', group: 'Inputs', label: 'Heavy tails', help: 'Degrees of freedom of Student’s t; 0 is Gaussian.', min: 0, max: 30, step: 0.5, default: 0, advanced: true },
  planted: { kind: 'int', group: 'Inputs', label: 'Planted rank', help: 'Rank of a low-rank part added to W.', min: 0, max: 64, sliderMax: 32, step: 1, default: 0, advanced: true },
  tokens: { kind: 'int', group: 'Inputs', label: 'Tokens', symbol: 'T', help: 'Rows of X.', min: 1, max: 4096, sliderMax: 256, step: 1, default: 96, advanced: true },
  in: { kind: 'int', group: 'Inputs', label: 'Input channels', symbol: 'K', help: 'Columns of X and inputs of W.', min: 1, max: 4096, sliderMax: 256, step: 1, default: 128, advanced: true },
  out: { kind: 'int', group: 'Inputs', label: 'Output channels', symbol: 'N', help: 'Outputs of W.', min: 1, max: 4096, sliderMax: 256, step: 1, default: 128, advanced: true },
  gelu: { kind: 'flag', group: 'Inputs', label: 'Activations after GELU', help: 'X passes through GELU, as inside a feed-forward block.', default: false, advanced: true },

  rank: { kind: 'int', group: 'Method', label: 'Rank', symbol: 'r', help: 'Columns kept in the 16-bit branch.', min: 0, max: 512, sliderMax: 32, step: 1, default: 8 },
  alpha: { kind: 'real', group: 'Method', label: 'Activation power', symbol: 'α', help: 'Weight of max |X| in λ.', min: 0, max: 1, step: 0.05, default: 0.5, digits: 2, disabled: (p: Params) => (p.smoothing === 'fixed' ? undefined : smoothingSays(p)) },
  beta: { kind: 'real', group: 'Method', label: 'Weight power', symbol: 'β', help: 'Weight of max |W| in λ.', min: 0, max: 1, step: 0.05, default: 0.5, digits: 2, disabled: (p: Params) => (p.smoothing === 'fixed' ? undefined : smoothingSays(p)) },
  format: {
    kind: 'choice', group: 'Method', label: '4-bit format', help: 'Of the rounded X and of the rounded residual.', default: 'int4',
    options: [{ value: 'int4', label: 'INT4' }, { value: 'nvfp4', label: 'NVFP4' }, { value: 'mxfp4', label: 'MXFP4' }],
  },
  group: {
    kind: 'choice', group: 'Method', label: 'Group size', symbol: 'g', help: 'Inputs that share one INT4 scale.', default: '64', when: isInt4,
    options: ['16', '32', '64', '128', 'channel'].map((value) => ({ value, label: value === 'channel' ? 'row' : value })),
  },
  refine: { kind: 'int', group: 'Method', label: 'Refinement limit', unit: '×', help: 'Stops early when the error grows.', min: 1, max: 100, sliderMax: 20, step: 1, default: 8 },
  smoothing: {
    kind: 'choice', group: 'Method', label: 'Smoothing', help: 'λ by the two powers, or the best of 39 pairs, each with its own branch.', default: 'fixed', advanced: true,
    options: [{ value: 'fixed', label: 'α, β' }, { value: 'search', label: 'Search' }, { value: 'none', label: 'None' }],
  },
  residual: {
    kind: 'choice', group: 'Method', label: 'Rounding of R', help: 'Each value to the nearest level, or GPTQ with X as calibration.', default: 'rtn', advanced: true,
    options: [{ value: 'rtn', label: 'Nearest' }, { value: 'gptq', label: 'GPTQ' }],
  },
  ties: {
    kind: 'choice', group: 'Method', label: 'FP4 ties', help: 'Halfway values: DeepCompressor takes the larger, hardware the even code.', default: 'larger', advanced: true, when: isFp4,
    options: [{ value: 'larger', label: 'Larger' }, { value: 'even', label: 'Even' }],
  },
  unrounded: { kind: 'flag', group: 'Method', label: 'Divide by the unrounded scale', help: 'Nunchaku’s kernel does; DeepCompressor divides by the E4M3 scale.', default: false, advanced: true, when: (p: Params) => p.format === 'nvfp4' },
  unsigned: {
    kind: 'flag', group: 'Method', label: 'Unsigned activations', help: 'X + 11/64 in unsigned 4 bits, undone exactly in the bias.', default: false, advanced: true, when: isInt4,
  },
  lora: { kind: 'real', group: 'Method', label: 'LoRA strength', symbol: 's', help: 'A seeded rank-4 adapter joined to the branch; nothing is rounded again.', min: 0, max: 2, step: 0.05, default: 0, digits: 2, advanced: true },
  execution: {
    kind: 'choice', group: 'Method', label: 'Kernels', help: 'The fused pair of the paper, or five separate launches.', default: 'fused', advanced: true, when: isInt4,
    options: [{ value: 'fused', label: 'Fused' }, { value: 'separate', label: 'Separate' }],
  },
  svd: {
    kind: 'choice', group: 'Method', label: 'SVD', help: 'Exact (Jacobi, float64) or randomized on the engine; auto is exact up to 512.', default: 'auto', advanced: true,
    options: [{ value: 'auto', label: 'Auto' }, { value: 'exact', label: 'Exact' }, { value: 'randomized', label: 'Randomized' }],
  },
  threshold: { kind: 'real', group: 'Baselines', label: 'INT8 outlier threshold', help: 'LLM.int8() keeps columns with larger max |X| in 16 bits.', min: 0, max: 1000, sliderMax: 50, step: 0.5, default: 6, advanced: true },
} as const satisfies Schema;

function smoothingSays(p: Params): string {
  return p.smoothing === 'search' ? 'The search chooses both powers.' : 'Smoothing is off.';
}

/** Roles that a file can take in place of the toy. */
export const fileInputs = ['weights', 'activations'] as const;

export type SvdquantParams = ParamsOf<typeof schema>;

/** How the method is to run, in its own terms. */
export interface MethodOptions {
  readonly format: Format;
  readonly rank: number;
  readonly svd: 'auto' | 'exact' | 'randomized';
  readonly execution: 'fused' | 'separate';
  readonly residual: 'rtn' | 'gptq';
}

/** The link's and the command line's values were already parsed by the schema, so they have its types. */
export const typed = (params: Params): SvdquantParams => params as SvdquantParams;

export function formatFrom(p: SvdquantParams): Format {
  const ties = p.ties as TieRule;
  if (p.format === 'nvfp4') return { kind: 'nvfp4', ties, divideByUnrounded: p.unrounded };
  if (p.format === 'mxfp4') return { kind: 'mxfp4', ties };
  return int4From(p);
}

/** INT4 at the chosen group size, whatever the format of the run: what the weight-only INT4 baseline uses. */
export const int4From = (p: SvdquantParams): Format => ({ kind: 'int4', group: p.group === 'channel' ? 'channel' : Number(p.group) });

export const methodOptions = (p: SvdquantParams, rank: number): MethodOptions => ({
  format: formatFrom(p), rank, svd: p.svd, execution: p.execution, residual: p.residual,
});
