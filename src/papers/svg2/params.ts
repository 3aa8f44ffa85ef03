/** The lab's one schema (controls, link, flags, help) and its reading into the method's own terms. */

import { CLIP_KINDS } from '../../inputs/video/drawn';
import type { Params } from '../../run/run';
import type { ParamsOf, Schema } from '../../run/schema';
import type { MethodSettings } from './method';

const isToy = (p: Params): boolean => p.source === 'toy';
const isClip = (p: Params): boolean => p.source === 'clip';
const settled = (p: Params): string | undefined => (p.setting === 'own' ? undefined : 'The setting decides.');
const atOnce = (p: Params): string | undefined => (Number(p.step) === 0 ? 'Matters from step 1 on.' : undefined);

export const schema = {
  topP: { kind: 'real', group: 'Method', label: 'Top-p', symbol: 'p', help: 'Each query cluster keeps its likeliest key clusters until their estimated attention passes p.', min: 0, max: 1, step: 0.01, default: 0.9, digits: 2, disabled: settled },
  queryClusters: { kind: 'int', group: 'Method', label: 'Query clusters', symbol: 'C_q', help: 'k-means clusters of Q.', min: 1, max: 512, sliderMax: 128, step: 1, default: 32, disabled: settled },
  keyClusters: { kind: 'int', group: 'Method', label: 'Key clusters', symbol: 'C_k', help: 'k-means clusters of K, apart from those of Q.', min: 1, max: 1024, sliderMax: 256, step: 1, default: 64, disabled: settled },
  minKept: { kind: 'real', group: 'Method', label: 'Minimum kept', unit: '%', help: 'Share of the key clusters that each query cluster keeps in any case: a floor under the density.', min: 0, max: 100, step: 1, default: 0, digits: 0, disabled: settled },
  setting: {
    kind: 'choice', group: 'Method', label: 'Setting', help: 'Your own, or query and key clusters of the official Wan scripts (300 : 1000, with their p 0.9 and minimum 10 %) or of the paper as others cite it (100 : 500, with p 0.9 too), scaled to one key cluster for 16 tokens.', default: 'own',
    options: [{ value: 'own', label: 'Own' }, { value: 'scripts', label: 'Scripts' }, { value: 'paper', label: 'Paper, as cited' }],
  },
  labels: {
    kind: 'choice', group: 'Method', label: 'Labels', help: 'Queries and keys clustered apart, as in the paper, or one side’s labels for both.', default: 'independent',
    options: [{ value: 'independent', label: 'Apart' }, { value: 'queries', label: 'Q’s for both' }, { value: 'keys', label: 'K’s for both' }],
  },
  sizeWeighted: { kind: 'flag', group: 'Method', label: 'Weigh by size', help: 'In the map of centroids a key cluster counts as often as it has keys.', default: true },
  compensated: { kind: 'flag', group: 'Method', label: 'Dropped ones as means', help: 'Not in the paper: a dropped cluster stands as one key, its mean, with its mean value.', default: false },
  head: { kind: 'int', group: 'Method', label: 'Head', help: 'The head that is shown and measured.', min: 1, max: 12, sliderMax: 4, step: 1, default: 1 },
  token: { kind: 'int', group: 'Method', label: 'Token', symbol: 'i', help: 'The picked token, counted from 0 through the frames.', min: 0, max: 4095, sliderMax: 1023, step: 1, default: 476, advanced: true },

  step: { kind: 'int', group: 'Denoising', label: 'Step', symbol: 't', help: 'Denoising step: 0 is the cold start, later ones begin from the centroids before.', min: 0, max: 9, step: 1, default: 0 },
  warm: { kind: 'flag', group: 'Denoising', label: 'Cached centroids', help: 'Later steps start from the centroids of the step before; else from random tokens, with as many iterations.', default: true, disabled: atOnce },
  drift: { kind: 'real', group: 'Denoising', label: 'Drift', unit: 'rad', help: 'How far queries and keys turn in one step.', min: 0, max: 0.8, step: 0.02, default: 0.1, digits: 2 },
  cut: { kind: 'real', group: 'Denoising', label: 'Scene cut', unit: '%', help: 'Share of the frames, from the last, that another scene takes from step 1 on: the cached centroids have not seen it.', min: 0, max: 100, step: 1, default: 0, digits: 0 },
  first: { kind: 'int', group: 'Denoising', label: 'First iterations', help: 'Most k-means iterations at the first step; it stops when the centroids rest.', min: 1, max: 100, step: 1, default: 50, advanced: true },
  later: { kind: 'int', group: 'Denoising', label: 'Later iterations', help: 'k-means iterations at every later step.', min: 1, max: 50, sliderMax: 10, step: 1, default: 2, advanced: true },

  source: {
    kind: 'choice', group: 'Inputs', label: 'Video', help: 'Drifting regions of meaning, or a drawn clip whose patches go through fixed random projections.', default: 'toy',
    options: [{ value: 'toy', label: 'Toy' }, { value: 'clip', label: 'Drawn clip' }],
  },
  clip: { kind: 'choice', group: 'Inputs', label: 'Clip', help: 'What is drawn.', default: 'crossing', options: CLIP_KINDS, when: isClip },
  sharpness: { kind: 'real', group: 'Inputs', label: 'Sharpness', symbol: 'τ', help: 'How much the scores of unlike tokens differ.', min: 0, max: 16, sliderMax: 10, step: 0.25, default: 6, digits: 2 },
  noise: { kind: 'real', group: 'Inputs', label: 'Noise', symbol: 'ν', help: 'How far a token strays from what it means.', min: 0, max: 4, sliderMax: 1.5, step: 0.05, default: 0.35, digits: 2 },
  classes: { kind: 'int', group: 'Inputs', label: 'Meanings', help: 'Regions of each frame.', min: 1, max: 64, sliderMax: 32, step: 1, default: 16, when: isToy },
  fields: {
    kind: 'choice', group: 'Inputs', label: 'Regions of Q and K', help: 'Whether what a token looks for has regions of its own, or those of what it is.', default: 'independent', when: isToy,
    options: [{ value: 'independent', label: 'Apart' }, { value: 'equal', label: 'Equal' }],
  },
  speed: { kind: 'real', group: 'Inputs', label: 'Speed', help: 'Cells or places that things move per frame.', min: 0, max: 4, sliderMax: 2, step: 0.1, default: 0.6, digits: 1 },
  seed: { kind: 'int', group: 'Inputs', label: 'Seed', help: 'Draws the video anew, and the random tokens k-means starts from.', min: 0, max: 4294967295, sliderMax: 15, step: 1, default: 0 },
  frames: { kind: 'int', group: 'Inputs', label: 'Frames', symbol: 'F', help: 'Frames of the video.', min: 1, max: 32, step: 1, default: 16, advanced: true },
  grid: { kind: 'int', group: 'Inputs', label: 'Grid', help: 'Tokens along an edge of a frame.', min: 2, max: 16, step: 1, default: 8, advanced: true },
  heads: { kind: 'int', group: 'Inputs', label: 'Heads', symbol: 'H', help: 'Heads of the layer.', min: 1, max: 12, sliderMax: 8, step: 1, default: 4, advanced: true },
  dim: { kind: 'choice', group: 'Inputs', label: 'Head size', symbol: 'D', help: 'Channels of a head.', default: '32', advanced: true, options: ['16', '32', '64'].map((value) => ({ value, label: value })) },
  text: { kind: 'int', group: 'Inputs', label: 'Text tokens', help: 'After the video, as in HunyuanVideo: never clustered.', min: 0, max: 256, sliderMax: 128, step: 1, default: 0, advanced: true },
  prompt: { kind: 'int', group: 'Inputs', label: 'Prompt', help: 'Text tokens that are real: all see them. The rest is padding and sees itself.', min: 0, max: 256, sliderMax: 128, step: 1, default: 32, advanced: true, when: (p: Params) => Number(p.text) > 0 },

  share: { kind: 'real', group: 'Cost', label: 'Attention’s share', unit: '%', help: 'Of the model’s time, when attention is dense: it bounds what all of this can gain.', min: 0, max: 99, step: 1, default: 80, digits: 0, advanced: true },
} as const satisfies Schema;

