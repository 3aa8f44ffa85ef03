/** Every tensor of the strip as a picture: tokens frame-major unless the name says otherwise. */

import { relocate } from '../../../kernels/formats/video-mask';
import { SPATIAL, TEMPORAL } from '../../attention/layout';
import { executionMask } from '../../attention/masks';
import { classes, countPairs, shares, type Pairs } from '../../attention/pairs';
import type { StageTensor, StageVector } from '../../run/run';
import type { Problem } from './inputs';
import { thumb, type Maps } from './maps';
import { judgingMask, runMask } from './outcomes';
import type { Parts } from './parts';

const byId = <T extends { readonly id: string }>(list: readonly T[]): Record<string, T> => Object.fromEntries(list.map((item) => [item.id, item]));

export async function stagesOf(problem: Problem, core: Parts, runPairs: Pairs, leftPairs: Pairs): Promise<Record<string, StageTensor>> {
  const { tokens: N, headDim: D, grid, video } = problem;
  const { shown, settings, dense, masked, gated, maps, verdict, look } = core;
  const head = await problem.head(shown.head);
  const { side, pixels } = await problem.picture();
  const o = gated ? dense.o : masked.o;
  const rows = (id: string, symbol: string, name: string, family: string, data: Float32Array): StageTensor =>
    ({ id, symbol, name, rows: N, cols: D, data, axes: ['t', 'd'], family, format: `${N} × ${D}` });
  const { cell, size } = maps;
  const squares = (id: string, name: string, data: Float32Array, family: string, axes: readonly [string, string], format: string): StageTensor =>
    ({ id, symbol: family === 'attention' ? 'A' : 'M', name, rows: size, cols: size, data, axes, family, format });
  const mean = cell === 1 ? '' : `mean of ${cell} × ${cell} tokens`;
  const kept = (id: string, name: string, mask: Parameters<typeof countPairs>[0], axes: readonly [string, string]): StageTensor =>
    squares(id, name, shares(countPairs(mask, cell)), 'kept', axes, cell === 1 ? '' : `share of ${cell} × ${cell} pairs`);
  const S = Math.ceil(N / settings.tile);
  const tiles = (id: string, name: string, pairs: Pairs): StageTensor =>
    ({ id, symbol: '', name, rows: S, cols: S, data: Float32Array.from(classes(pairs)), axes: ['ti', 'tj'], family: 'tile', format: `tiles of ${settings.tile} × ${settings.tile}` });
  return byId<StageTensor>([
    { id: 'pixels', symbol: '', name: problem.projected ? 'Frames' : 'Places that the codes stand for', rows: video.frames * side, cols: 3 * side, data: pixels, axes: ['y', 'x'], family: 'rgb', format: `${video.frames} frames of ${side} × ${side}` },
    rows('q', 'Q', 'Queries', 'x', head.q), rows('k', 'K', 'Keys', 'x', head.k), rows('v', 'V', 'Values', 'x', head.v),
    squares('map', 'Attention, frame by frame', maps.frame, 'attention', ['i', 'j'], mean),
    squares('map_token', 'Attention, place by place', maps.token, 'attention', ['it', 'jt'], mean),
    ...thumbsOf(shown.head, maps),
    { id: 'look', symbol: 'A', name: 'Where the query looks', rows: video.frames, cols: grid ** 2, data: look.dense, axes: ['f', 'p'], family: 'look', format: `${video.frames} frames of ${grid} × ${grid}` },
    { id: 'look_kept', symbol: 'A', name: 'Where it looks under the mask', rows: video.frames, cols: grid ** 2, data: look.kept, axes: ['f', 'p'], family: 'look', format: `${video.frames} frames of ${grid} × ${grid}` },
    kept('kept_spatial', 'Spatial mask', judgingMask(problem, settings, SPATIAL), ['i', 'j']),
    kept('kept_temporal', 'Temporal mask', judgingMask(problem, settings, TEMPORAL), ['i', 'j']),
    kept('kept_run', 'Mask as run', runMask(problem, settings, verdict), verdict === TEMPORAL && settings.transform ? ['it', 'jt'] : ['i', 'j']),
    tiles('tiles', 'Tiles as run', runPairs), tiles('tiles_frame', 'Tiles in frame order', leftPairs),
    rows('o_dense', 'O', 'Dense output', 'y', dense.o), rows('o', '^O', gated ? 'Output, this step dense' : 'Sparse output', 'y', o),
    rows('e', 'E', 'Error', 'e', o.map((value, i) => value - dense.o[i])),
  ]);
}

/** Small maps of a head in both orders; heads count from 0, ids from 1. */
export function thumbsOf(h: number, { frame, token, size, cell }: Maps): StageTensor[] {
  return ([['thumb', frame, ''], ['thumb_token', token, ', place by place']] as const).map(([id, map, order]) => {
    const { size: small, data } = thumb(map, size);
    const tokens = cell * Math.ceil(size / small);
    return { id: `${id}_${h + 1}`, symbol: 'A', name: `Attention of head ${h + 1}${order}`, rows: small, cols: small, data, axes: ['thumb i', 'thumb j'], family: 'attention', format: `mean of ${tokens} × ${tokens} tokens` };
  });
}

/** The sampled rows of the chosen head, in the order in which they were drawn. */
export function rowVectors({ video }: Problem, { profile: { rows, rowErrors, squares } }: Parts): Record<string, StageVector> {
  const layout = executionMask(video, { keptFraction: 1, grain: 1, sink: 'none' });
  const R = rows.length;
  const errors = (type: number): Float32Array => Float32Array.from(rows, (_, r) => Math.sqrt(rowErrors[type * R + r] / squares[r]));
  return byId<StageVector>([
    { id: 'rows', symbol: 'R', name: 'Sampled rows', data: Float32Array.from(rows), axis: 'r' },
    { id: 'rows_token', symbol: 'R', name: 'Sampled rows, place by place', data: Float32Array.from(rows, (n) => relocate(layout, n, 'token')), axis: 'r' },
    { id: 'row_spatial', symbol: '', name: 'Error of the row under the spatial mask', data: errors(SPATIAL), axis: 'r' },
    { id: 'row_temporal', symbol: '', name: 'Error of the row under the temporal mask', data: errors(TEMPORAL), axis: 'r' },
  ]);
}
