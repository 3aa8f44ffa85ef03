/** Which heads are looked at: those of the toy, of a drawn clip, or of the reader's video, at any denoising step. */

import { createRng } from '../../../kernels/rng';
import { headsAt, type Heads } from '../../attention/heads';
import { patchesOf, projectedHeads, PROJECTED_NOTE, type HeadWeights, type Patches } from '../../attention/projected';
import { InputError } from '../../inputs/error';
import type { Engine } from '../../engine/engine';
import { clipOf, type Clip } from '../../inputs/video/clip';
import { DRAWN_SIDE, drawnClip } from '../../inputs/video/drawn';
import type { Memo } from '../../run/memo';
import type { Notice } from '../../run/run';
import type { Matrix } from '../contract';
import type { VideoHeads } from './heads';
import type { MethodSettings } from './method';
import { MOST_TOKENS, settingsOf, type Svg2Params } from './params';
import { makeToy } from './toy';

export type Files = Readonly<Record<string, Matrix>>;

/** One head at one denoising step. */
export interface Given {
  /** Names it in memo keys. */
  readonly key: string;
  /** One head [1,N,D], text last. */
  readonly heads: VideoHeads;
  /** [F P]: what each token truly means as a query and as a key, where that is known. */
  readonly meanings?: { readonly queries: Uint8Array; readonly keys: Uint8Array; readonly count: number };
}

/** What the tokens show, [F, side, side, 3], sRGB 0 to 1. */
export interface Picture {
  readonly side: number;
  readonly pixels: Float32Array;
}

export interface Problem {
  readonly engine: Engine;
  readonly memo: Memo;
  /** Waits for waiting messages; throws when the run is stale. */
  readonly pause: () => Promise<void>;
  readonly params: Svg2Params;
  readonly settings: MethodSettings;
  readonly frames: number;
  readonly grid: number;
  /** F P */
  readonly tokens: number;
  /** H, and the one that is shown, from 0. */
  readonly count: number;
  readonly chosen: number;
  readonly step: number;
  readonly given: (head: number, step: number) => Promise<Given>;
  readonly picture?: () => Promise<Picture>;
  /** Where things come from, in words. */
  readonly sources: Readonly<Record<string, string>>;
  readonly notices: readonly Notice[];
}

type Frame = Pick<Problem, 'engine' | 'memo' | 'pause'>;

/** @throws InputError when the file is no clip, or there is no token to attend to */
export async function makeProblem(frame: Frame, p: Svg2Params, files: Files): Promise<Problem> {
  const frames = Math.min(p.frames, Math.floor(MOST_TOKENS / p.grid ** 2));
  const tokens = frames * p.grid ** 2;
  const settings = settingsOf(p, tokens);
  const common: Common = {
    ...frame, params: p, settings, frames, grid: p.grid, tokens, count: p.heads, chosen: Math.min(p.head, p.heads) - 1, step: p.step,
    notices: noticesOf(p, frames, tokens, settings),
  };
  const { video } = files;
  if (video) return fromClip(common, await frame.memo.get('clip', [video.key], () => clipOf(video)), undefined);
  if (p.source === 'toy') return fromToy(common);
  const drawn = (cut: number): Promise<Clip> => {
    const options = { kind: p.clip, frames, side: DRAWN_SIDE, speed: (p.speed * (frames - 1)) / p.grid, cut, seed: p.seed };
    return frame.memo.get('clip', [options], () => drawnClip(options));
  };
  return fromClip(common, await drawn(0), p.cut > 0 ? await drawn(p.cut / 100) : undefined);
}

type Common = Omit<Problem, 'given' | 'picture' | 'sources'>;

function noticesOf(p: Svg2Params, frames: number, tokens: number, s: MethodSettings): Notice[] {
  const notices: Notice[] = [];
  if (frames < p.frames) {
    notices.push({ level: 'degraded', happened: `${p.frames} frames of ${p.grid} × ${p.grid} are more than ${MOST_TOKENS} tokens, so the first ${frames} are taken.`, mend: 'Choose a smaller grid or fewer frames.' });
  }
  const asked = p.setting === 'own' ? Math.max(p.queryClusters, p.keyClusters) : 0;
  if (asked > tokens) {
    notices.push({ level: 'degraded', happened: `There are ${tokens} tokens, so there are ${s.queryClusters} query and ${s.keyClusters} key clusters.`, mend: 'Choose fewer clusters or more frames.' });
  }
  if (p.text > 0 && p.prompt > p.text) {
    notices.push({ level: 'degraded', happened: `A prompt of ${p.prompt} does not fit in ${p.text} text tokens, so all of them are real.`, mend: 'Choose more text tokens or a shorter prompt.' });
  }
  return notices;
}