/** Roles that a file can take in place of the lab's own inputs. */
export const fileInputs = ['video'] as const;

export type Svg2Params = ParamsOf<typeof schema>;

/** The link's and the command line's values were already parsed by the schema, so they have its types. */
export const typed = (params: Params): Svg2Params => params as Svg2Params;

/** Most video tokens: what a page can hold every pair of. */
export const MOST_TOKENS = 4096;

/** Video tokens to one key cluster, where a setting is scaled to the video: 64 of 1,024. */
const TOKENS_A_CLUSTER = 16;

/** Clusters of the official scripts for Wan 2.1 at 720p (scripts/wan/wan_t2v_720p_sap.sh), and of the paper as cited. */
const SETTINGS = { scripts: { ratio: 300 / 1000, minKept: 0.1 }, paper: { ratio: 100 / 500, minKept: 0 } } as const;

/** The method's settings on a video of so many tokens: no more clusters than tokens. */
export function settingsOf(p: Svg2Params, tokens: number): MethodSettings {
  const { first, later, labels, sizeWeighted, compensated, seed } = p;
  const rest = { first, later, labels, sizeWeighted, compensated, seed };
  const clamped = (count: number): number => Math.min(tokens, Math.max(1, Math.round(count)));
  if (p.setting === 'own') return { ...rest, queryClusters: clamped(p.queryClusters), keyClusters: clamped(p.keyClusters), topP: p.topP, minKept: p.minKept / 100 };
  const { ratio, minKept } = SETTINGS[p.setting];
  const keyClusters = clamped(tokens / TOKENS_A_CLUSTER);
  return { ...rest, queryClusters: clamped(keyClusters * ratio), keyClusters, topP: 0.9, minKept };
}
