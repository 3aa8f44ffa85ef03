/** The strip and the headline: one head from its tokens to its sparse output, in one patch. */

import { attentionBytes, denseFlops, layoutBytes, profilingFlops, wholeSpeedup } from '../../attention/cost';
import { SPATIAL, TEMPORAL } from '../../attention/layout';
import { bandTokens, realTokens } from '../../attention/masks';
import { psnr } from '../../attention/measure';
import { countPairs, countTiles, tileCount, type TileCount } from '../../attention/pairs';
import type { Profile } from '../../attention/profile';
import type { RunPatch } from '../../run/run';
import { factVectors, type Facts } from './facts';
import type { Problem } from './inputs';
import { HEAD_KINDS } from './names';
import { lookOf, mapsOf } from './maps';
import { denseOf, leftMask, maskedOf, profileOf, relativeOf, runMask } from './outcomes';
import { settingsOf, warmupOf, type Settings, type SvgParams } from './params';
import type { Parts, Shown } from './parts';
import { rowVectors, stagesOf } from './stages';
import { trafficOf } from './traffic';

export function shownOf({ kinds, video }: Problem, p: SvgParams): Shown {
  const first = video.variant === 'cog' ? video.text : 0;
  return {
    head: Math.min(p.head, kinds.length) - 1,
    token: first + Math.min(p.frame, video.frames - 1) * video.positions + Math.min(p.place, video.positions - 1),
    step: Math.min(p.denoise, p.steps),
  };
}

/** What the later phases stand on. */
export interface Core extends Parts {
  readonly patch: RunPatch;
}

export async function makeCore(problem: Problem, p: SvgParams): Promise<Core> {
  const shown = shownOf(problem, p);
  const settings = settingsOf(p);
  const { head: h } = shown;
  const dense = await denseOf(problem, h);
  const profile = await profileOf(problem, h, settings);
  const verdict = profile.verdict[0];
  const masked = await maskedOf(problem, h, verdict, settings);
  const maps = await mapsOf(problem, h);
  const [runPairs, leftPairs] = [runMask(problem, settings, verdict), leftMask(problem, settings, verdict)].map((mask) => countPairs(mask, settings.tile));
  const [run, left] = [tileCount(runPairs), tileCount(leftPairs)];
  const facts: Facts = { ...judgedFacts(profile), error: relativeOf(masked), mass: masked.mass, density: run.density };
  const gated = warmupOf(p).dense(shown.step);
  const look = lookOf(problem, await problem.head(h), shown.token, gated ? undefined : leftMask(problem, settings, verdict));
  const core: Parts = { shown, settings, dense, masked, gated, profile, verdict, maps, look, run, left, facts };
  const known = problem.kinds.map((_, i) => (i === h ? facts : undefined));
  return {
    ...core,
    patch: {
      stages: await stagesOf(problem, core, runPairs, leftPairs),
      vectors: { ...factVectors(problem, known), ...rowVectors(problem, core) },
      methods: [],
      traffic: trafficOf(problem, settings),
      scalars: { ...sizes(problem, p, core), side: (await problem.picture()).side, ...results(problem, core), ...costs(problem, p, core), ...temporalTiles(problem, settings) },
    },
  };
}

export const judgedFacts = ({ verdict, relative }: Profile): Facts => ({ verdict: verdict[0], spatial_error: relative[SPATIAL], temporal_error: relative[TEMPORAL] });

