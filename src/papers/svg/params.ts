/** The lab's one schema (controls, link, flags, help) and its reading into the method's own terms. */

import type { ExecutionOptions } from '../../attention/band';
import { denseGate, isDense } from '../../attention/gate';
import type { Video } from '../../attention/masks';
import { CLIP_KINDS } from '../../inputs/video/drawn';
import type { Params } from '../../run/run';
import type { ParamsOf, Schema } from '../../run/schema';

const isToy = (p: Params): boolean => p.source === 'toy';
const isClip = (p: Params): boolean => p.source === 'clip';
const hasText = (p: Params): boolean => p.variant !== 'wan';

export const schema = {
  kept: { kind: 'real', group: 'Method', label: 'Kept fraction', symbol: 's', help: 'Share of query and key pairs that the band is made for. The official code calls it sparsity.', min: 0.02, max: 1, step: 0.01, default: 0.25, digits: 2 },
  rows: { kind: 'int', group: 'Method', label: 'Sampled rows', symbol: 'R', help: 'Queries that each head is judged by.', min: 1, max: 1024, sliderMax: 64, step: 1, default: 10 },
  head: { kind: 'int', group: 'Method', label: 'Head', symbol: 'h', help: 'The head that is shown.', min: 1, max: 12, step: 1, default: 2 },
  frame: { kind: 'int', group: 'Method', label: 'Query frame', help: 'Frame of the picked query, from 0.', min: 0, max: 23, step: 1, default: 7, advanced: true },
  place: { kind: 'int', group: 'Method', label: 'Query place', help: 'Its place in the frame, from 0, counted along the rows.', min: 0, max: 143, step: 1, default: 27, advanced: true },
  tile: {
    kind: 'choice', group: 'Method', label: 'Tile side', symbol: 'B', help: 'The kernel skips a tile of B × B pairs when none of them is kept.', default: '32',
    options: ['16', '32', '64', '128'].map((value) => ({ value, label: value })),
  },
  transform: { kind: 'flag', group: 'Method', label: 'Layout transform', help: 'Temporal heads go to token-major order first. Off: the same pairs in frame order.', default: true },
  denseSteps: { kind: 'real', group: 'Method', label: 'Dense first steps', unit: '%', help: 'Share of the denoising steps, from the first, that stay dense.', min: 0, max: 100, sliderMax: 50, step: 0.5, default: 20, digits: 1 },
  denseLayers: { kind: 'real', group: 'Method', label: 'Dense first layers', unit: '%', help: 'Share of the layers, from the first, that stay dense.', min: 0, max: 100, sliderMax: 50, step: 0.5, default: 3, digits: 1, advanced: true },
  layer: { kind: 'int', group: 'Method', label: 'Layer', help: 'Which layer this is; it decides only whether the layer stays dense.', min: 1, max: 60, step: 1, default: 10, advanced: true },
  layers: { kind: 'int', group: 'Method', label: 'Layers', help: 'Layers of the model, for the share that stays dense.', min: 1, max: 60, step: 1, default: 30, advanced: true },

  profiling: {
    kind: 'choice', group: 'As in code', label: 'Judged with', help: 'The band that is run, or the code’s own: blocks of the grain within two frames (Wan), whatever the kept fraction. Text stays in both masks; CogVideoX’s code leaves it out of one.', default: 'consistent',
    options: [{ value: 'consistent', label: 'The run band' }, { value: 'code', label: 'As in code' }],
  },
  rowsFrom: {
    kind: 'choice', group: 'As in code', label: 'Rows from', help: 'The whole sequence, or its first part as in the code: 10,000 of 75,600 rows (Wan 720p), of 119,056 (HunyuanVideo).', default: 'all',
    options: [{ value: 'all', label: 'All frames' }, { value: 'first', label: 'First frames' }],
    disabled: (p: Params) => (p.variant === 'cog' ? 'CogVideoX samples the whole sequence.' : undefined),
  },
  grain: {
    kind: 'choice', group: 'As in code', label: 'Band rounded to', help: 'Tokens; 128 in the code. Wan rounds up, the others down.', default: '1',
    options: ['1', '16', '128'].map((value) => ({ value, label: value })),
  },
  sink: {
    kind: 'choice', group: 'As in code', label: 'Sink', help: 'Keys that every query keeps. The code takes the first P places after the transform; for a temporal head these are not frame 0.', default: 'places',
    options: [{ value: 'places', label: 'As in code' }, { value: 'frame', label: 'Frame 0' }, { value: 'none', label: 'None' }],
    disabled: (p: Params) => (hasText(p) ? 'Only Wan has a sink.' : undefined),
  },

  source: {
    kind: 'choice', group: 'Inputs', label: 'Heads from', help: 'Synthetic codes of frame and place, or patches of a drawn clip through fixed random projections. No trained model.', default: 'toy',
    options: [{ value: 'toy', label: 'Codes' }, { value: 'clip', label: 'Drawn clip' }],
  },
  mix: {
    kind: 'choice', group: 'Inputs', label: 'Heads', help: 'One of each kind, spatial and temporal alone, mixed alone, or a layer of twelve.', default: 'all',
    options: [{ value: 'all', label: 'Each kind' }, { value: 'pure', label: 'Pure' }, { value: 'mixed', label: 'Mixed' }, { value: 'layer', label: 'Twelve' }],
  },
  clip: { kind: 'choice', group: 'Inputs', label: 'Clip', help: 'What is drawn.', options: CLIP_KINDS, default: 'crossing', when: isClip },
  cut: { kind: 'real', group: 'Inputs', label: 'Scene cut', unit: '%', help: 'Share of the frames, from the last, that show another scene.', min: 0, max: 100, step: 1, default: 0, when: isClip },
  speed: { kind: 'real', group: 'Inputs', label: 'Motion', unit: 'places per frame', help: 'How far what a place shows moves from frame to frame.', min: 0, max: 4, sliderMax: 1, step: 0.01, default: 0.05, digits: 2 },
  content: { kind: 'real', group: 'Inputs', label: 'Appearance', help: 'Weight of what patches look like in every head of a video; frame and place have 6 together.', min: 0, max: 12, step: 0.1, default: 1, digits: 1, when: (p: Params) => !isToy(p) },
  steps: { kind: 'int', group: 'Inputs', label: 'Denoising steps', help: 'Steps from noise to video.', min: 1, max: 50, sliderMax: 20, step: 1, default: 10 },
  denoise: { kind: 'int', group: 'Inputs', label: 'Step', help: 'The step that is shown; early ones are noisy.', min: 1, max: 50, sliderMax: 20, step: 1, default: 10 },
  noise: { kind: 'real', group: 'Inputs', label: 'Noise, last step', symbol: 'σ', help: 'Noise on Q and K at the last step.', min: 0, max: 4, sliderMax: 2, step: 0.05, default: 0.5, digits: 2 },
  early: { kind: 'real', group: 'Inputs', label: 'Noise, first step', help: 'At the first step; in between by equal ratios.', min: 0.05, max: 8, sliderMax: 4, step: 0.05, default: 2, digits: 2, advanced: true },
  frames: { kind: 'int', group: 'Inputs', label: 'Frames', symbol: 'F', help: 'Frames of tokens.', min: 2, max: 24, step: 1, default: 16 },
  grid: { kind: 'int', group: 'Inputs', label: 'Places across', help: 'Tokens along each side of a frame; P is its square.', min: 2, max: 12, step: 1, default: 8 },
  variant: {
    kind: 'choice', group: 'Inputs', label: 'Model', help: 'Whose mask: Wan has no text, HunyuanVideo has it last, CogVideoX first.', default: 'wan',
    options: [{ value: 'wan', label: 'Wan' }, { value: 'hunyuan', label: 'Hunyuan' }, { value: 'cog', label: 'CogVideoX' }],
  },
  text: { kind: 'int', group: 'Inputs', label: 'Text tokens', help: 'Every query keeps those that are real, and these keep all but padding.', min: 0, max: 256, sliderMax: 128, step: 1, default: 32, when: hasText },
  prompt: { kind: 'int', group: 'Inputs', label: 'Real text tokens', help: 'The rest is padding, which attends only to itself.', min: 0, max: 256, sliderMax: 128, step: 1, default: 16, when: (p: Params) => p.variant === 'hunyuan' },
  code: {
    kind: 'choice', group: 'Inputs', label: 'Place codes', help: 'One code of x and one of y, or one along the raster.', default: 'grid', advanced: true, when: isToy,
    options: [{ value: 'grid', label: 'x and y' }, { value: 'line', label: 'Raster' }],
  },
  dim: {
    kind: 'choice', group: 'Inputs', label: 'Head size', symbol: 'D', help: 'Channels of a head.', default: '32', advanced: true,
    options: ['16', '32', '64'].map((value) => ({ value, label: value })),
  },
  seed: { kind: 'int', group: 'Inputs', label: 'Seed', help: 'Draws heads, clip and sampled rows anew.', min: 0, max: 4294967295, sliderMax: 15, step: 1, default: 0 },

  share: { kind: 'real', group: 'Cost', label: 'Attention’s share', symbol: 'a', unit: '%', help: 'Share of the whole model’s time that dense attention takes; it bounds what can be gained. Set it for your model.', min: 0, max: 99, step: 1, default: 80 },
} as const satisfies Schema;

