/** Which heads are looked at: those of the toy, of a drawn clip, or of the reader's video. */

import { createRng } from '../../../kernels/rng';
import { headsAt, type Heads } from '../../attention/heads';
import type { Video } from '../../attention/masks';
import { patchesOf, projectedHeads, PROJECTED_NOTE, type HeadWeights, type Patches } from '../../attention/projected';
import type { Engine } from '../../engine/engine';
import { clipOf, type Clip } from '../../inputs/video/clip';
import { DRAWN_SIDE, drawnClip } from '../../inputs/video/drawn';
import type { Memo } from '../../run/memo';
import type { Notice } from '../../run/run';
import type { Matrix } from '../contract';
import { videoOf, type SvgParams } from './params';
import { makeVideoHead, noiseAt, placeColours, type HeadKind } from './toy';

export type Files = Readonly<Record<string, Matrix>>;

/** What the tokens show, [F, side, side, 3], sRGB 0 to 1. */
export interface Picture {
  readonly side: number;
  readonly pixels: Float32Array;
}

export interface Problem {
  readonly engine: Engine;
  readonly memo: Memo;
  /** Where masked outputs are remembered in a sweep, so that they do not push out what the sliders need. */
  readonly apart?: Memo;
  /** Waits for waiting messages; throws when the run is stale. */
  readonly pause: () => Promise<void>;
  /** Names the heads, and the model whose masks they get, in memo keys. */
  readonly key: string;
  readonly video: Video;
  /** All tokens, those of text too. */
  readonly tokens: number;
  readonly grid: number;
  readonly headDim: number;
  readonly kinds: readonly HeadKind[];
  /** Whether heads come from pictures, so that 'neither' looks at appearance. */
  readonly projected: boolean;
  /** σ on Q and K. */
  readonly noise: number;
  /** One head [1,N,D], frame-major; from 0. */
  readonly head: (h: number) => Promise<Heads>;
  readonly picture: () => Promise<Picture>;
  /** Where things come from, in words. */
  readonly sources: Readonly<Record<string, string>>;
  readonly notices: readonly Notice[];
}

export type Frame = Pick<Problem, 'engine' | 'memo' | 'pause'>;

const MIXES: Readonly<Record<SvgParams['mix'], readonly HeadKind[]>> = {
  all: ['spatial', 'temporal', 'mixed', 'neither'],
  pure: ['spatial', 'temporal', 'spatial', 'temporal'],
  mixed: ['mixed', 'mixed', 'mixed', 'mixed'],
  layer: ['spatial', 'temporal', 'spatial', 'temporal', 'spatial', 'temporal', 'mixed', 'spatial', 'temporal', 'mixed', 'mixed', 'neither'],
};

/** σ at the shown step: from the first step's to the last one's by equal ratios. */
const noiseOf = (p: SvgParams): number => (p.noise === 0 ? 0 : noiseAt(Math.min(p.denoise, p.steps) - 1, p.steps, p.early, p.noise));

/** @throws InputError when the file is no clip */
export async function makeProblem(frame: Frame, p: SvgParams, files: Files): Promise<Problem> {
  const video = videoOf(p);
  const common = {
    ...frame, video, tokens: video.frames * video.positions + video.text, grid: p.grid, headDim: Number(p.dim), kinds: MIXES[p.mix], noise: noiseOf(p),
  };
  if (!files.video && p.source === 'toy') return fromCodes(common, p);
  // A clip's motion counts in its own widths over all its frames.
  const drawn = { kind: p.clip, frames: p.frames, side: DRAWN_SIDE, speed: (p.speed * (p.frames - 1)) / p.grid, cut: p.cut / 100, seed: p.seed };
  const { video: file } = files;
  return fromClip(common, p, await (file ? frame.memo.get('clip', [file.key], () => clipOf(file)) : frame.memo.get('clip', [drawn], () => drawnClip(drawn))));
}