function fromToy(common: Common): Problem {
  const { memo, params: p, frames } = common;
  const options = (step: number) => ({
    heads: 1, frames, side: p.grid, dim: Number(p.dim), classes: p.classes, fields: p.fields, sharpness: p.sharpness, noise: p.noise, speed: p.speed,
    cut: step === 0 ? 0 : p.cut / 100, step, drift: p.drift, seed: p.seed,
  });
  return {
    ...common, sources: { heads: `regions of meaning, seed ${p.seed}` },
    given: (head, step) => {
      const key = JSON.stringify(['toy', { ...options(step), ...(step === 0 && { drift: 0 }) }, head, p.text, p.prompt]);
      return memo.get(`head ${head}.${step}`, [key], (): Given => {
        const { queryClass, keyClass, ...heads } = makeToy({ ...options(step), firstHead: head });
        return { key, heads: addText(heads, p, head), meanings: { queries: queryClass, keys: keyClass, count: 2 * p.classes } };
      });
    },
  };
}

/** What heads look for: appearance, and beside it near places, near frames, or both. They come round again. */
const LOOKS: readonly HeadWeights[] = [
  { content: 1, place: 0, frame: 0 }, { content: 0.7, place: 0.3, frame: 0 }, { content: 0.7, place: 0, frame: 0.3 }, { content: 0.6, place: 0.2, frame: 0.2 },
];

/** @param later the clip from step 1 on, where a cut changes it */
function fromClip(common: Common, clip: Clip, later: Clip | undefined): Problem {
  const { memo, params: p, frames, grid } = common;
  if (clip.frames === 0) throw new InputError(`${clip.source} has no frames.`, 'Choose another clip.');
  const clipAt = (step: number): Clip => (step > 0 && later ? later : clip);
  const patches = (of: Clip): Promise<Patches> => memo.get('patches', [of.key, frames, grid], () => patchesOf(of, frames, grid));
  const projected = (of: Clip, seed: number): Promise<Heads> => memo.get('projected heads', [of.key, frames, grid, p.heads, p.dim, p.sharpness, p.noise, seed], async () =>
    projectedHeads(await patches(of), { heads: Array.from({ length: p.heads }, (_, h) => LOOKS[h % LOOKS.length]), D: Number(p.dim), sharpness: p.sharpness, noise: p.noise, seed }));
  const notices = [...common.notices];
  if (clip.frames < frames) {
    notices.push({ level: 'information', happened: `The clip has ${clip.frames} frames, so some of the ${frames} are repeated.`, mend: 'Choose fewer frames or a longer clip.' });
  }
  if (p.cut > 0 && !later) notices.push({ level: 'information', happened: 'A scene cut is drawn into the toy and drawn clips only.', mend: 'Take the video away to see one.' });
  return {
    ...common, notices, sources: { heads: PROJECTED_NOTE.replace(/\.$/, ''), video: clipAt(common.step).source },
    given: (head, step) => {
      const of = clipAt(step);
      const turn = step * p.drift;
      const key = JSON.stringify(['clip', of.key, frames, grid, p.heads, p.dim, p.sharpness, p.noise, p.seed, turn, head, p.text, p.prompt]);
      return memo.get(`head ${head}.${step}`, [key], async (): Promise<Given> => {
        const base = headsAt(await projected(of, p.seed), [head]);
        const heads = turn === 0 ? base : turned(base, headsAt(await projected(of, p.seed ^ OTHER_PROJECTIONS), [head]), turn);
        return { key, heads: addText(heads, p, head) };
      });
    },
    picture: async () => {
      const { pixels } = await patches(clipAt(common.step));
      return { side: Math.round(Math.sqrt(pixels.length / (3 * frames))), pixels };
    },
  };
}

const OTHER_PROJECTIONS = 0x517cc1b7;

/** Queries, keys and values on their way from one set of projections to another: their sizes stay. */
function turned(a: Heads, b: Heads, angle: number): Heads {
  const mix = (x: Float32Array, y: Float32Array): Float32Array => x.map((v, i) => Math.cos(angle) * v + Math.sin(angle) * y[i]);
  return { ...a, q: mix(a.q, b.q), k: mix(a.k, b.k), v: mix(a.v, b.v) };
}

const TEXT_STREAM = 0x7e787431;

/** Text after the video, normal numbers of the size that the video's have. */
function addText(heads: Heads, { text: tokens, prompt, seed }: Svg2Params, head: number): VideoHeads {
  if (tokens === 0) return heads;
  const { N, D } = heads;
  const rng = createRng((Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(head + 1, TEXT_STREAM)) >>> 0);
  const longer = (x: Float32Array): Float32Array => {
    const size = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
    const out = new Float32Array((N + tokens) * D);
    out.set(x);
    for (let i = x.length; i < out.length; i++) out[i] = size * rng.normal();
    return out;
  };
  return { H: 1, N: N + tokens, D, q: longer(heads.q), k: longer(heads.k), v: longer(heads.v), text: { tokens, prompt: Math.min(prompt, tokens) } };
}