/** Roles that a file can take in place of the lab's own inputs. */
export const fileInputs = ['video'] as const;

export type SvgParams = ParamsOf<typeof schema>;

/** The link's and the command line's values were already parsed by the schema, so they have its types. */
export const typed = (params: Params): SvgParams => params as SvgParams;

/** Frames, places and text; a hidden number of text tokens does not count. */
export function videoOf(p: SvgParams): Video {
  const text = hasText(p) ? p.text : 0;
  return { variant: p.variant, frames: p.frames, positions: p.grid ** 2, text, prompt: p.variant === 'hunyuan' ? Math.min(p.prompt, text) : text };
}

/** What decides the outputs of a head, besides its Q, K and V. */
export interface Settings extends ExecutionOptions {
  /** Sampled rows R, drawn from the first `below`. */
  readonly rows: number;
  readonly below: number;
  readonly profiling: 'consistent' | 'code';
  readonly seed: number;
}

/** Rows that the code samples from (never beyond 10 000, a guard of memory), and those there are in Wan and HunyuanVideo at 720p. */
const FIRST_PART = { wan: 10_000 / 75_600, hunyuan: 10_000 / 119_056, cog: 1 } as const;

export function settingsOf(p: SvgParams): Settings {
  const { frames, positions, text } = videoOf(p);
  const N = frames * positions + text;
  return {
    keptFraction: p.kept, grain: Number(p.grain), sink: p.variant === 'wan' ? p.sink : 'none', tile: Number(p.tile), transform: p.transform,
    rows: p.rows, below: p.rowsFrom === 'first' ? Math.ceil(N * FIRST_PART[p.variant]) : N, profiling: p.profiling, seed: p.seed,
  };
}

/** Which steps stay dense, from the first. Timesteps fall evenly from 1000. */
export interface Warmup {
  readonly denseSteps: number;
  /** Layers that stay dense at every step. */
  readonly denseLayers: number;
  readonly dense: (step: number) => boolean;
}

/** @param step of the returned `dense`, from 1 */
export function warmupOf(p: SvgParams): Warmup {
  const timesteps = Array.from({ length: p.steps }, (_, i) => 1000 * (1 - i / p.steps));
  const gate = denseGate(p.variant, { layers: p.denseLayers / 100, steps: p.denseSteps / 100 }, p.layers, timesteps);
  return {
    denseSteps: timesteps.filter((t) => t > gate.time).length,
    denseLayers: Math.min(p.layers, Math.ceil(gate.layers)),
    dense: (step) => isDense(gate, p.layer - 1, timesteps[step - 1]),
  };
}
