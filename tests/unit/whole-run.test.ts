/** What a slider move costs: a display setting nothing, any other setting only what depends on it. */

import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ReferenceEngine } from '../../src/engine/reference';
import { jacobiSvd } from '../../src/linalg/jacobi';
import { randomizedSvd } from '../../src/linalg/randomized';
import type { Paper, Phase } from '../../src/papers/contract';
import { paper as squeezellm } from '../../src/papers/squeezellm/paper';
import { paper as svdquant } from '../../src/papers/svdquant/paper';
import { paper as svg } from '../../src/papers/svg/paper';
import { paper as svg2 } from '../../src/papers/svg2/paper';
import type { ParamValue } from '../../src/run/run';
import { ALL, Watched, type Done } from './whole-run';

// The functions themselves, counted.
vi.mock('../../src/linalg/jacobi', { spy: true });
vi.mock('../../src/linalg/randomized', { spy: true });

type Values = Readonly<Record<string, ParamValue>>;

/** `core`: what moves the strip. `all`: the baselines and charts below it too. */
interface Lab {
  readonly name: string;
  readonly paper: Paper;
  readonly base: Values;
  readonly phases: readonly Phase[];
  /** Settings that only choose what is shown or counted: nothing runs, whatever of the page is asked for. */
  readonly display: readonly Values[];
  /** Settings of one chart or one row below: the strip runs nothing for them. */
  readonly below: readonly Values[];
  /** Settings of the method, and the kernels and stages that do not depend on them. */
  readonly moves: readonly { readonly change: Values; readonly notKernels: readonly string[]; readonly notStages: readonly RegExp[]; readonly phases?: readonly Phase[] }[];
}

const LABS: readonly Lab[] = [
  {
    name: 'SVDQuant', paper: svdquant, base: { tokens: 16, in: 32, out: 24, outliers: 2, refine: 2 }, phases: ALL,
    display: [{}],
    below: [{ threshold: 9 }, { refine: 3 }],
    moves: [
      { change: { rank: 5 }, notKernels: ['absmax_columns', 'scale_channels'], notStages: [/^inputs$/, /^Y$/, /^smooth$/, /^svd/, /^round only$/] },
      { change: { rank: 6 }, notKernels: ['absmax_columns'], notStages: [/^inputs$/, /^Y$/, /^smooth$/, /^svd/, /^method (nf4|int8|awq|smooth)/], phases: ['methods'] },
      { change: { group: '16' }, notKernels: ['absmax_columns', 'scale_channels'], notStages: [/^inputs$/, /^Y$/, /^smooth$/, /^svd/] },
      { change: { lora: 0.5 }, notKernels: ['quantize_int4', 'subtract_product'], notStages: [/^smooth$/, /^svd/, /^split and round$/] },
      { change: { alpha: 0.4 }, notKernels: ['absmax_columns'], notStages: [/^inputs$/, /^Y$/, /^channel maxima$/, /^round only$/] },
    ],
  },
  {
    name: 'SVDQuant, randomized SVD', paper: svdquant, base: { tokens: 16, in: 32, out: 24, outliers: 2, svd: 'randomized' }, phases: [],
    display: [{}],
    below: [],
    moves: [{ change: { rank: 5 }, notKernels: ['absmax_columns', 'scale_channels'], notStages: [/^svd/] }],
  },
  {
    name: 'SqueezeLLM, a network', paper: squeezellm, base: { calibration: 16, evaluation: 16 }, phases: [],
    display: [{}, { batch: 8 }],
    below: [{ layer: 2 }, { group: '32' }],
    moves: [
      { change: { share: 0.8 }, notKernels: ['fisher_diagonal'], notStages: [/network/, /samples/, /Fisher/, /^k-means/, /^rtn/] },
      { change: { sensitive: 0.1 }, notKernels: ['fisher_diagonal'], notStages: [/network/, /samples/, /Fisher/, /^k-means/, /^rtn/] },
      { change: { bits: 4 }, notKernels: ['fisher_diagonal'], notStages: [/network/, /samples/, /Fisher/] },
    ],
  },
  {
    name: 'SqueezeLLM, a matrix', paper: squeezellm, base: { source: 'matrix', in: 32, out: 12, tokens: 16 }, phases: ALL,
    display: [{}],
    below: [{ batch: 8 }, { group: '32' }],
    moves: [{ change: { share: 0.8 }, notKernels: ['fisher_diagonal'], notStages: [/toy matrix/, /mean squares/, /^k-means/, /^rtn/, /^awq/, /^gptq/], phases: ['methods'] }],
  },
  {
    name: 'Sparse VideoGen', paper: svg, base: { frames: 4, grid: 4, dim: '16', steps: 3, denoise: 3 }, phases: ALL,
    display: [{}, { frame: 2, place: 3 }, { share: 50 }, { denseSteps: 10 }, { denseLayers: 10 }, { layer: 20 }, { layers: 40 }],
    below: [{ tile: '16' }, { head: 3 }],
    moves: [
      { change: { kept: 0.4 }, notKernels: ['attention'], notStages: [/^head/, /^dense/, /^map/], phases: ['methods'] },
      { change: { rows: 6 }, notKernels: ['attention', 'attention_masked', 'matmul_nt'], notStages: [/^head/, /^dense/, /^map/, /^masked/] },
    ],
  },
  {
    name: 'Sparse VideoGen 2', paper: svg2, base: { frames: 4, grid: 4, dim: '16', queryClusters: 4, keyClusters: 6, heads: 2, first: 3 }, phases: ALL,
    display: [{}, { token: 5 }, { share: 50 }],
    below: [],
    moves: [
      { change: { topP: 0.6 }, notKernels: ['kmeans_assign', 'segment_mean', 'sort_by_label', 'attention'], notStages: [/^queries/, /^keys/, /^clusters/, /^dense/, /^weights/, /^mass/] },
      { change: { topP: 0.5 }, notKernels: ['kmeans_assign', 'attention'], notStages: [/^queries/, /^keys/, /^clusters/, /^dense/], phases: ['methods'] },
      { change: { minKept: 20 }, notKernels: ['kmeans_assign', 'segment_mean', 'sort_by_label', 'attention'], notStages: [/^queries/, /^keys/, /^clusters/, /^dense/, /^weights/, /^mass/] },
      { change: { head: 2 }, notKernels: ['kmeans_assign', 'attention', 'attention_blocks'], notStages: [/^queries/, /^keys/, /^clusters/, /^dense/] },
    ],
  },
];