type Common = Omit<Problem, 'key' | 'projected' | 'head' | 'picture' | 'sources' | 'notices'>;

/** Heads are the same for two models without text, and for any share of it that is real; masks are not. */
const modelKey = ({ variant, prompt }: Video): string => `${variant} ${prompt}`;

function fromCodes(common: Common, p: SvgParams): Problem {
  const { memo, video, noise, kinds, headDim } = common;
  const options = {
    frames: p.frames, height: p.grid, width: p.grid, headDim, text: video.text, textFirst: video.variant === 'cog', noise, code: p.code, speed: p.speed, seed: p.seed,
  };
  const key = `toy ${JSON.stringify(options)}`;
  return {
    ...common, key: `${key} ${p.mix} ${modelKey(video)}`, projected: false,
    head: (h) => memo.get(`head ${h}`, [key, kinds[h]], () => makeVideoHead(kinds[h], h, options)),
    picture: () => Promise.resolve({ side: p.grid, pixels: placeColours(options) }),
    sources: { heads: `codes of frame and place, seed ${p.seed}` }, notices: [],
  };
}

const weightsOf = (kind: HeadKind, content: number): HeadWeights =>
  ({ spatial: { frame: 6, place: 0, content }, temporal: { frame: 0, place: 6, content }, mixed: { frame: 3, place: 3, content }, neither: { frame: 0, place: 0, content: 6 } })[kind];

function fromClip(common: Common, p: SvgParams, clip: Clip): Problem {
  const { memo, video, noise, kinds, headDim, grid } = common;
  const key = JSON.stringify(['clip', clip.key, p.frames, grid, kinds, p.content, headDim, video.text, video.variant === 'cog', noise, p.seed]);
  const patches = (): Promise<Patches> => memo.get('patches', [clip.key, p.frames, grid], () => patchesOf(clip, p.frames, grid));
  const heads = (): Promise<Heads> => memo.get('projected heads', [key], async () => withText(
    projectedHeads(await patches(), { heads: kinds.map((kind) => weightsOf(kind, p.content)), D: headDim, sharpness: 1, noise, seed: p.seed }),
    video, noise, p.seed,
  ));
  const few: Notice[] = clip.frames < p.frames
    ? [{ level: 'information', happened: `The clip has ${clip.frames} frames, so some of the ${p.frames} are repeated.`, mend: 'Choose fewer frames or a longer clip.' }]
    : [];
  return {
    ...common, key: `${key} ${modelKey(video)}`, projected: true,
    head: async (h) => headsAt(await heads(), [h]),
    picture: async () => {
      const { pixels } = await patches();
      return { side: Math.round(Math.sqrt(pixels.length / (3 * p.frames))), pixels };
    },
    sources: { heads: PROJECTED_NOTE.replace(/\.$/, ''), video: clip.source }, notices: few,
  };
}

const TEXT_STREAM = 0x7e47;

/** Text tokens, before or after the video's: q and k are noise alone, v is standard normal. */
function withText({ H, N: videoTokens, D, q, k, v }: Heads, { text, variant }: Video, noise: number, seed: number): Heads {
  if (text === 0) return { H, N: videoTokens, D, q, k, v };
  const N = videoTokens + text;
  const rng = createRng((Math.imul(seed | 0, 0x9e3779b1) ^ TEXT_STREAM) >>> 0);
  const extended = (x: Float32Array, spread: number): Float32Array => {
    const out = new Float32Array(H * N * D);
    for (let h = 0; h < H; h++) {
      const first = h * N + (variant === 'cog' ? text : 0);
      out.set(x.subarray(h * videoTokens * D, (h + 1) * videoTokens * D), first * D);
      const from = (h * N + (variant === 'cog' ? 0 : videoTokens)) * D;
      for (let i = from; i < from + text * D; i++) out[i] = spread * rng.normal();
    }
    return out;
  };
  return { H, N, D, q: extended(q, noise), k: extended(k, noise), v: extended(v, 1) };
}