function sizes(problem: Problem, p: SvgParams, { shown, settings, maps, run, left }: Parts): Record<string, number> {
  const { video, tokens, grid, headDim, kinds, noise, projected } = problem;
  const warmup = warmupOf(p);
  const band = bandTokens(video, settings);
  return {
    head: shown.head + 1, kind: HEAD_KINDS.findIndex(({ id }) => id === kinds[shown.head]), heads: kinds.length, headDim, tokens, frames: video.frames, grid,
    text: video.text, prompt: video.prompt, cell: maps.cell, picture: projected ? 1 : 0, lookToken: shown.token,
    step: shown.step, steps: p.steps, noise, denseUntil: warmup.denseSteps, denseLayers: warmup.denseLayers, layer: p.layer,
    keptAsked: settings.keptFraction, bandTokens: band, bandFrames: band / video.positions, R: settings.rows, rowsBelow: settings.below, tile: settings.tile,
    tiles: run.tiles, tilesFull: run.full, tilesPartial: run.partial, tilesSkipped: run.tiles - run.full - run.partial,
    activeTiles: run.active, activeTilesFrame: left.active, waste: run.waste, wasteFrame: left.waste,
  };
}

/** How a temporal head would fill the tiles, whatever the shown one is; and what each sink does to it, where the model has one. */
function temporalTiles(problem: Problem, s: Settings): Record<string, number> {
  const wan = problem.video.variant === 'wan';
  const sinks = new Set<Settings['sink']>(wan ? [s.sink, 'frame', 'places'] : [s.sink]);
  const laidOut = new Map(Array.from(sinks, (sink) => [sink, countTiles(runMask(problem, { ...s, sink, transform: true }, TEMPORAL), s.tile)] as const));
  const here = laidOut.get(s.sink)!;
  return {
    temporalTiles: here.active, temporalTilesFrame: countTiles(leftMask(problem, s, TEMPORAL), s.tile).active, temporalDensity: here.density,
    ...(wan && { sinkFrameTiles: laidOut.get('frame')!.active, sinkPlacesTiles: laidOut.get('places')!.active }),
  };
}

function results({ video, headDim }: Problem, { dense, masked, gated, profile, verdict, run, look }: Parts): Record<string, number> {
  const [spatial, temporal] = profile.relative;
  const [exact, kept] = [dense.o, masked.o].map((o) => o.subarray(0, realTokens(video) * headDim));
  const [low, high] = [exact.reduce((a, b) => Math.min(a, b), Infinity), exact.reduce((a, b) => Math.max(a, b), -Infinity)];
  const error = relativeOf(masked);
  const decibels = psnr(kept, exact);
  return {
    verdict, spatialError: spatial, temporalError: temporal, gateDense: gated ? 1 : 0, peak: high - low, lookText: look.text[0], lookTextKept: look.text[1],
    sparseError: error, sparseRecall: masked.mass, sparseDensity: run.density,
    relativeError: gated ? 0 : error, recall: gated ? 1 : masked.mass, density: gated ? 1 : run.density,
    ...(!gated && Number.isFinite(decibels) && { psnrDb: decibels }),
  };
}

/** Share of dense attention's operations that sparse attention does: the tiles it cannot skip, and the profiling. */
export const workOf = ({ tokens }: Problem, { rows }: Settings, { active }: TileCount): number => Math.min(1, active + (2 * rows) / tokens);

function costs(problem: Problem, p: SvgParams, { settings, gated, run }: Parts): Record<string, number> {
  const { tokens, headDim } = problem;
  const one = { heads: 1, tokens, headDim };
  const a = p.share / 100;
  const flops = denseFlops(one);
  const { denseSteps, denseLayers } = warmupOf(p);
  const warm = 1 - (1 - denseSteps / p.steps) * (1 - denseLayers / p.layers);
  const rest = workOf(problem, settings, run);
  return {
    flopsDense: flops, flopsKept: run.density * flops, flopsTiles: run.active * flops, flopsProfile: profilingFlops(one, settings.rows),
    profileShare: profilingFlops(one, settings.rows) / flops, bytesAttention: attentionBytes(one, 4), bytesLayout: layoutBytes(one, 4),
    attentionShare: a, speedupBound: wholeSpeedup(a, 0), speedupAtDensity: wholeSpeedup(a, gated ? 1 : run.density), speedupAtTiles: wholeSpeedup(a, gated ? 1 : rest),
    denseShare: warm, speedupRun: wholeSpeedup(a, warm + (1 - warm) * rest),
  };
}