const nothing = { launches: 0, submissions: 0, uploads: 0, uploadedBytes: 0, readbacks: 0, buffers: 0, heldBytes: 0, pipelines: 0 };

describe.each(LABS)('$name', ({ paper, base, phases, display, below, moves }) => {
  const lab = new Watched(new ReferenceEngine(), paper, base);
  let first: Done;
  beforeAll(async () => { first = await lab.run({}, phases); });
  // Whatever a test moved is moved back: the base setting stays the newest that is remembered.
  beforeEach(async () => {
    await lab.run();
    vi.mocked(jacobiSvd).mockClear();
    vi.mocked(randomizedSvd).mockClear();
  });

  test('the first run computes, and nothing stays allocated', () => {
    expect(first.counters.launches).toBeGreaterThan(5);
    expect(first.counters.heldBytes).toBe(0);
  });

  test.each(display)('%j: nothing is launched, uploaded, read back, timed or factorized', async (change) => {
    const done = await lab.run(change, phases);
    expect(done.counters).toMatchObject(nothing);
    expect(done.timed).toBe(0);
    expect(jacobiSvd).not.toHaveBeenCalled();
  });

  test.each(below)('%j: the strip launches nothing', async (change) => {
    expect((await lab.run(change)).counters).toMatchObject(nothing);
    expect(jacobiSvd).not.toHaveBeenCalled();
  });

  test.each(moves)('$change: only what depends on it', async ({ change, notKernels, notStages, phases: want = [] }) => {
    const { kernels, stages, counters } = await lab.run(change, want);
    expect(counters.launches).toBeGreaterThan(0);
    expect(notKernels.filter((name) => kernels.has(name))).toEqual([]);
    expect([...stages].filter((stage) => notStages.some((pattern) => pattern.test(stage)))).toEqual([]);
    const factorizes = 'alpha' in change;
    expect(vi.mocked(jacobiSvd).mock.calls.length + vi.mocked(randomizedSvd).mock.calls.length > 0).toBe(factorizes);
  });
});
